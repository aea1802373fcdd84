// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/exit_code.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/regular_file.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/base/write_all.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <thread>

BOOST_AUTO_TEST_SUITE(base_test)

using namespace acgs;

namespace {

struct fixed_clock final : time_source {
  wall_time now() const override { return time; }
  steady_time steady_now() const override { return {}; }
  wall_time time{};
};

id_maker make_ids(const time_source& time) {
  return {time, [n = std::uint8_t{0}](std::span<std::byte> out) mutable {
            for (auto& b : out)
              b = std::byte{n++};
          }};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_number_is_the_whole_of_its_text) {
  BOOST_TEST((parse_number<std::uint16_t>("65535") == 65535));
  BOOST_TEST((parse_number<int>("-7") == -7));
  BOOST_TEST((parse_number<unsigned>("fF", 16) == 255u));
  BOOST_TEST((parse_number<double>("2.5e-1") == 0.25));
  for (auto none : {"", " 1", "1 ", "+1", "-1", "65536", "1.0", "0x1", "1,"})
    BOOST_TEST(!parse_number<std::uint16_t>(none), none);
}

BOOST_AUTO_TEST_CASE(an_error_keeps_its_code_and_its_sentence) {
  auto error = make_error(ec::not_found, "policy 'a' does not exist");
  BOOST_TEST(to_string_view(code_of(error)) == "not_found");
  BOOST_TEST(sentence_of(error) == "policy 'a' does not exist");
}

BOOST_AUTO_TEST_CASE(an_error_may_say_when_to_try_again) {
  auto error = make_error(ec::unavailable, "the breaker is open",
                          std::chrono::seconds{30});
  BOOST_TEST(sentence_of(error) == "the breaker is open");
  BOOST_TEST((retry_after_of(error) == std::chrono::seconds{30}));
  BOOST_TEST(!retry_after_of(make_error(ec::unavailable, "down")));
  BOOST_TEST(!retry_after_of(caf::error{}));
}

BOOST_AUTO_TEST_CASE(an_error_may_tell_programs_more) {
  auto error = make_error(ec::conflict, "a rule stands there", "path", "[1]");
  BOOST_TEST(sentence_of(error) == "a rule stands there");
  BOOST_TEST(field_of(error) == "path");
  BOOST_TEST(details_of(error) == "[1]");
  BOOST_TEST(details_of(make_error(ec::conflict, "x", "path")) == "");
  BOOST_TEST(details_of(caf::error{}) == "");
}

BOOST_AUTO_TEST_CASE(an_error_without_a_sentence_shows_its_code) {
  BOOST_TEST(sentence_of(make_error(ec::overloaded)) == "overloaded");
}

BOOST_AUTO_TEST_CASE(hexadecimal_goes_there_and_back) {
  BOOST_TEST(to_hex(as_byte_view("\x01\xfe")) == "01fe");
  BOOST_TEST(
      (from_hex("01FE").value() == bytes{std::byte{1}, std::byte{0xfe}}));
  BOOST_TEST(!from_hex("0").has_value());
  BOOST_TEST(!from_hex("0g").has_value());
}

BOOST_AUTO_TEST_CASE(times_go_there_and_back) {
  auto time = parse_rfc3339("2026-02-15T12:00:00.5+02:00");
  BOOST_REQUIRE(time);
  BOOST_TEST(to_rfc3339(*time) == "2026-02-15T10:00:00.500000Z");
  BOOST_TEST(to_rfc3339(*parse_rfc3339("2024-02-29"))
             == "2024-02-29T00:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(times_before_anything_was_written_are_bounds) {
  for (auto text : {"1678-01-01", "1969-12-31T23:59:59Z", "1970-01-01"})
    BOOST_TEST(bound_nanos(*parse_rfc3339(text)) == 1);
  BOOST_TEST(bound_nanos(*parse_rfc3339("2261-12-31"))
             > bound_nanos(*parse_rfc3339("2026-02-15")));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_time) {
  for (auto text : {"", "2026", "2026-02-30", "2026-02-15T25:00:00Z",
                    "2026-02-15T12:00:00", "2026-02-15T12:00:00Zx",
                    "1600-01-01", "1677-12-31", "2262-01-01", "9999-12-31"})
    BOOST_TEST(!parse_rfc3339(text));
}

BOOST_AUTO_TEST_CASE(ids_are_ordered_and_distinct_within_a_millisecond) {
  fixed_clock time;
  time.time = wall_time{std::chrono::seconds{1700000000}};
  auto ids = make_ids(time);
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 10000; ++i) {
    auto id = ids.next();
    BOOST_REQUIRE(id > last);
    BOOST_REQUIRE(seen.insert(id).second);
    last = id;
  }
  BOOST_TEST(last.size() == 36u);
  BOOST_TEST(last[14] == '7');
}

BOOST_AUTO_TEST_CASE(request_ids_with_odd_characters_are_not_taken) {
  BOOST_TEST(is_acceptable_request_id("my-trace-123"));
  BOOST_TEST(!is_acceptable_request_id(""));
  BOOST_TEST(!is_acceptable_request_id("a b"));
  BOOST_TEST(!is_acceptable_request_id("a\"b"));
  BOOST_TEST(!is_acceptable_request_id(std::string(129, 'x')));
}

BOOST_AUTO_TEST_CASE(every_error_ends_a_program_with_a_code_of_the_table) {
  for (std::size_t i = 0; i < ec_names.size(); ++i) {
    auto code = exit_code_of(static_cast<ec>(i));
    BOOST_TEST((code == 0) == (i == 0), ec_names[i]);
    BOOST_TEST((code >= 0 && code <= 4), ec_names[i]);
  }
  BOOST_TEST(exit_code_of(ec::forbidden) == 1);
  BOOST_TEST(exit_code_of(ec::conflict) == 2);
  BOOST_TEST(exit_code_of(ec::unavailable) == 3);
  BOOST_TEST(exit_code_of(ec::store_io) == 4);
}

BOOST_AUTO_TEST_CASE(what_a_pipe_takes_in_parts_is_written_whole) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe(ends.data()) == 0);
  bytes all(1u << 20);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::byte>(i * 7);
  bytes got;
  std::thread reader{[&] {
    std::array<std::byte, 1000> part{};
    for (ssize_t size = 0;
         (size = ::read(ends[0], part.data(), part.size())) > 0;)
      got.insert(got.end(), part.begin(), part.begin() + size);
  }};
  auto done = write_all(ends[1], all);
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  BOOST_TEST(done);
  BOOST_TEST((got == all));
}

BOOST_AUTO_TEST_CASE(writing_at_a_place_leaves_the_rest_and_says_why_it_fails) {
  std::string name = "/tmp/acgs-write-XXXXXX";
  int file = ::mkstemp(name.data());
  BOOST_REQUIRE(file >= 0);
  ::unlink(name.c_str());
  BOOST_TEST(write_all(file, as_byte_view("0123456789")));
  BOOST_TEST(write_all_at(file, as_byte_view("abc"), 3));
  std::array<char, 16> read{};
  auto size = ::pread(file, read.data(), read.size(), 0);
  ::close(file);
  BOOST_TEST((std::string_view{read.data(), static_cast<std::size_t>(size)})
             == "012abc6789");
  int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  errno = 0;
  BOOST_TEST(!write_all(full, as_byte_view("x")));
  BOOST_TEST(errno == ENOSPC);
  ::close(full);
}

BOOST_AUTO_TEST_CASE(a_regular_file_is_read_up_to_a_bound) {
  std::string path = "/tmp/acgs-base-XXXXXX";
  int file = ::mkstemp(path.data());
  BOOST_REQUIRE(file >= 0);
  BOOST_TEST(write_all(file, as_byte_view("0123456789")));
  ::close(file);
  BOOST_TEST(*read_regular_file(path, 100) == "0123456789");
  BOOST_TEST(*read_regular_file(path, 4) == "0123");
  ::unlink(path.c_str());
  auto why = [](const std::filesystem::path& at) {
    auto read = read_regular_file(at, 100);
    return read ? "" : sentence_of(read.error());
  };
  BOOST_TEST(why(path) == "No such file or directory");
  BOOST_TEST(why("/") == "it is a folder");
  BOOST_TEST(why("/dev/null") == "it is a device and no regular file");
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  BOOST_TEST(why(path) == "it is a pipe and no regular file");
  ::unlink(path.c_str());
}

BOOST_AUTO_TEST_SUITE_END()
