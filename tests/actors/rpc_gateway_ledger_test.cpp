// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What changes or adds to what the log knows of a decision, over RPC.
#include "tests/support/rpc_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(rpc_gateway_ledger_test)

using namespace acgs;
using domain::role;
using test::because;
using test::code_of_result;

BOOST_FIXTURE_TEST_SUITE(writing, test::rpc_fixture)

BOOST_AUTO_TEST_CASE(shredding_takes_an_admin_the_policy_and_a_reason) {
  {
    auto node = open(token(role::analyst));
    BOOST_TEST((code_of_result(node.ledger().shred({3, {}}, because("x")))
                == ec::forbidden));
  }
  auto node = open(token(role::admin, "t2"));
  BOOST_TEST((code_of_result(node.ledger().shred({3, {}}, {}))
              == ec::invalid_argument));
  BOOST_TEST((code_of_result(node.ledger().shred({101, {}}, because("x")))
              == ec::not_found));
  BOOST_TEST(!noted("append admin.shred allow alice"));
  auto done = node.ledger().shred({3, {}}, because("request 7"));
  BOOST_REQUIRE(done);
  BOOST_TEST(done->index == 44u);
  BOOST_TEST(noted("append admin.shred allow alice"));
  BOOST_TEST(noted(R"(shred 3 {"entry":3,"reason":"request 7"})"));
  by->admin_allowed = false;
  auto before = by->notes().size();
  BOOST_TEST((code_of_result(node.ledger().shred({3, {}}, because("x")))
              == ec::forbidden));
  BOOST_TEST(by->notes()[before + 1] == "append admin.shred deny alice");
  BOOST_TEST(by->notes().size() == before + 2);
}

BOOST_AUTO_TEST_CASE(archiving_takes_an_admin_the_policy_and_a_reason) {
  client::archived_part part{256, 512, {}, {}};
  {
    auto node = open(token(role::operator_));
    BOOST_TEST((code_of_result(node.ledger().archive(part, because("x")))
                == ec::forbidden));
    BOOST_TEST((code_of_result(node.ledger().sealed(1)) == ec::forbidden));
  }
  auto node = open(token(role::admin, "t2"));
  auto pieces = node.ledger().sealed(1);
  BOOST_REQUIRE(pieces);
  BOOST_TEST(as_text(*pieces) == "ssssss");
  BOOST_TEST((code_of_result(node.ledger().archive(part, {}))
              == ec::invalid_argument));
  BOOST_TEST(!noted("append admin.archive allow alice"));
  auto done = node.ledger().archive(part, because("yearly"));
  BOOST_REQUIRE(done);
  BOOST_TEST(done->index == 45u);
  BOOST_TEST(noted("append admin.archive allow alice"));
  auto zeros = std::string(64, '0');
  BOOST_TEST(noted("archive 512 {\"first\":256,\"payloads\":\"" + zeros
                   + "\",\"reason\":\"yearly\",\"root\":\"" + zeros
                   + "\",\"size\":512}"));
  by->admin_allowed = false;
  BOOST_TEST((code_of_result(node.ledger().archive(part, because("x")))
              == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(an_outcome_is_reported_by_who_asked_or_an_operator) {
  client::outcome what{"d-1", "failed", R"({"error":"timeout"})", {}, {}};
  auto node = open(token(role::agent));
  auto done = node.ledger().record_outcome(what);
  BOOST_REQUIRE(done);
  BOOST_TEST(done->index == 42u);
  BOOST_TEST(noted("append outcome none alice"));
  auto bad = what;
  bad.status = "fine";
  BOOST_TEST((code_of_result(node.ledger().record_outcome(bad))
              == ec::invalid_argument));
  bad = what;
  bad.detail = "{";
  BOOST_TEST((code_of_result(node.ledger().record_outcome(bad))
              == ec::invalid_argument));
  bad.detail = '"' + std::string(70'000, 'x') + '"';
  BOOST_TEST(
      (code_of_result(node.ledger().record_outcome(bad)) == ec::too_large));
  bad = what;
  bad.decision_id = "";
  BOOST_TEST((code_of_result(node.ledger().record_outcome(bad))
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(the_first_entry_of_all_is_a_cursor_and_not_the_end) {
  auto node = open(token(role::analyst));
  client::ledger_query query;
  query.oldest_first = true;
  auto page = node.ledger().query(query);
  BOOST_REQUIRE(page);
  BOOST_REQUIRE(page->next.has_value());
  BOOST_TEST(*page->next == 0u);
  BOOST_TEST(!by->notes().back().ends_with("cursor=0"));
  query.before = page->next;
  auto last = node.ledger().query(query);
  BOOST_REQUIRE(last);
  BOOST_TEST(by->notes().back().ends_with("cursor=0"));
  BOOST_TEST(!last->next.has_value());
}

BOOST_AUTO_TEST_CASE(a_total_says_where_counting_ended) {
  auto node = open(token(role::analyst));
  client::ledger_query query;
  auto all = node.ledger().query(query);
  BOOST_REQUIRE(all);
  BOOST_TEST(!all->beyond_total);
  query.agent = "busy";
  auto many = node.ledger().query(query);
  BOOST_REQUIRE(many);
  BOOST_TEST(many->total == 10'000u);
  BOOST_TEST(many->beyond_total);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
