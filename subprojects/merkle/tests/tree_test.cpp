// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
// RFC 6962 hashing and the growing tree.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(tree_test)

using namespace merkle;
using namespace merkle::test;

BOOST_AUTO_TEST_CASE(hashes_the_vectors_of_the_certificate_transparency_log) {
  const char* const leaves[] = {"",
                                "00",
                                "10",
                                "2021",
                                "3031",
                                "40414243",
                                "5051525354555657",
                                "606162636465666768696a6b6c6d6e6f"};
  const char* const roots[] = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  tree log;
  for (std::size_t i = 0; i < 8; ++i) {
    BOOST_TEST(log.append_data(unhex(leaves[i])) == i);
    BOOST_TEST(hex(log.root()) == roots[i]);
  }
}

BOOST_AUTO_TEST_CASE(hashes_the_empty_tree_as_the_empty_string) {
  BOOST_TEST(hex(tree{}.root()) == hex(hasher{}.plain({})));
  BOOST_TEST(hex(empty_root()) == hex(hasher{}.plain({})));
}

BOOST_AUTO_TEST_CASE(has_the_root_that_the_definition_gives_at_every_size) {
  memory_log log;
  for (std::uint64_t size = 1; size <= 600; ++size) {
    log.grow_to(size);
    BOOST_TEST(hex(log.tree.root()) == hex(mth(log.with, log.leaves)));
  }
}

BOOST_AUTO_TEST_CASE(goes_on_from_stored_tiles_at_every_size) {
  memory_log log;
  for (std::uint64_t size = 0; size <= 600; ++size) {
    log.grow_to(size);
    auto again = tree::restore(size, log.reader());
    BOOST_REQUIRE(again);
    BOOST_TEST(hex(again->root()) == hex(log.tree.root()));
    auto next = log.with.leaf(as_bytes("next"));
    auto expected = log.leaves;
    expected.push_back(next);
    BOOST_TEST(again->append(next) == size);
    BOOST_TEST(hex(again->root()) == hex(mth(log.with, expected)));
  }
}

BOOST_AUTO_TEST_CASE(restores_a_tree_of_three_tile_levels) {
  memory_log log;
  log.grow_to(70000);
  auto again = tree::restore(70000, log.reader());
  BOOST_REQUIRE(again);
  BOOST_TEST(hex(again->root()) == hex(mth(log.with, log.leaves)));
  BOOST_TEST((log.tiles[{0, 273}].size()) == 112u * 32);
  BOOST_TEST((log.tiles[{1, 0}].size()) == 256u * 32);
  BOOST_TEST((log.tiles[{1, 1}].size()) == 17u * 32);
  BOOST_TEST((log.tiles[{2, 0}].size()) == 32u);
}

BOOST_AUTO_TEST_CASE(refuses_to_restore_from_a_missing_or_short_edge) {
  memory_log log;
  log.grow_to(300);
  auto tiles = log.tiles;
  tiles.erase({0, 0}); // its root is in tile 1/000
  BOOST_REQUIRE(tiles.size() == 2u);
  for (auto& [id, content] : tiles) {
    log.tiles = tiles;
    log.tiles.erase(id);
    BOOST_TEST(!tree::restore(300, log.reader()));
    log.tiles = tiles;
    log.tiles[id].resize(content.size() - 32);
    BOOST_TEST(!tree::restore(300, log.reader()));
  }
}

BOOST_AUTO_TEST_CASE(hands_out_each_changed_tile_once) {
  memory_log log;
  for (int i = 0; i < 257; ++i)
    log.tree.append(log.with.leaf(as_bytes("x")));
  auto tiles = log.tree.take_tiles();
  BOOST_REQUIRE(tiles.size() == 3u);
  BOOST_TEST((tiles[0].id == tile_id{0, 0, 256}));
  BOOST_TEST((tiles[1].id == tile_id{0, 1, 1}));
  BOOST_TEST((tiles[2].id == tile_id{1, 0, 1}));
  BOOST_TEST(log.tree.take_tiles().empty());
}

BOOST_AUTO_TEST_SUITE_END()
