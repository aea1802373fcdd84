// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What each role may do over RPC, and what is recorded of attempts.

#include "tests/support/rpc_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(rpc_gateway_access_test)

using namespace acgs;
using domain::role;
using test::because;
using test::code_of_result;

using fixture = test::rpc_fixture;

BOOST_FIXTURE_TEST_SUITE(permissions, fixture)

BOOST_AUTO_TEST_CASE(an_agent_gets_no_capability_that_its_role_lacks) {
  auto node = open(token(role::agent));
  BOOST_TEST((code_of_result(node.admin().actors()) == ec::forbidden));
  BOOST_TEST((code_of_result(node.identities().users()) == ec::forbidden));
  BOOST_TEST((code_of_result(node.policy().put("p", "package p", {}))
              == ec::forbidden));
  BOOST_TEST((code_of_result(node.policy().list()) == ec::forbidden));
  BOOST_TEST((code_of_result(node.ledger().stats()) == ec::forbidden));
  auto all = by->notes();
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0] == "append admin.write_policies deny alice");
}

BOOST_AUTO_TEST_CASE(whoever_tries_to_change_the_node_is_recorded) {
  for (auto as : {role::agent, role::viewer}) {
    auto id = std::string{to_string_view(as)};
    auto node = open(token(as, id));
    auto before = by->notes().size();
    auto expect = [&](const auto& got, const std::string& verb) {
      BOOST_TEST((code_of_result(got) == ec::forbidden), id << ' ' << verb);
      auto all = by->notes();
      BOOST_REQUIRE_MESSAGE(all.size() == ++before, id << ' ' << verb);
      BOOST_TEST(all.back() == "append admin." + verb + " deny alice", id);
    };
    auto done = [](const caf::error& error) {
      return error ? result<int>{error} : result<int>{0};
    };
    auto why = because("x");
    expect(node.identities().issue_token({}), "manage_identities");
    expect(done(node.identities().put_user({})), "manage_identities");
    expect(node.identities().revoke_user("bob", why), "manage_identities");
    expect(node.admin().set_lockdown(true, why), "manage_modes");
    expect(node.admin().set_strict_mode(true, why), "manage_modes");
    expect(done(node.admin().trip_breaker("api", why)), "manage_actors");
    expect(node.admin().begin_backup({}, why), "back_up");
    expect(node.policy().put("p", "package p", why), "write_policies");
    expect(node.policy().put_data("foo", "{}", why), "write_data");
    BOOST_TEST((code_of_result(node.identities().users()) == ec::forbidden));
    BOOST_TEST(by->notes().size() == before); // reading is not recorded
  }
}

BOOST_AUTO_TEST_CASE(an_agent_sees_no_more_than_decisions) {
  state.data = std::make_shared<const std::string>(
      R"({"acgs":{"agents":{"a":{"trust":1}}}})");
  {
    auto node = open(token(role::agent));
    BOOST_TEST(result_of(node, "acgs/main/decision").starts_with("{"));
    BOOST_TEST(result_of(node, "mine/rules").starts_with("{"));
    for (auto* path :
         {"", "acgs", "acgs/agents", "acgs/admin/allow", "acgs/safety"})
      BOOST_TEST(result_of(node, path) == "forbidden", path);
  }
  auto analyst = open(token(role::analyst, "t2"));
  BOOST_TEST(result_of(analyst, "acgs/agents").starts_with("{"));
}

BOOST_AUTO_TEST_CASE(a_viewer_sees_the_node_and_changes_nothing) {
  auto node = open(token(role::viewer));
  BOOST_TEST(static_cast<bool>(node.admin().actors()));
  BOOST_TEST(static_cast<bool>(node.policy().list()));
  BOOST_TEST((code_of_result(node.admin().clear_cache()) == ec::forbidden));
  BOOST_TEST((code_of_result(node.admin().set_lockdown(true, because("x")))
              == ec::forbidden));
  BOOST_TEST((result_of(node, "acgs/main/decision") == "forbidden"));
  BOOST_TEST(noted("append admin.manage_cache deny alice"));
  BOOST_TEST(noted("append admin.manage_modes deny alice"));
}

BOOST_AUTO_TEST_CASE(refusals_have_a_rate_too) {
  state.limits["alice"] = {0.001, 4};
  auto node = open(token(role::viewer));
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((code_of_result(node.admin().clear_cache()) != ec::none));
  BOOST_TEST(by->notes().size() <= 4u);
}

BOOST_AUTO_TEST_CASE(an_agent_reads_only_the_entries_that_it_caused) {
  auto node = open(token(role::agent));
  BOOST_TEST(static_cast<bool>(node.ledger().query({})));
  BOOST_TEST(noted("query  caused_by=alice"));
  BOOST_TEST(static_cast<bool>(node.ledger().show({2, {}}, false)));
  BOOST_TEST(
      (code_of_result(node.ledger().show({1, {}}, false)) == ec::not_found));
  BOOST_TEST((code_of_result(node.ledger().receipt({1, {}})) == ec::not_found));
  BOOST_TEST(*node.ledger().receipt({2, {}}) == "proof");
  BOOST_TEST(
      (code_of_result(node.ledger().show({2, {}}, true)) == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(lockdown_leaves_the_ledger_and_the_admin) {
  state.lockdown.on = true;
  {
    auto viewer = open(token(role::viewer));
    BOOST_TEST(static_cast<bool>(viewer.ledger().query({})));
    BOOST_TEST((code_of_result(viewer.policy().list()) == ec::forbidden));
  }
  auto admin = open();
  BOOST_TEST(
      static_cast<bool>(admin.admin().set_lockdown(false, because("x"))));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
