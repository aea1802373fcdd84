// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
// Inclusion and consistency proofs: every one verifies, no other does.
#include "merkle/proof.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>

BOOST_AUTO_TEST_SUITE(proof_test)

using namespace merkle;
using namespace merkle::test;

constexpr std::uint64_t largest = 300;

/// A log of 300 leaves and the root at each of its sizes.
struct fixture {
  memory_log log;
  std::vector<hash> roots{empty_root()};

  fixture() {
    while (log.leaves.size() < largest) {
      log.grow_to(log.leaves.size() + 1);
      roots.push_back(log.tree.root());
    }
  }
};

namespace {

/// PATH of RFC 6962, 2.1.1.
proof path(hasher& with, std::size_t m, std::span<const hash> d) {
  if (d.size() <= 1)
    return {};
  auto k = std::bit_floor(d.size() - 1);
  auto out =
      m < k ? path(with, m, d.first(k)) : path(with, m - k, d.subspan(k));
  out.push_back(mth(with, m < k ? d.subspan(k) : d.first(k)));
  return out;
}

/// SUBPROOF of RFC 6962, 2.1.2.
proof subproof(hasher& with, std::size_t m, std::span<const hash> d, bool b) {
  if (m == d.size())
    return b ? proof{} : proof{mth(with, d)};
  auto k = std::bit_floor(d.size() - 1);
  auto out = m <= k ? subproof(with, m, d.first(k), b)
                    : subproof(with, m - k, d.subspan(k), false);
  out.push_back(mth(with, m <= k ? d.subspan(k) : d.first(k)));
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(proves_every_leaf_of_every_tree, fixture) {
  auto read = log.reader();
  for (std::uint64_t size = 1; size <= largest; ++size) {
    bool all = true;
    for (std::uint64_t index = 0; index < size && all; ++index) {
      auto got = prove_inclusion(index, size, read);
      all = got
            && verify_inclusion(log.leaves[index], index, size, *got,
                                roots[size]);
    }
    BOOST_TEST(all, "size " << size);
  }
}

BOOST_FIXTURE_TEST_CASE(proves_every_older_tree_a_prefix, fixture) {
  auto read = log.reader();
  for (std::uint64_t size = 0; size <= largest; ++size) {
    bool all = true;
    for (std::uint64_t old = 0; old <= size && all; ++old) {
      auto got = prove_consistency(old, size, read);
      all = got && verify_consistency(old, roots[old], size, roots[size], *got);
    }
    BOOST_TEST(all, "size " << size);
  }
}

BOOST_FIXTURE_TEST_CASE(makes_the_proofs_that_the_definition_gives, fixture) {
  auto read = log.reader();
  for (std::uint64_t size : {1, 2, 7, 8, 100, 255, 256, 257, 300}) {
    std::span<const hash> d{log.leaves.data(), size};
    for (std::uint64_t at = 0; at < size; at += 1 + size / 16) {
      BOOST_TEST((*prove_inclusion(at, size, read) == path(log.with, at, d)));
      BOOST_TEST((*prove_consistency(at + 1, size, read)
                  == subproof(log.with, at + 1, d, true)));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_every_changed_inclusion_proof, fixture) {
  auto read = log.reader();
  for (std::uint64_t size : {1, 2, 3, 5, 8, 63, 64, 65, 256, 257, 300}) {
    for (std::uint64_t index = 0; index < size; index += 1 + size / 20) {
      auto good = *prove_inclusion(index, size, read);
      auto check = [&](const hash& leaf, std::uint64_t i, std::uint64_t n,
                       const proof& p, const hash& root) {
        return static_cast<bool>(verify_inclusion(leaf, i, n, p, root));
      };
      const auto& leaf = log.leaves[index];
      const auto& root = roots[size];
      for (std::size_t k = 0; k < good.size(); ++k) {
        auto bad = good;
        bad[k][k % 32] ^= std::byte{0x10};
        BOOST_TEST(!check(leaf, index, size, bad, root));
        bad = good;
        bad.erase(bad.begin() + static_cast<long>(k));
        BOOST_TEST(!check(leaf, index, size, bad, root));
      }
      auto longer = good;
      longer.push_back(root);
      BOOST_TEST(!check(leaf, index, size, longer, root));
      BOOST_TEST(!check(log.with.leaf({}), index, size, good, root));
      BOOST_TEST(!check(leaf, index, size, good, log.with.leaf({})));
      BOOST_TEST(!check(leaf, size, size, good, root));
      if (size > 1)
        BOOST_TEST(!check(leaf, (index + 1) % size, size, good, root));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_every_changed_consistency_proof, fixture) {
  auto read = log.reader();
  for (std::uint64_t size : {2, 3, 5, 8, 63, 64, 65, 256, 257, 300}) {
    for (std::uint64_t old = 1; old < size; old += 1 + size / 20) {
      auto good = *prove_consistency(old, size, read);
      auto check = [&](const hash& from, const hash& to, const proof& p) {
        return static_cast<bool>(verify_consistency(old, from, size, to, p));
      };
      for (std::size_t k = 0; k < good.size(); ++k) {
        auto bad = good;
        bad[k][k % 32] ^= std::byte{0x10};
        BOOST_TEST(!check(roots[old], roots[size], bad));
        bad = good;
        bad.erase(bad.begin() + static_cast<long>(k));
        BOOST_TEST(!check(roots[old], roots[size], bad));
      }
      auto longer = good;
      longer.push_back(roots[size]);
      BOOST_TEST(!check(roots[old], roots[size], longer));
      BOOST_TEST(!check(roots[old - 1], roots[size], good));
      BOOST_TEST(!check(roots[old], roots[size - 1], good));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_what_lies_beyond_the_tree, fixture) {
  auto read = log.reader();
  BOOST_TEST(!prove_inclusion(5, 5, read));
  BOOST_TEST(!prove_inclusion(largest, largest + 1, read));
  BOOST_TEST(!prove_consistency(6, 5, read));
  BOOST_TEST(!prove_consistency(5, largest + 1, read));
  BOOST_TEST(!verify_consistency(6, roots[6], 5, roots[5], {}));
  BOOST_TEST(!verify_consistency(0, roots[1], 5, roots[5], {}));
  BOOST_TEST(!verify_consistency(5, roots[4], 5, roots[5], {}));
  BOOST_TEST(!verify_consistency(4, roots[4], 5, roots[5], {}));
}

BOOST_FIXTURE_TEST_CASE(survives_sizes_at_the_end_of_the_range, fixture) {
  auto last = ~std::uint64_t{0};
  BOOST_TEST(!verify_inclusion(roots[1], last - 1, last, {}, roots[1]));
  BOOST_TEST(!verify_consistency(last - 1, roots[1], last, roots[2], {}));
  proof full(64, roots[1]);
  BOOST_TEST(!verify_inclusion(roots[1], last - 1, last, full, roots[1]));
  BOOST_TEST(!verify_consistency(last - 1, roots[1], last, roots[2], full));
}

BOOST_FIXTURE_TEST_CASE(recomputes_the_root_from_tiles, fixture) {
  for (std::uint64_t size = 0; size <= largest; ++size)
    BOOST_TEST((*root_from_tiles(size, log.reader()) == roots[size]));
}

BOOST_AUTO_TEST_SUITE_END()
