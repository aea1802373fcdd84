// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The file of secrets: what is destroyed is not in it any more.
#include "runtime/crypto/mask.hpp"
#include "runtime/store/payload_key.hpp"
#include "runtime/store/vault.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(vault_test)

using namespace acgs;
using store::file_vault;
using test::must;

namespace {

struct fixture {
  test::scratch_folder folder;
  std::filesystem::path file = folder.path() / "secrets";

  bool holds(const digest& secret) const {
    return test::read_file(file).find(as_text(secret)) != std::string::npos;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault, fixture)

BOOST_AUTO_TEST_CASE(secrets_are_found_again_by_their_numbers) {
  store::drawn_secrets some;
  {
    file_vault in{file};
    some = must(in.draw(3));
    BOOST_TEST(some.secrets.size() == 3u);
    BOOST_TEST(must(in.draw(2)).first == some.first + 3);
  }
  file_vault again{file};
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST((must(again.get(some.first + i)) == some.secrets[i]));
  BOOST_TEST(!must(again.get(some.first + 5)));
  BOOST_TEST((some.secrets[0] != some.secrets[1]));
  struct stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(a_destroyed_secret_is_overwritten_where_it_stood) {
  file_vault in{file};
  auto some = must(in.draw(3));
  BOOST_TEST(holds(some.secrets[1]));
  std::uint64_t gone[]{some.first + 1, some.first + 99};
  BOOST_REQUIRE(!in.destroy(gone));
  BOOST_REQUIRE(!in.destroy(gone)); // once more is no error
  BOOST_TEST(!holds(some.secrets[1]));
  BOOST_TEST(!must(in.get(gone[0])));
  BOOST_TEST((must(in.get(some.first)) == some.secrets[0]));
  BOOST_TEST((must(in.get(some.first + 2)) == some.secrets[2]));
}

BOOST_AUTO_TEST_CASE(another_vault_knows_none_of_its_secrets) {
  file_vault one{file};
  file_vault other{folder.path() / "other"};
  auto some = must(one.draw(1));
  must(other.draw(1));
  BOOST_TEST(!must(other.get(some.first)));
  std::uint64_t gone[]{some.first};
  BOOST_TEST(!other.destroy(gone));
  BOOST_TEST(must(one.get(some.first)).has_value());
}

BOOST_AUTO_TEST_CASE(without_a_file_there_are_no_secrets) {
  file_vault in{file};
  BOOST_TEST(!must(in.get(7)));
  std::uint64_t gone[]{7};
  BOOST_TEST(!in.destroy(gone));
  BOOST_TEST(!std::filesystem::exists(file));
  auto some = must(in.draw(1)); // and then there are
  BOOST_TEST(must(in.get(some.first)).has_value());
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_record_that_was_cut_off) {
  store::drawn_secrets some;
  {
    file_vault in{file};
    some = must(in.draw(2));
  }
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);
  file_vault in{file};
  BOOST_TEST(!must(in.get(some.first + 1)));
  auto more = must(in.draw(1));
  BOOST_TEST(more.first == some.first + 1);
  BOOST_TEST((must(in.get(more.first)) == more.secrets[0]));
}

BOOST_AUTO_TEST_CASE(draws_no_number_again_that_was_cut_off) {
  store::drawn_secrets some;
  {
    file_vault in{file};
    some = must(in.draw(9));
  }
  std::filesystem::resize_file(file, 64 + 32 * 2 + 5);
  file_vault in{file};
  BOOST_TEST(!in.skip(some.first + 1));
  BOOST_TEST(std::filesystem::file_size(file) == 64u + 32u * 2 + 5);
  BOOST_TEST(!in.skip(some.first + 8));
  BOOST_TEST((must(in.get(some.first + 1)) == some.secrets[1]));
  for (std::size_t i = 3; i < 9; ++i)
    BOOST_TEST(!must(in.get(some.first + i)));
  BOOST_TEST(must(in.draw(1)).first == some.first + 9);
  // Of another vault it knows nothing.
  BOOST_TEST(!in.skip(some.first + (std::uint64_t{1} << 40)));
  BOOST_TEST(must(in.draw(1)).first == some.first + 10);
}

BOOST_AUTO_TEST_CASE(what_a_start_left_half_made_counts_for_nothing) {
  auto beside = folder.path() / "secrets.new";
  for (const auto& left : {std::string{}, std::string(64, '\0'),
                           std::string{"ACGS secrets 1\0\0junk", 20}}) {
    std::filesystem::remove(file);
    test::write_file(beside, left);
    file_vault in{file};
    BOOST_TEST(!must(in.get(0)));
    BOOST_TEST(!std::filesystem::exists(file));
    auto some = must(in.draw(1));
    BOOST_TEST((must(in.get(some.first)) == some.secrets[0]));
    BOOST_TEST(!std::filesystem::exists(beside));
    BOOST_TEST(std::filesystem::file_size(file) == 64u + 32u);
  }
}

// To begin it anew would say of payloads that were never shredded that their
// keys are not on this node.
BOOST_AUTO_TEST_CASE(refuses_a_file_without_its_head) {
  for (auto size : {0u, 63u, 64u, 96u}) {
    test::write_file(file, std::string(size, '\0'));
    file_vault in{file};
    BOOST_TEST((code_of(in.check()) == ec::store_corrupt));
    BOOST_TEST((code_of(in.get(0).error()) == ec::store_corrupt));
    BOOST_TEST((code_of(in.draw(1).error()) == ec::store_corrupt));
    BOOST_TEST(std::filesystem::file_size(file) == size);
  }
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_where_it_cannot_be_made) {
  std::filesystem::create_directory(folder.path() / "secrets.new");
  test::write_file(folder.path() / "secrets.new" / "in the way", "");
  file_vault in{file};
  BOOST_TEST(!in.draw(1));
  BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_of_something_else) {
  test::write_file(file, std::string(100, 'x'));
  file_vault in{file};
  BOOST_TEST((code_of(in.get(0).error()) == ec::store_corrupt));
  BOOST_TEST((code_of(in.draw(1).error()) == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_key_is_found_only_with_its_secret_and_at_its_place) {
  file_vault in{file};
  auto some = must(in.draw(1));
  digest key{};
  key.fill(std::byte{7});
  auto value = store::masked_key(some.first, some.secrets[0], {5, 1}, key);
  BOOST_TEST(as_text(value).find(as_text(key)) == std::string_view::npos);
  auto kept = must(store::kept_key::read(value));
  BOOST_TEST(to_hex(must(store::open_key(in, kept, {5, 1}))) == to_hex(key));
  BOOST_TEST(to_hex(must(store::open_key(in, kept, {5, 2}))) != to_hex(key));
  BOOST_TEST(to_hex(must(store::open_key(in, kept, {6, 1}))) != to_hex(key));
  std::uint64_t gone[]{some.first};
  BOOST_REQUIRE(!in.destroy(gone));
  BOOST_TEST(must(store::open_key(in, kept, {5, 1})).empty());
}

BOOST_AUTO_TEST_CASE(the_forms_of_a_kept_key_differ_in_length) {
  auto mark = must(store::kept_key::read(store::to_key(42)));
  BOOST_TEST(*mark.shredded_by == 42u);
  bytes plain(32, std::byte{1});
  file_vault none{file};
  auto old = must(store::kept_key::read(plain));
  BOOST_TEST((must(store::open_key(none, old, {0, 0})) == plain));
  bytes odd(33);
  BOOST_TEST(
      (code_of(store::kept_key::read(odd).error()) == ec::store_corrupt));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
