// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json_text.hpp"
#include "runtime/base/log.hpp"
#include "runtime/base/rotating_file.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

BOOST_AUTO_TEST_SUITE(log_test)

using namespace acgs;
using test::read_file;
using test::scratch_folder;

namespace {

std::string line_of(std::string_view message, log::fields extra = {}) {
  return log::format_line(wall_time{std::chrono::seconds{1700000000}},
                          log::level::info, "unit", message, extra);
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

const log::logger out{"unit"};

} // namespace

BOOST_AUTO_TEST_CASE(a_line_is_one_json_object_with_the_fields_in_order) {
  BOOST_TEST(line_of("opened", {{"event", "start"}, {"count", 3u}})
             == R"({"timestamp":"2023-11-14T22:13:20.000000Z","level":"INFO",)"
                R"("logger":"unit","message":"opened","event":"start",)"
                R"("count":3})"
                "\n");
}

BOOST_AUTO_TEST_CASE(fields_keep_their_type) {
  auto line = line_of("x", {{"a", -1}, {"b", true}, {"c", 0.5}, {"d", "1"}});
  BOOST_TEST(line.find(R"("a":-1,"b":true,"c":0.5,"d":"1")")
             != std::string::npos);
  auto odd = line_of("x", {{"n", std::numeric_limits<double>::quiet_NaN()}});
  BOOST_TEST(odd.find(R"("n":null)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hostile_text_cannot_end_the_line_or_forge_a_field) {
  BOOST_TEST(quoted("a\"b\\c\nd\x01") == R"("a\"b\\c\nd\u0001")");
  BOOST_TEST(quoted("ä€😀") == "\"ä€😀\"");
  BOOST_TEST(quoted("\xff\xc0\x80\xe2\x82")
             == R"("\ufffd\ufffd\ufffd\ufffd\ufffd")");
  BOOST_TEST(quoted("\xed\xa0\x80") == R"("\ufffd\ufffd\ufffd")");
}

BOOST_AUTO_TEST_CASE(a_long_message_is_cut_at_a_character) {
  auto line = line_of(std::string(4095, 'x') + "€€");
  BOOST_TEST(line.size() < 4300u);
  BOOST_TEST(line.find("x...\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fields_named_after_secrets_are_masked) {
  auto line = line_of("x", {{"api_key", "s3cret"},
                            {"Authorization", "s3cret"},
                            {"refreshToken", "s3cret"},
                            {"token_id", "t-1"}});
  BOOST_TEST(line.find("s3cret") == std::string::npos);
  BOOST_TEST(line.find(R"("token_id":"t-1")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(levels_are_read_by_name) {
  BOOST_TEST((log::parse_level("warning") == log::level::warning));
  BOOST_TEST((log::parse_level("ERROR") == log::level::error));
  BOOST_TEST(!log::parse_level("loud").has_value());
}

BOOST_AUTO_TEST_CASE(a_full_file_becomes_number_one_and_the_oldest_goes) {
  scratch_folder folder;
  auto path = folder.path() / "acgs.log";
  rotating_file file{path, 10, 2};
  BOOST_REQUIRE(!file.reopen());
  for (auto line : {"line-a\n", "line-b\n", "line-c\n", "line-d\n"})
    BOOST_REQUIRE(file.append(line));
  BOOST_TEST(read_file(path) == "line-d\n");
  BOOST_TEST(read_file(path.string() + ".1") == "line-c\n");
  BOOST_TEST(read_file(path.string() + ".2") == "line-b\n");
  BOOST_TEST(!std::filesystem::exists(path.string() + ".3"));
}

BOOST_AUTO_TEST_CASE(a_line_beyond_the_bound_still_arrives_whole) {
  scratch_folder folder;
  auto path = folder.path() / "acgs.log";
  rotating_file file{path, 10, 1};
  BOOST_REQUIRE(!file.reopen());
  BOOST_REQUIRE(file.append("a line longer than ten bytes\n"));
  BOOST_TEST(read_file(path) == "a line longer than ten bytes\n");
  BOOST_TEST(!std::filesystem::exists(path.string() + ".1"));
}

BOOST_AUTO_TEST_CASE(a_file_in_a_missing_folder_is_an_error_naming_it) {
  scratch_folder folder;
  auto error = log::start({.file = folder.path() / "missing" / "acgs.log"});
  BOOST_TEST((code_of(error) == ec::invalid_argument));
  BOOST_TEST(sentence_of(error).find("missing/acgs.log") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_is_not_waited_for) {
  scratch_folder folder;
  auto pipe = folder.path() / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  rotating_file file{pipe, 0, 0};
  auto error = file.reopen();
  BOOST_TEST((code_of(error) == ec::invalid_argument));
  BOOST_TEST(sentence_of(error).find(pipe.string()) != std::string::npos);
  // Where somebody reads it, it is written to as before.
  int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  BOOST_REQUIRE(reader >= 0);
  BOOST_CHECK(!file.reopen());
  BOOST_TEST(file.append("line\n"));
  char got[5]{};
  BOOST_TEST(::read(reader, got, 5) == 5);
  BOOST_TEST(std::string_view(got, 5) == "line\n");
  ::close(reader);
}

BOOST_AUTO_TEST_CASE(the_log_filters_by_a_level_that_can_change) {
  scratch_folder folder;
  auto path = folder.path() / "acgs.log";
  BOOST_REQUIRE(!log::start({.file = path}));
  out.debug("one");
  out.info("two");
  log::set_level(log::level::debug);
  out.debug("three");
  log::set_level(log::level::error);
  out.warning("four");
  auto text = read_file(path);
  BOOST_TEST(text.find("\"one\"") == std::string::npos);
  BOOST_TEST(text.find("\"two\"") != std::string::npos);
  BOOST_TEST(text.find("\"three\"") != std::string::npos);
  BOOST_TEST(text.find("\"four\"") == std::string::npos);
  BOOST_TEST(log::lines_lost() == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_moved_aside_is_opened_anew_on_request) {
  scratch_folder folder;
  auto path = folder.path() / "acgs.log";
  BOOST_REQUIRE(!log::start({.file = path}));
  out.info("before");
  std::filesystem::rename(path, folder.path() / "old");
  out.info("between");
  BOOST_REQUIRE(!log::reopen());
  out.info("after");
  BOOST_TEST(read_file(folder.path() / "old").find("between")
             != std::string::npos);
  BOOST_TEST(read_file(path).find("after") != std::string::npos);
  BOOST_TEST(read_file(path).find("before") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
