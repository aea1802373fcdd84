// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include <boost/test/unit_test.hpp>

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/log_mark.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(log_mark_test)

using namespace acgs;
using namespace acgs::store;
using test::must;

namespace {

log_mark sample(std::uint64_t size) {
  return {"local/node-1/1", {size, crypto::sha256_of(as_byte_view("root"))}};
}

struct folder : test::scratch_folder {
  std::filesystem::path file = path() / "log.local.node-1";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(log_mark_file_, folder)

BOOST_AUTO_TEST_CASE(remembers_what_it_was_begun_with) {
  must(log_mark_file::begin(file, sample(42)));
  auto found = must(read_log_mark(file));
  BOOST_REQUIRE(found);
  BOOST_TEST(found->origin == "local/node-1/1");
  BOOST_TEST((found->head == sample(42).head));
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_no_mark) {
  BOOST_TEST(!must(read_log_mark(file)));
}

BOOST_AUTO_TEST_CASE(advances_in_place_and_never_back) {
  auto mark = must(log_mark_file::begin(file, sample(0)));
  BOOST_TEST(!mark->advance(sample(7).head));
  BOOST_TEST(must(read_log_mark(file))->head.size == 7u);
  BOOST_TEST(!mark->advance(sample(3).head));
  BOOST_TEST(must(read_log_mark(file))->head.size == 7u);
  BOOST_TEST(!mark->advance(sample(~std::uint64_t{0}).head));
  BOOST_TEST(must(read_log_mark(file))->head.size == ~std::uint64_t{0});
}

BOOST_AUTO_TEST_CASE(beginning_anew_replaces_the_mark) {
  must(log_mark_file::begin(file, sample(7)));
  must(log_mark_file::begin(file, {"local/node-1/2", {}}));
  auto found = must(read_log_mark(file));
  BOOST_TEST(found->origin == "local/node-1/2");
  BOOST_TEST(found->head.size == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_mark_and_names_the_file) {
  auto whole = format_log_mark(sample(42));
  for (auto text :
       {std::string{}, whole + "x", whole.substr(1),
        whole.substr(0, whole.size() - 1), whole.substr(0, whole.find("root")),
        "acgs-log-mark-v2" + whole.substr(16)}) {
    test::write_file(file, text);
    ::chmod(file.c_str(), 0600);
    auto found = read_log_mark(file);
    BOOST_REQUIRE(!found);
    BOOST_TEST((code_of(found.error()) == ec::store_corrupt));
    BOOST_TEST(sentence_of(found.error()).find(file.string())
               != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_size_of_another_form) {
  auto whole = format_log_mark(sample(42));
  auto at = whole.find("size ") + 5;
  for (std::string_view digits :
       {"-0000000000000000042", "0000000000000000042x",
        "99999999999999999999"}) {
    auto text = whole;
    text.replace(at, 20, digits);
    BOOST_TEST(!parse_log_mark(text));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_others_may_read) {
  must(log_mark_file::begin(file, sample(1)));
  ::chmod(file.c_str(), 0644);
  auto found = read_log_mark(file);
  BOOST_REQUIRE(!found);
  BOOST_TEST((code_of(found.error()) == ec::forbidden));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
