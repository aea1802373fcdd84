// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on time.

#include <boost/test/unit_test.hpp>

#include "builtins/time_zone.hpp"
#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_time_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(times_are_read_by_go_layouts) {
  BOOST_TEST(
      call("time.parse_ns",
           R"(["2006-01-02T15:04:05Z07:00","2017-06-02T19:00:00-07:00"])")
      == "1496455200000000000");
  BOOST_TEST(
      call(
          "time.parse_ns",
          R"(["2006-01-02T15:04:05Z07:00","1677-09-21T00:12:43.145224192-00:00"])")
      == "-9223372036854775808");
  BOOST_TEST(
      call("time.parse_ns",
           R"(["01/02 03:04:05PM '06 -0700","06/02 07:00:00PM '17 -0700"])")
      == "1496455200000000000");
  BOOST_TEST(call("time.parse_ns", R"(["RFC822Z","02 Jun 17 19:00 -0700"])")
             == "1496455200000000000");
  BOOST_TEST(call("time.parse_ns", R"(["2006 002","2020 366"])")
             == "1609372800000000000");
  BOOST_TEST(call("time.parse_rfc3339_ns", R"(["1970-01-01T00:00:00.5Z"])")
             == "500000000");
}

BOOST_AUTO_TEST_CASE(times_that_do_not_fit_are_refused) {
  BOOST_TEST(
      call(
          "time.parse_ns",
          R"(["2006-01-02T15:04:05Z07:00","2262-04-11T23:47:16.854775808-00:00"])")
      == "eval_builtin_error: time outside of valid range");
  BOOST_TEST(
      call("time.parse_ns", R"(["2006-01-02","2017-13-02"])")
      == R"(eval_builtin_error: parsing time "2017-13-02": month out of range)");
  BOOST_TEST(
      call("time.parse_ns", R"(["2006-01-02","2017-02-30"])")
      == R"(eval_builtin_error: parsing time "2017-02-30": day out of range)");
  BOOST_TEST(
      call("time.parse_ns", R"(["2006-01-02","2017-02-03x"])")
      == R"(eval_builtin_error: parsing time "2017-02-03x": extra text: "x")");
  BOOST_TEST(
      call("time.parse_ns", R"(["2006-01-02","hello"])")
      == R"(eval_builtin_error: parsing time "hello" as "2006-01-02": cannot parse "hello" as "2006")");
}

BOOST_AUTO_TEST_CASE(durations_have_units) {
  BOOST_TEST(call("time.parse_duration_ns", R"(["100ms"])") == "100000000");
  BOOST_TEST(call("time.parse_duration_ns", R"(["1h15m30.918273645s"])")
             == "4530918273645");
  BOOST_TEST(call("time.parse_duration_ns", R"(["-1.5ms"])") == "-1500000");
  BOOST_TEST(call("time.parse_duration_ns", R"(["0"])") == "0");
  BOOST_TEST(call("time.parse_duration_ns", R"(["100"])")
             == R"(eval_builtin_error: time: missing unit in duration "100")");
  BOOST_TEST(
      call("time.parse_duration_ns", R"(["1x"])")
      == R"(eval_builtin_error: time: unknown unit "x" in duration "1x")");
  BOOST_TEST(call("time.parse_duration_ns", R"(["1w"])") == "604800000000000");
  BOOST_TEST(call("time.parse_duration_ns", R"(["9999999999h"])")
             == R"(eval_builtin_error: time: invalid duration "9999999999h")");
}

BOOST_AUTO_TEST_CASE(times_are_written_in_their_zone) {
  BOOST_TEST(call("time.format", "[1670006453141828752]")
             == R"("2022-12-02T18:40:53.141828752Z")");
  BOOST_TEST(call("time.format", R"([[1670006453141828752,"Asia/Kolkata"]])")
             == R"("2022-12-03T00:10:53.141828752+05:30")");
  BOOST_TEST(
      call(
          "time.format",
          R"([[1670006453141828752,"Asia/Kolkata","Mon Jan 02 15:04:05 -0700 2006"]])")
      == R"("Sat Dec 03 00:10:53 +0530 2022")");
  BOOST_TEST(call("time.format",
                  R"([[1670006453141828752,"America/New_York","RFC1123"]])")
             == R"("Fri, 02 Dec 2022 13:40:53 EST")");
  BOOST_TEST(
      call(
          "time.format",
          R"([[1670006453141828752,"","Monday _2 __2 3:4:5pm .000 ,999999999 06 Z0700"]])")
      == R"("Friday  2 336 6:40:53pm .141 ,141828752 22 Z")");
  BOOST_TEST(call("time.format", "[1e25]")
             == "eval_builtin_error: timestamp too big");
  BOOST_TEST(call("time.clock", R"([[0,"No/Where"]])")
             == "eval_builtin_error: unknown time zone No/Where");
  BOOST_TEST(call("time.clock", R"(["x"])")
             == "eval_type_error: operand 1 must be either number (ns) or "
                "[number (ns), string (tz)] but got string");
}

BOOST_AUTO_TEST_CASE(fields_and_differences) {
  BOOST_TEST(call("time.date", R"([[1582977600000000000,"Asia/Tokyo"]])")
             == "[2020, 2, 29]");
  BOOST_TEST(call("time.clock", "[1582977600000000000]") == "[12, 0, 0]");
  BOOST_TEST(call("time.weekday", "[1517832000000000000]") == R"("Monday")");
  BOOST_TEST(call("time.date", "[-1]") == "[1969, 12, 31]");
  BOOST_TEST(call("time.add_date", "[1585852421593912000,3,9,12]")
             == "1705257221593912000");
  BOOST_TEST(call("time.add_date", "[0,2262,1,1]")
             == "eval_builtin_error: time outside of valid range");
  BOOST_TEST(call("time.add_date",
                  R"([[1615705200000000000,"America/New_York"],0,0,1])")
             == "1615791600000000000");
  BOOST_TEST(call("time.diff", "[1580601600000000000,1583020800000000000]")
             == "[0, 0, 28, 0, 0, 0]");
  BOOST_TEST(
      call(
          "time.diff",
          R"([[1700000060000000000,"UTC"],[1700000000000000000,"Asia/Shanghai"]])")
      == "[0, 0, 0, 0, 1, 0]");
  BOOST_TEST(call("time.now_ns", "[]") == "1700000000000000000");
}

BOOST_AUTO_TEST_CASE(zones_go_on_behind_their_last_entry) {
  auto format = [](const std::string& ns, const std::string& zone) {
    return call("time.format", "[[" + ns + ", \"" + zone
                                   + "\", \"2006-01-02 15:04 MST -0700\"]]");
  };
  BOOST_TEST(format("4119187200000000000", "America/New_York")
             == "\"2100-07-13 14:40 EDT -0400\"");
  BOOST_TEST(format("4119187200000000000", "Australia/Sydney")
             == "\"2100-07-14 04:40 AEST +1000\"");
  BOOST_TEST(format("4103308800000000000", "Australia/Sydney")
             == "\"2100-01-11 11:00 AEDT +1100\"");
  BOOST_TEST(format("4119187200000000000", "Europe/Dublin")
             == "\"2100-07-13 19:40 IST +0100\"");
  BOOST_TEST(format("-5000000000000000000", "Asia/Tokyo")
             == "\"1811-07-24 00:25 LMT +0918\"");
}

BOOST_AUTO_TEST_CASE(a_zone_s_name_is_no_path) {
  for (auto name : {"../passwd", "/etc/passwd", "America", "a b", ""})
    BOOST_TEST((call("time.clock", std::string("[[0, \"") + name + "\"]]")
                == "[0, 0, 0]")
               == std::string(name).empty());
}

BOOST_AUTO_TEST_CASE(broken_zone_files_are_refused) {
  BOOST_TEST(!rego::read_zone(""));
  BOOST_TEST(!rego::read_zone("TZif2"));
  std::string huge = "TZif2" + std::string(15, '\0') + std::string(24, '\x7f');
  BOOST_TEST(!rego::read_zone(huge));
}

BOOST_AUTO_TEST_SUITE_END()
