// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
// Whole logs as resources: what holds is accepted, and the first thing that
// does not is named.
#include "merkle/log_audit.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(log_audit_test)

using namespace merkle;
using namespace merkle::test;

namespace {

/// A log of so many entries, as the resources that tlog-tiles names.
struct published {
  std::map<std::string, bytes> files;
  checkpoint head;

  explicit published(std::uint64_t size) {
    memory_log log;
    log.grow_to(size);
    head = {"log", size, log.tree.root(), {}};
    for (auto& [where, hashes] : log.tiles) {
      auto width = static_cast<unsigned>(hashes.size() / sizeof(hash));
      files[tile_path({where.first, where.second, width})] = hashes;
    }
    for (std::uint64_t at = 0; at < size; ++at) {
      auto width = std::min<std::uint64_t>(tile_width, size - at / 256 * 256);
      auto& bundle =
          files[bundle_path({at / 256, static_cast<unsigned>(width)})];
      BOOST_REQUIRE(
          append_to_bundle(bundle, as_bytes("entry " + std::to_string(at))));
    }
  }

  audit_report audit() const {
    return audit_log(head, [this](const std::string& path) {
      auto at = files.find(path);
      return at == files.end() ? std::nullopt : std::optional{at->second};
    });
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_log_of_any_size_holds) {
  for (std::uint64_t size :
       {0, 1, 2, 255, 256, 257, 512, 700, 65'536, 65'793}) {
    published log{size};
    auto found = log.audit();
    BOOST_TEST(found.problem == "");
    BOOST_TEST(found.checked == size);
  }
}

BOOST_AUTO_TEST_CASE(the_first_changed_entry_is_named) {
  published log{700};
  log.files["tile/entries/002.p/188"].back() ^= std::byte{1};
  BOOST_TEST(log.audit().first_wrong.value() == 699u);
  BOOST_TEST(log.audit().checked == 699u);
  log.files["tile/entries/001"].back() ^= std::byte{1};
  BOOST_TEST(log.audit().first_wrong.value() == 511u);
  log.files["tile/entries/000"][1] ^= std::byte{1}; // a length
  auto found = log.audit();
  BOOST_TEST(found.first_wrong.value() == 0u);
  BOOST_TEST(found.problem == "entry 0 is not what the tile of leaves holds");
}

BOOST_AUTO_TEST_CASE(any_changed_missing_or_longer_resource_is_found) {
  const published whole{700};
  for (auto& [path, content] : whole.files) {
    auto log = whole;
    log.files[path].front() ^= std::byte{1};
    BOOST_TEST(log.audit().problem != "", path);
    log.files[path] = content;
    log.files[path].push_back(std::byte{0});
    BOOST_TEST(log.audit().problem != "", path);
    log.files[path] = content;
    log.files[path].pop_back();
    BOOST_TEST(log.audit().problem != "", path);
    log.files.erase(path);
    BOOST_TEST(log.audit().problem != "", path);
    BOOST_TEST(log.audit().first_wrong.has_value(), path);
  }
}

BOOST_AUTO_TEST_CASE(the_leaves_below_a_changed_tile_are_named) {
  published log{700};
  log.files["tile/1/000.p/2"][32] ^= std::byte{1};
  auto found = log.audit();
  BOOST_TEST(found.first_wrong.value() == 256u);
  BOOST_TEST(found.problem
             == "entry 256 is below tile/1/000.p/2, which is not what the "
                "entries lead to");
}

BOOST_AUTO_TEST_CASE(another_root_is_found) {
  published log{300};
  log.head.root[5] ^= std::byte{1};
  auto found = log.audit();
  BOOST_TEST(found.checked == 300u);
  BOOST_TEST(!found.first_wrong);
  BOOST_TEST(found.problem
             == "the entries lead to another root than the checkpoint's");
}

BOOST_AUTO_TEST_CASE(a_log_that_grew_holds_under_its_old_checkpoint) {
  published log{700};
  memory_log old;
  old.grow_to(600);
  log.head = {"log", 600, old.tree.root(), {}};
  // What were partial ones of 88 are wider now, so one of them is missing.
  BOOST_TEST(log.audit().first_wrong.value() == 512u);
  published later{65'536}; // all of them are full
  later.head = log.head;
  BOOST_TEST(later.audit().problem == "");
}

BOOST_AUTO_TEST_CASE(bundles_are_compared_with_their_leaves) {
  published log{10};
  hasher with;
  auto& bundle = log.files["tile/entries/000.p/10"];
  const auto& tile = log.files["tile/0/000.p/10"];
  auto check = [&](unsigned width) {
    return first_wrong_in_bundle(with, bundle, tile, width);
  };
  BOOST_TEST(!check(10));
  BOOST_TEST(check(9).value() == 9u);   // more than that many
  BOOST_TEST(check(11).value() == 10u); // fewer
  bundle[2] ^= std::byte{1};
  BOOST_TEST(check(10).value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
