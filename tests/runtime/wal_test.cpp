// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The write-ahead log: what was added is there after a loss of power, what was
// torn is not, and what is damaged or of another log is refused.
#include "runtime/store/wal.hpp"
#include "runtime/store/wal_record.hpp"
#include "tests/support/memory_wal.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <random>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(wal_test)

using namespace acgs;
using namespace acgs::store;
using test::must;

namespace {

using texts = std::vector<std::string>;

digest salt_of(unsigned char number) {
  digest out{};
  out.fill(std::byte{number});
  return out;
}

struct log_on_file {
  explicit log_on_file(wal_file& file, std::uint64_t applied = 0)
      : log{file, salt_of(7)} {
    error = log.open();
    if (!error)
      error = log.replay(applied, [this](byte_view body) {
        found.emplace_back(as_text(body));
        return caf::error{};
      });
  }
  void add(std::string_view text) {
    BOOST_REQUIRE(log.has_room(text.size()));
    BOOST_REQUIRE(!log.add(as_byte_view(text)));
  }

  wal log;
  texts found;
  caf::error error;
};

/// What a start finds, and no error.
texts read_again(wal_file& file, std::uint64_t applied = 0) {
  log_on_file again{file, applied};
  BOOST_TEST(!again.error);
  return again.found;
}

ec refusal_of(wal_file& file, std::uint64_t applied = 0) {
  return code_of(log_on_file{file, applied}.error);
}

} // namespace

BOOST_AUTO_TEST_CASE(gives_back_what_was_added_in_order) {
  test::memory_wal file;
  {
    log_on_file first{file};
    for (auto each : {"one", "", "three"})
      first.add(each);
  }
  file.lose_power();
  BOOST_TEST((read_again(file) == (texts{"one", "", "three"})));
  BOOST_TEST(read_again(file, 3).empty());
}

BOOST_AUTO_TEST_CASE(goes_on_behind_what_it_found) {
  test::memory_wal file;
  log_on_file{file}.add("one");
  log_on_file{file}.add("two");
  BOOST_TEST((read_again(file) == (texts{"one", "two"})));
}

BOOST_AUTO_TEST_CASE(costs_one_sync_a_record) {
  test::memory_wal file;
  log_on_file in{file};
  auto before = file.syncs;
  in.add("one");
  in.add(std::string(9000, '.'));
  BOOST_TEST(file.syncs - before == 2u);
}

BOOST_AUTO_TEST_CASE(says_when_there_is_no_room) {
  test::memory_wal file{4 * wal_page};
  log_on_file in{file};
  BOOST_TEST(in.log.has_room(3 * wal_page - 56));
  BOOST_TEST(!in.log.has_room(3 * wal_page - 55));
  BOOST_TEST(!in.log.has_room(~std::size_t{0}));
  in.add("one");
  in.add("two");
  in.add("three");
  BOOST_TEST(!in.log.has_room(0));
  in.log.rewind();
  BOOST_TEST(in.log.has_room(0));
}

BOOST_AUTO_TEST_CASE(passes_over_what_is_left_of_an_earlier_turn) {
  test::memory_wal file;
  log_on_file in{file};
  for (auto each : {"one", "two", "three"})
    in.add(each);
  in.log.rewind();
  BOOST_TEST(read_again(file, 3).empty());
  in.add("four");
  BOOST_TEST((read_again(file, 3) == (texts{"four"})));
}

BOOST_AUTO_TEST_CASE(passes_over_a_record_that_power_loss_tore) {
  std::mt19937 chance{1};
  for (int turn = 0; turn < 200; ++turn) {
    test::memory_wal file;
    log_on_file in{file};
    in.add("kept");
    file.fails_to_sync = true;
    std::string torn(static_cast<std::size_t>(chance() % 9000), 'x');
    BOOST_TEST(static_cast<bool>(in.log.add(as_byte_view(torn))));
    file.lose_power([&] { return chance() % 4 != 0; });
    auto found = read_again(file);
    BOOST_TEST_REQUIRE(!found.empty());
    BOOST_TEST(found.front() == "kept");
    // It may be whole by luck, and is then as good as any.
    BOOST_TEST((found.size() == 1 || found[1] == torn));
  }
}

// Whether it was torn or spoilt later cannot be told.
BOOST_AUTO_TEST_CASE(tells_of_the_unfinished_record_at_its_end) {
  for (std::size_t at : {0, 10, 15, 16, 22, 30, 56, 58}) {
    test::memory_wal file;
    log_on_file in{file};
    in.add("one");
    in.add("two");
    BOOST_TEST(!log_on_file{file}.log.unfinished());
    file.written[2 * wal_page + at] ^= std::byte{1};
    log_on_file again{file};
    BOOST_TEST(!again.error);
    BOOST_TEST((again.found == texts{"one"}));
    BOOST_TEST_REQUIRE(again.log.unfinished().has_value());
    BOOST_TEST(again.log.unfinished()->at == 2 * wal_page);
    if (at < 16 || at > 24)
      BOOST_TEST(again.log.unfinished()->size == 59u);
    else
      BOOST_TEST(again.log.unfinished()->size <= 14 * wal_page);
    again.add("three");
    BOOST_TEST(!log_on_file{file}.log.unfinished());
  }
}

BOOST_AUTO_TEST_CASE(takes_nothing_of_an_earlier_turn_for_unfinished) {
  test::memory_wal file;
  log_on_file in{file};
  for (auto each : {std::string{"one"}, std::string(9000, '2')})
    in.add(each);
  in.log.rewind();
  BOOST_TEST(!(log_on_file{file, 2}.log.unfinished()));
  for (auto each : {"three", "four"}) {
    in.add(each);
    BOOST_TEST(!(log_on_file{file, 2}.log.unfinished()));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_log_of_which_a_record_is_spoilt) {
  for (std::size_t at : {0, 10, 20, 30, 56, 58}) {
    test::memory_wal file;
    log_on_file in{file};
    for (auto each : {"one", "two", "three"})
      in.add(each);
    file.written[2 * wal_page + at] ^= std::byte{1};
    BOOST_TEST((refusal_of(file) == ec::store_corrupt));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_log_that_begins_later_than_it_should) {
  test::memory_wal file;
  log_on_file in{file};
  in.add("one");
  in.log.rewind();
  in.add("two");
  BOOST_TEST((refusal_of(file, 0) == ec::store_corrupt));
  BOOST_TEST((read_again(file, 1) == (texts{"two"})));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_log) {
  test::memory_wal file;
  file.written[100] = std::byte{1};
  BOOST_TEST((refusal_of(file) == ec::store_corrupt));
}

// Cut where the last record begins, it would look as if that never was.
BOOST_AUTO_TEST_CASE(refuses_a_log_of_another_length_than_it_was_made_with) {
  test::memory_wal file;
  log_on_file in{file};
  for (auto each : {"one", "two"})
    in.add(each);
  auto whole = file.written;
  for (std::size_t pages : {1, 2, 15, 17}) {
    file.written.resize(pages * wal_page);
    log_on_file again{file};
    BOOST_TEST((code_of(again.error) == ec::store_corrupt));
    auto why = sentence_of(again.error);
    BOOST_TEST(why.find(std::to_string(pages * wal_page)
                        + " bytes; it was made with 65536")
                   != why.npos,
               why);
    BOOST_TEST(again.found.empty());
    file.written = whole;
  }
  BOOST_TEST((read_again(file) == (texts{"one", "two"})));
}

BOOST_AUTO_TEST_CASE(takes_a_file_that_does_not_tell_its_length_yet) {
  test::memory_wal file{wal_file_size};
  log_on_file{file}.add("one");
  std::fill_n(file.written.begin() + 40, 8, std::byte{0});
  BOOST_TEST((read_again(file) == (texts{"one"})));
  file.written.resize(wal_file_size - wal_page);
  BOOST_TEST((refusal_of(file) == ec::store_corrupt));
}

// A start that ended between making the file and marking it.
BOOST_AUTO_TEST_CASE(marks_a_new_file_of_whatever_length) {
  for (std::size_t pages : {1, 3, 16}) {
    test::memory_wal file{pages * wal_page};
    BOOST_TEST(read_again(file).empty());
    BOOST_TEST(read_again(file).empty());
  }
}

BOOST_AUTO_TEST_CASE(takes_no_body_for_a_record) {
  // A record of a log whose salt the writer does not know, with a far number.
  test::memory_wal forged;
  {
    wal other{forged, salt_of(9)};
    BOOST_REQUIRE(!other.open());
    BOOST_REQUIRE(!other.replay(1000, [](byte_view) { return caf::error{}; }));
    BOOST_REQUIRE(!other.add(as_byte_view("forged")));
  }
  std::string body(wal_page - 56, '.');
  body += as_text(byte_view{forged.written}.subspan(wal_page, wal_page));
  test::memory_wal file;
  log_on_file in{file};
  in.add(body);
  in.log.rewind();
  in.add("short");
  BOOST_TEST((read_again(file, 1) == (texts{"short"})));
}

BOOST_AUTO_TEST_CASE(makes_its_file_whole_and_private) {
  test::scratch_folder folder;
  auto path = folder.path() / "wal";
  std::ofstream{folder.path() / "wal.new"} << "of a start that was cut off";
  {
    auto file = must(open_wal_file(path, 8 * wal_page));
    BOOST_TEST(file->size() == 8 * wal_page);
    log_on_file{*file}.add("one");
  }
  struct stat found {};
  BOOST_TEST(::stat(path.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  BOOST_TEST(!std::filesystem::exists(folder.path() / "wal.new"));
  auto again = must(open_wal_file(path));
  BOOST_TEST(again->size() == 8 * wal_page);
  BOOST_TEST((read_again(*again) == (texts{"one"})));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_was_cut_or_replaced) {
  test::scratch_folder folder;
  std::ofstream{folder.path() / "cut"} << std::string(5000, '\0');
  std::ofstream{folder.path() / "empty"};
  std::filesystem::create_directory(folder.path() / "folder");
  std::filesystem::create_symlink("/dev/null", folder.path() / "link");
  BOOST_TEST((code_of(open_wal_file(folder.path() / "cut").error())
              == ec::store_corrupt));
  BOOST_TEST((code_of(open_wal_file(folder.path() / "empty").error())
              == ec::store_corrupt));
  BOOST_TEST(!open_wal_file(folder.path() / "folder"));
  BOOST_TEST(!open_wal_file(folder.path() / "link"));
}

BOOST_AUTO_TEST_CASE(changes_come_back_as_they_were) {
  bytes body;
  auto some = as_byte_view("value");
  add_change(body, {wal_change_kind::set, "t", as_byte_view("k"), some});
  add_change(body, {wal_change_kind::erased, "t", as_byte_view("k"), {}});
  add_change(body, {wal_change_kind::extended, "u", {}, some});
  std::string seen;
  auto show = [&](const wal_change& what) {
    seen += std::to_string(static_cast<int>(what.kind))
            + std::string{what.table} + std::string{as_text(what.key)}
            + std::string{as_text(what.value)} + ";";
    return caf::error{};
  };
  BOOST_TEST(!for_each_change(body, show));
  BOOST_TEST(seen == "0tkvalue;1tk;2uvalue;");
}

BOOST_AUTO_TEST_CASE(changes_that_are_cut_or_unknown_are_refused) {
  bytes body;
  add_change(body, {wal_change_kind::set, "table", as_byte_view("key"),
                    as_byte_view("value")});
  auto nothing = [](const wal_change&) { return caf::error{}; };
  for (std::size_t size = 1; size < body.size(); ++size)
    BOOST_TEST((code_of(for_each_change(byte_view{body}.first(size), nothing))
                == ec::store_corrupt));
  body[0] = std::byte{3};
  BOOST_TEST((code_of(for_each_change(body, nothing)) == ec::store_corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
