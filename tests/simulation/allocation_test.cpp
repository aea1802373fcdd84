// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Each allocation of a short life in turn fails. What throws ends its actor,
// which is begun again on the same stores, as a supervisor does; what says
// that it cannot start ends the process. `allocation_test -- 17` takes one.
#define BOOST_TEST_MODULE allocation
#include "tests/simulation/child_process.hpp"
#include "tests/simulation/failing_memory.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>

using namespace acgs;

namespace {

constexpr std::size_t steps = 12;

caf::error take_step(test::small_node& node, std::size_t step) {
  if (step % 4 == 3)
    return node.change();
  auto bad = node.decide(1 + step % 3);
  if (!bad)
    node.index();
  return bad;
}

/// A life in which an actor that throws is begun again.
caf::error live(const std::filesystem::path& folder,
                const test::sample_signer& signer, test::promises& book) {
  auto node = test::small_node::start(folder, signer, book);
  if (!node)
    return node.error();
  for (std::size_t step = 0; step < steps; ++step) {
    try {
      if (auto bad = take_step(**node, step))
        return bad;
    } catch (const std::exception&) { // bad_alloc, or Cap'n Proto's own
      if (auto bad = (*node)->restart())
        return bad;
    }
  }
  return (*node)->stop();
}

struct life {
  test::sample_signer signer;
  test::shared_memory shared;

  /// What went wrong in a life whose allocation of that number fails.
  std::string run(std::uint64_t number) {
    test::scratch_folder scratch;
    auto folder = scratch.path() / "store";
    auto& book = shared.book() = {};
    auto ended = test::run_child(book, [&] {
      test::fail_allocation(number);
      auto out = caf::error{};
      try {
        out = live(folder, signer, book.kept);
      } catch (const std::exception&) {
        // At the start or the stop, where nobody would catch it.
        out = make_error(ec::unavailable, "no memory");
      }
      book.counted = test::allocations();
      return out;
    });
    auto wrong = test::check_ending(ended, book);
    return wrong.empty() ? test::check_node(folder, signer, book.kept) : wrong;
  }

  void test(std::uint64_t number) {
    auto wrong = run(number);
    BOOST_TEST(wrong.empty(), "allocation " << number << ": " << wrong);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(no_failed_allocation_breaks_a_promise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  life each;
  if (suite.argc > 1)
    return each.test(std::stoull(suite.argv[1]));
  each.test(0);
  auto all = each.shared.book().counted;
  BOOST_TEST(each.shared.book().kept.entries >= 20u);
  BOOST_TEST(all >= 500u);
  BOOST_TEST_MESSAGE(all << " allocations");
  for (std::uint64_t number = 1; number <= all; ++number)
    each.test(number);
}
