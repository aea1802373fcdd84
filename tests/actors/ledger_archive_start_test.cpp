// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What goes on after entries were archived: retries of what they were about,
// starts, and new epochs.
#include "actors/control/told.hpp"
#include "tests/support/archive_fixture.hpp"

BOOST_AUTO_TEST_SUITE(ledger_archive_start_test)

using namespace acgs;
using namespace acgs::test;

namespace {

/// The fifth of the fixture's requests, again.
sample retried() {
  sample out;
  out.decision_id = "decision-5";
  out.input = input_of(5);
  out.key = "key-5";
  return out;
}

result<ledger::placed> write_one(ledger::state& core, ledger::pending what) {
  ledger::batch all;
  all.entries.push_back(std::move(what));
  return std::move(must(core.write(all)).entries[0]);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_archive_start, archive_fixture)

BOOST_AUTO_TEST_CASE(a_retry_of_an_archived_request_gets_its_answer) {
  archive_to(512);
  auto again = must(write_one(*core, test::make_pending(retried())));
  BOOST_TEST(again.repeated);
  BOOST_TEST(again.index == 5u);
  BOOST_TEST(again.decision->decision_id == "decision-5");
}

BOOST_AUTO_TEST_CASE(a_retry_in_lockdown_is_not_given_an_archived_allow) {
  using domain::verdict;
  for (bool erased : {false, true})
    for (auto now : {verdict::deny, verdict::undefined, verdict::error}) {
      archive_fixture each;
      must(each.core->archive(order(must(each.write(512)))));
      if (erased)
        each.sweep();
      auto about = retried();
      about.outcome = now;
      auto refused = must(write_one(*each.core, test::make_pending(about)));
      BOOST_TEST(!refused.repeated);
      BOOST_TEST(refused.index == 601u);
      BOOST_TEST((refused.decision->outcome == now));
      // The key stands for the refusal from now on.
      about.outcome = verdict::allow;
      auto later = must(write_one(*each.core, test::make_pending(about)));
      BOOST_TEST(later.repeated);
      BOOST_TEST(later.index == 601u);
      BOOST_TEST((later.decision->outcome == now));
    }
}

BOOST_AUTO_TEST_CASE(a_retry_is_refused_where_an_archived_verdict_is_unknown) {
  sample about;
  about.key = "key-600";
  ledger::pending first{test::make_append(about), {}};
  BOOST_TEST(must(write_one(*core, std::move(first))).index == 600u);
  core.reset();
  log.write(200);
  core.emplace(log.writer());
  archive_to(768);
  about.outcome = domain::verdict::deny;
  for (bool with_decision : {false, true}) {
    auto again = test::make_pending(about);
    if (!with_decision)
      again.decision = {};
    BOOST_TEST(says(refusal(write_one(*core, std::move(again)), ec::conflict),
                    "led to entry 600, which was archived, and what it came "
                    "to is not known here"));
  }
  about.outcome = domain::verdict::none; // no decision: nothing is withdrawn
  auto same = must(write_one(*core, {test::make_append(about), {}}));
  BOOST_TEST(same.repeated);
  BOOST_TEST(same.index == 600u);
}

BOOST_AUTO_TEST_CASE(a_new_epoch_goes_on_erasing_what_the_last_gave_up) {
  must(core->archive(order(must(write(512)))));
  BOOST_TEST(must(core->sweep(100)));
  core.reset();
  core.emplace(must(ledger::state::open(*log.env, {"acgs/node-1/2", {}, 0})));
  BOOST_TEST(core->archived_so_far().size == 0u);
  BOOST_TEST(core->head().size == 0u);
  must(write_one(*core, test::make_pending({})));
  sweep();
  BOOST_TEST(rows(log.tables().entries) == 601u - 512u);
  BOOST_TEST(rows(log.tables().payloads) == 600u - 512u);
  auto tables = must(store::log_tables::open(*log.env, "acgs/node-1/2"));
  BOOST_TEST(rows(tables.entries) == 1u);
  BOOST_TEST(rows(tables.payloads) == 1u);
  BOOST_TEST(log.view().archived().size == 512u);
}

BOOST_AUTO_TEST_CASE(a_start_hears_of_changes_that_are_archived) {
  BOOST_TEST(must(control::hear_newest(*log.env, test::sample_origin)).last()
             == 7u);
  archive_to(512);
  BOOST_TEST(log.view().archived().revision == 7u);
  // Of 601 entries, fewer than are read of a longer log, 89 are here.
  BOOST_TEST(must(control::hear_newest(*log.env, test::sample_origin)).last()
             == 7u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
