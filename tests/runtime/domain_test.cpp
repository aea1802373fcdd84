// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/domain/event_type.hpp"
#include "runtime/domain/policy_id.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(domain_test)

using namespace acgs::domain;

BOOST_AUTO_TEST_SUITE(policy_ids)

BOOST_AUTO_TEST_CASE(are_what_opa_users_call_policies) {
  for (auto* id : {"a", "demo", "example1", "a/b.rego", "authz/v1/main.rego",
                   "my-policy_2.rego", "team:one", "v1.2+hotfix", "..."})
    BOOST_TEST(is_policy_id(id), id);
  BOOST_TEST(is_policy_id(std::string(255, 'a')));
}

BOOST_AUTO_TEST_CASE(lead_nowhere_and_hide_nothing) {
  for (auto* id :
       {"",     "/",     "/a",     "a/",    "a//b",     "..",
        ".",    "../a",  "a/../b", "a/./b", "a/..",     "a b",
        "a\tb", "a\nb",  "a\\b",   "a%2fb", "a\x7f",    "a\"b",
        "a'b",  "a?b",   "a#b",    "a*",    "\xc3\xa9", "a\xe2\x80\xae",
        "$a",   "~root", "a;b"})
    BOOST_TEST(!is_policy_id(id), id);
  BOOST_TEST(!is_policy_id(std::string(256, 'a')));
  BOOST_TEST(!is_policy_id(std::string_view{"a\0b", 3}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(event_types)

BOOST_AUTO_TEST_CASE(of_the_node_are_reserved) {
  for (auto kind : entry_kind_names)
    BOOST_TEST(is_reserved_event_type(kind), kind);
  for (auto kind : command_kind_names)
    BOOST_TEST(is_reserved_event_type(kind), kind);
  for (auto* type :
       {"Decision", "STOP", "node_started", "node_stopped", "actor_restarted",
        "breaker_changed", "safety_violation", "policy_query", "policy_compile",
        "admin.put_policy", "Admin.x", "key_created", "refused_login",
        "refused_refresh_reuse"})
    BOOST_TEST(is_reserved_event_type(type), type);
}

BOOST_AUTO_TEST_CASE(that_look_like_the_nodes_are_reserved) {
  for (auto* type : {"login_refused",
                     "LoginRefused",
                     "loginrefused",
                     "lockdown",
                     "strict_mode",
                     "Strict-Mode",
                     "strictmode",
                     "strict_mode_enabled",
                     "lockdown:lifted",
                     "node.started",
                     "started_node",
                     "__start__",
                     "safety-violation",
                     "SafetyViolation",
                     "violation.safety",
                     "policy:put",
                     "admin_lockdown",
                     "ADMIN-x",
                     "key:mine",
                     "refused.tea",
                     "epoch_started",
                     "token_revoked",
                     "cache_cleared",
                     "_",
                     "..."})
    BOOST_TEST(is_reserved_event_type(type), type);
}

BOOST_AUTO_TEST_CASE(of_clients_are_free) {
  for (auto* type :
       {"policy_evaluation", "tool_call", "deployment", "decisions",
        "administration", "my.start", "k", "keynote", "billing.strict_mode",
        "acme:login_refused", "login_page", "refusedness", "evaluation"}) {
    BOOST_TEST(!is_reserved_event_type(type), type);
    BOOST_TEST(is_event_type(type), type);
  }
}

BOOST_AUTO_TEST_CASE(have_a_form_in_which_none_looks_like_another) {
  for (auto* type : {"", "start ", " start", "st\tart", "st\xd0\xb0rt", "a/b",
                     "a\"b", "start\n"})
    BOOST_TEST(!is_event_type(type), type);
  BOOST_TEST(is_event_type(std::string(128, 'a')));
  BOOST_TEST(!is_event_type(std::string(129, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
