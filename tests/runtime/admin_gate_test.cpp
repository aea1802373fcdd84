// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/auth/admin_gate.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/base/json.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(admin_gate_test)

using namespace acgs;
using namespace acgs::auth;
using domain::role;

namespace {

const domain::identity carol{
    "carol", role::admin, "", domain::auth_method::token, "t1", "127.0.0.1"};
const domain::identity nobody{"anonymous", role::agent,
                              "",          domain::auth_method::anonymous,
                              "",          "127.0.0.1"};
const deed putting{verb::write_policies, "put_policy", "a/b", "\"why\"", "r-1"};
const occasion then{"n1", wall_time{std::chrono::seconds{5}}};

domain::decision decided(domain::verdict outcome) {
  domain::decision out;
  out.decision_id = "d-1";
  out.path = "acgs/admin/allow";
  out.outcome = outcome;
  out.revision = 7;
  return out;
}

std::string text_at(std::string_view json_text, const char* key) {
  auto read = json::parse(json_text);
  BOOST_REQUIRE(read);
  const auto* found = read->find(key);
  BOOST_REQUIRE(found && found->if_string());
  return *found->if_string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(asks_the_policy_on_admins_who_does_what_and_why) {
  auto asked = admin_question(putting, carol, 42);
  BOOST_TEST(asked->path == "acgs/admin/allow");
  BOOST_TEST(asked->input
             == R"({"verb":"write_policies","command":"put_policy",)"
                R"("subject":"a/b","reason":"\"why\""})");
  BOOST_TEST(asked->caller.subject == "carol");
  BOOST_TEST(asked->request_id == "r-1");
  BOOST_TEST(asked->received_nanos == 42);
}

BOOST_AUTO_TEST_CASE(takes_nothing_but_allow_for_a_permission) {
  BOOST_TEST(!admin_verdict(putting, carol, decided(domain::verdict::allow)));
  for (auto outcome : {domain::verdict::deny, domain::verdict::undefined,
                       domain::verdict::value, domain::verdict::error,
                       domain::verdict::none}) {
    auto wrong = admin_verdict(putting, carol, decided(outcome));
    BOOST_TEST((code_of(wrong) == ec::forbidden));
    BOOST_TEST(sentence_of(wrong).find("'put_policy' to 'carol' (admin)")
               != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(records_what_the_policy_said) {
  auto entry =
      admin_entry(putting, carol, decided(domain::verdict::deny), then);
  BOOST_TEST((entry->kind == domain::entry_kind::access));
  BOOST_TEST(entry->event_type == "admin.put_policy");
  BOOST_TEST((entry->outcome == domain::verdict::deny));
  BOOST_TEST(entry->caller.subject == "carol");
  BOOST_TEST(entry->decision_id == "d-1");
  BOOST_TEST(entry->node == "n1");
  BOOST_TEST(entry->time_nanos == 5'000'000'000);
  BOOST_TEST(entry->revision == 7u);
  BOOST_TEST(text_at(entry->detail, "subject") == "a/b");
}

BOOST_AUTO_TEST_CASE(records_what_the_table_of_roles_refused) {
  auto why = authorise(nobody, verb::write_policies);
  BOOST_TEST(records_refusal(verb::write_policies, why));
  auto tried = putting;
  tried.subject = "PUT /v1/policies/" + std::string(100'000, 'x');
  auto entry = refusal_entry(tried, nobody, sentence_of(why), then);
  BOOST_TEST((entry->kind == domain::entry_kind::access));
  BOOST_TEST(entry->event_type == "admin.put_policy");
  BOOST_TEST((entry->outcome == domain::verdict::deny));
  BOOST_TEST(entry->decision_id == "");
  BOOST_TEST(text_at(entry->detail, "verb") == "write_policies");
  BOOST_TEST(text_at(entry->detail, "refused") == sentence_of(why));
  BOOST_TEST(entry->detail.size() < 4096u); // an entry is bounded
}

BOOST_AUTO_TEST_CASE(leaves_other_refusals_to_metrics_and_logs) {
  BOOST_TEST(!records_refusal(verb::read_ledger,
                              authorise(nobody, verb::read_ledger)));
  BOOST_TEST(!records_refusal(verb::write_policies,
                              make_error(ec::rate_limited, "wait")));
  BOOST_TEST(!records_refusal(verb::write_policies, {}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(idempotency_keys)

BOOST_AUTO_TEST_CASE(are_apart_by_caller_and_from_the_nodes_own) {
  auto mine = idempotency_key_of(carol, "k", "key", {"body"});
  auto others = idempotency_key_of(nobody, "k", "key", {"body"});
  BOOST_REQUIRE(mine && others);
  BOOST_TEST(*mine != *others);
  BOOST_TEST(mine->find("/k\n") != std::string::npos);
  // CONTROL's begin with "control/": nobody may take theirs before it does.
  auto forged =
      idempotency_key_of(carol, "control/7/00112233", "key", {"body"});
  BOOST_REQUIRE(forged);
  BOOST_TEST(!forged->starts_with("control/"));
  BOOST_TEST(*idempotency_key_of(carol, {}, "key", {"body"}) == "");
}

BOOST_AUTO_TEST_CASE(stand_for_one_request) {
  auto first = idempotency_key_of(carol, "k", "key", {"a", "bc"});
  BOOST_TEST(*first == *idempotency_key_of(carol, "k", "key", {"a", "bc"}));
  BOOST_TEST(*first != *idempotency_key_of(carol, "k", "key", {"ab", "c"}));
}

BOOST_AUTO_TEST_CASE(have_a_form) {
  for (auto* given : {"", "a b", "a\"b", "a\\b", "a\nb", "\xc3\xa9"}) {
    auto got = idempotency_key_of(carol, given, "Idempotency-Key", {"body"});
    BOOST_REQUIRE(!got);
    BOOST_TEST(field_of(got.error()) == "Idempotency-Key");
  }
  BOOST_TEST(
      !idempotency_key_of(carol, std::string(129, 'k'), "key", {"body"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
