// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A disk error at each call of a short life in turn.
// `every_call_test -- EIO 17` takes one.
#define BOOST_TEST_MODULE every_call
#include "tests/simulation/child_process.hpp"
#include "tests/support/faults/disk_calls.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

using namespace acgs;

namespace {

struct fault {
  std::string_view name;
  int error; ///< 0: a write that is cut short
};

constexpr std::array faults{fault{"EIO", EIO}, fault{"ENOSPC", ENOSPC},
                            fault{"short", 0}};

/// Fails the call of that number among those on files of a folder.
class failing_call final : public test::faults::observer {
public:
  failing_call(std::string folder, const fault& how, std::uint64_t at,
               std::uint64_t& counted)
      : folder_{std::move(folder)}, how_{how}, at_{at}, counted_{counted} {
    // Watches from `watch` on.
  }

  test::faults::outcome before(const test::faults::disk_call& what) override {
    if ((how_.error == 0 && !what.writes())
        || !test::faults::path_of(what).starts_with(folder_)
        || ++counted_ != at_)
      return {};
    return {how_.error, how_.error == 0};
  }

  void after(const test::faults::disk_call&, long) override {
    // Nothing to remember.
  }

private:
  std::string folder_;
  const fault& how_;
  std::uint64_t at_;
  std::uint64_t& counted_;
};

struct life {
  test::sample_signer signer;
  test::shared_memory shared;

  /// What went wrong in a life whose call of that number fails; 0: none does.
  std::string run(const fault& how, std::uint64_t at) {
    test::scratch_folder scratch;
    auto folder = scratch.path() / "store";
    auto& book = shared.book() = {};
    failing_call disk{folder.string(), how, at, book.counted};
    auto ended = test::run_child(book, [&] {
      test::faults::watch(&disk);
      return test::run_node(folder, signer, book.kept);
    });
    auto wrong = test::check_ending(ended, book);
    return wrong.empty() ? test::check_node(folder, signer, book.kept) : wrong;
  }

  /// How many calls of that kind a life makes.
  std::uint64_t count(const fault& how) {
    auto wrong = run(how, 0);
    BOOST_REQUIRE_MESSAGE(wrong.empty(), wrong);
    return shared.book().counted;
  }

  void test(const fault& how, std::uint64_t at) {
    auto wrong = run(how, at);
    BOOST_TEST(wrong.empty(), how.name << " at call " << at << ": " << wrong);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(no_disk_error_breaks_a_promise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  life each;
  for (const auto& how : faults) {
    if (suite.argc > 2 && suite.argv[1] != how.name)
      continue;
    auto calls = each.count(how);
    BOOST_TEST(calls >= 60u);
    BOOST_TEST_MESSAGE(how.name << ": " << calls << " calls");
    if (suite.argc > 2)
      each.test(how, std::stoul(suite.argv[2]));
    else
      for (std::uint64_t at = 1; at <= calls; ++at)
        each.test(how, at);
  }
}
