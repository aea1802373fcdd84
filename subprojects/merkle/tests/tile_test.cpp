// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-tiles: paths, widths, bundles.
#include "merkle/tile.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(tile_test)

using namespace merkle;
using namespace merkle::test;

BOOST_AUTO_TEST_CASE(writes_paths_in_groups_of_three_digits) {
  BOOST_TEST(tile_path({0, 0, 256}) == "tile/0/000");
  BOOST_TEST(tile_path({1, 999, 256}) == "tile/1/999");
  BOOST_TEST(tile_path({2, 1000, 256}) == "tile/2/x001/000");
  BOOST_TEST(tile_path({63, 1234067, 112}) == "tile/63/x001/x234/067.p/112");
  BOOST_TEST(bundle_path({1234067, 256}) == "tile/entries/x001/x234/067");
  BOOST_TEST(bundle_path({7, 1}) == "tile/entries/007.p/1");
}

BOOST_AUTO_TEST_CASE(reads_back_every_path_that_it_writes) {
  for (std::uint64_t index :
       {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{1000},
        std::uint64_t{100000}, std::uint64_t{1234067}, ~std::uint64_t{0}})
    for (unsigned width : {1U, 255U, 256U}) {
      tile_id tile{5, index, width};
      auto again = parse_tile_path(tile_path(tile));
      BOOST_REQUIRE(again);
      BOOST_TEST((*again == tile));
      bundle_id bundle{index, width};
      auto back = parse_bundle_path(bundle_path(bundle));
      BOOST_REQUIRE(back);
      BOOST_TEST((*back == bundle));
    }
}

BOOST_AUTO_TEST_CASE(refuses_every_other_spelling_of_a_path) {
  for (auto path : {"",
                    "tile",
                    "tile/",
                    "tile/0",
                    "tile/0/",
                    "tile/0/0",
                    "tile/0/00",
                    "tile/0/0000",
                    "tile/0/x000",
                    "tile/0/x000/000",
                    "tile/64/000",
                    "tile/-1/000",
                    "tile/00/000",
                    "tile/0/001/000",
                    "tile/0/x001/x000",
                    "tile/0/000.p/0",
                    "tile/0/000.p/256",
                    "tile/0/000.p/01",
                    "tile/0/000.p/",
                    "tile/0/000.p",
                    "tile/0/000/",
                    "/tile/0/000",
                    "tile/0/x018/x446/x744/x073/x709/x551/616",
                    "tile/0/../000",
                    "tile/0/x01/000",
                    "tile/0/abc",
                    "tile/entries/000"})
    BOOST_TEST(!parse_tile_path(path), path);
  for (auto path : {"tile/entries/", "tile/entries/0", "tile/entries/x000/1",
                    "tile/entries/000.p/300", "tile/0/000"})
    BOOST_TEST(!parse_bundle_path(path), path);
}

BOOST_AUTO_TEST_CASE(knows_the_widths_of_the_specification_s_example) {
  BOOST_TEST(tile_width_at(0, 272, 70000) == 256u);
  BOOST_TEST(tile_width_at(0, 273, 70000) == 112u);
  BOOST_TEST(tile_width_at(0, 274, 70000) == 0u);
  BOOST_TEST(tile_width_at(1, 0, 70000) == 256u);
  BOOST_TEST(tile_width_at(1, 1, 70000) == 17u);
  BOOST_TEST(tile_width_at(2, 0, 70000) == 1u);
  BOOST_TEST(tile_width_at(3, 0, 70000) == 0u);
  BOOST_TEST(tile_width_at(0, 0, 256) == 256u);
  BOOST_TEST(tile_width_at(1, 0, 256) == 1u);
  BOOST_TEST(tile_width_at(8, 0, ~std::uint64_t{0}) == 0u);
}

BOOST_AUTO_TEST_CASE(reads_back_the_entries_of_a_bundle) {
  bytes bundle;
  bytes longest(max_entry_size, std::byte{7});
  BOOST_TEST(append_to_bundle(bundle, {}));
  BOOST_TEST(append_to_bundle(bundle, as_bytes("one")));
  BOOST_TEST(append_to_bundle(bundle, longest));
  BOOST_TEST(hex(bytes_view{bundle}.first(7))
             == "00000003"
                "6f6e65");
  auto entries = parse_bundle(bundle);
  BOOST_REQUIRE(entries);
  BOOST_REQUIRE(entries->size() == 3u);
  BOOST_TEST((*entries)[0].size() == 0u);
  BOOST_TEST(hex((*entries)[1]) == "6f6e65");
  BOOST_TEST((*entries)[2].size() == max_entry_size);
}

BOOST_AUTO_TEST_CASE(refuses_an_entry_that_a_length_cannot_hold) {
  bytes bundle;
  BOOST_TEST(!append_to_bundle(bundle, bytes(max_entry_size + 1)));
  BOOST_TEST(bundle.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_bundle_that_was_cut_or_is_too_long) {
  bytes bundle;
  BOOST_TEST(append_to_bundle(bundle, as_bytes("abc")));
  for (std::size_t size : {1, 2, 3, 4})
    BOOST_TEST(!parse_bundle(bytes_view{bundle}.first(size)));
  bytes many(2 * 257);
  BOOST_TEST(!parse_bundle(many));
}

BOOST_AUTO_TEST_CASE(hashes_a_subtree_of_a_tile_only_where_it_is_complete) {
  memory_log log;
  log.grow_to(10);
  const auto& tile = log.tiles[{0, 0}];
  auto eight = subtree_hash(log.with, tile, 0, 3);
  BOOST_REQUIRE(eight.has_value());
  BOOST_TEST(hex(*eight) == hex(mth(log.with, std::span{log.leaves}.first(8))));
  BOOST_TEST(!subtree_hash(log.with, tile, 8, 3).has_value());
  BOOST_TEST(!subtree_hash(log.with, tile, 0, 9).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
