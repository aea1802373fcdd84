// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/rpc_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(rpc_gateway_test)

using namespace acgs;
using domain::role;
using test::because;
using test::code_of_result;

using fixture = test::rpc_fixture;

BOOST_FIXTURE_TEST_SUITE(session, fixture)

BOOST_AUTO_TEST_CASE(takes_the_nodes_own_user_for_an_admin) {
  auto node = open();
  auto who = node.identity();
  BOOST_REQUIRE(who);
  BOOST_TEST((who->role_ == role::admin));
  BOOST_TEST((who->method == domain::auth_method::peer_credentials));
  auto info = node.node();
  BOOST_REQUIRE(info);
  BOOST_TEST(info->name == "n1");
  BOOST_TEST(info->policies == 1u);
}

BOOST_AUTO_TEST_CASE(a_decision_carries_the_caller_that_the_gateway_verified) {
  auto node = open(token(role::agent));
  client::question question;
  question.path = "acgs/main/decision";
  question.input = R"({"caller":{"subject":"root"}})";
  auto out = node.decide(question);
  BOOST_REQUIRE(out);
  BOOST_TEST(std::string{out->decision->result}
             == R"({"allow":true,"caller":"alice","role":"agent"})");
  BOOST_TEST(out->index == 41u);
  BOOST_TEST(!out->decision->request_id.empty()); // made by the gateway
}

BOOST_AUTO_TEST_CASE(a_batch_is_answered_in_the_order_of_its_inputs) {
  auto node = open(token(role::agent));
  client::batch batch;
  batch.path = "acgs/main/decision";
  batch.inputs = {R"({"n":1})", "full", R"({"n":3})"};
  auto out = node.decide(batch);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument)); // no JSON
  batch.inputs = {R"({"n":1})", R"({"n":3})"};
  out = node.decide(batch);
  BOOST_REQUIRE(out);
  BOOST_REQUIRE(out->size() == 2u);
  BOOST_TEST((*out)[1]->index == 41u);
  BOOST_TEST(noted("decide_many 2"));
  batch.inputs.clear();
  BOOST_TEST((code_of_result(node.decide(batch)) == ec::invalid_argument));
  batch.inputs.assign(1001, "{}");
  BOOST_TEST((code_of_result(node.decide(batch)) == ec::too_large));
  batch.path = "acgs/agents";
  batch.inputs = {"{}"};
  BOOST_TEST((code_of_result(node.decide(batch)) == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(a_batch_that_no_pause_lets_in_is_too_large) {
  state.limits["alice"] = {1, 2};
  auto node = open(token(role::agent));
  client::batch batch;
  batch.path = "acgs/main/decision";
  batch.inputs.assign(3, "{}");
  auto out = node.decide(batch);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::too_large));
  BOOST_TEST(sentence_of(out.error()).find("limits.burst")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_input_of_a_batch_that_cannot_be_recorded_says_so) {
  by->full_input = R"({"n":2})";
  auto node = open(token(role::agent));
  client::batch batch;
  batch.path = "acgs/main/decision";
  batch.inputs = {R"({"n":1})", R"({"n":2})"};
  auto out = node.decide(batch);
  BOOST_REQUIRE(out);
  BOOST_TEST(bool((*out)[0]));
  BOOST_REQUIRE(!(*out)[1]);
  BOOST_TEST((code_of((*out)[1].error()) == ec::store_full));
}

BOOST_AUTO_TEST_CASE(candidates_are_shown_put_and_dropped) {
  auto node = open();
  auto none = node.policy().get_candidate();
  BOOST_REQUIRE(none);
  BOOST_TEST(none->name == "");
  client::new_candidate what;
  what.name = "tighter";
  what.share = 0.5;
  what.modules["a"] = "package a";
  BOOST_TEST(bool(node.policy().put_candidate(what)));
  BOOST_TEST(bool(node.policy().drop_candidate("tighter")));
  auto all = by->notes();
  for (std::string_view command : {"put_candidate", "drop_candidate"})
    BOOST_TEST(std::count_if(all.begin(), all.end(),
                             [&](auto& each) {
                               return each.starts_with("command "
                                                       + std::string{command}
                                                       + " tighter by ");
                             })
               == 1);
  auto trial = std::make_shared<domain::candidate>();
  trial->name = "tighter";
  trial->modules["a"].text = std::make_shared<const std::string>("package a");
  state.trial = trial;
  publish();
  auto shown = node.policy().get_candidate();
  BOOST_REQUIRE(shown);
  BOOST_TEST(shown->name == "tighter");
  BOOST_TEST(shown->modules.at(0).id == "a");
}

BOOST_AUTO_TEST_CASE(candidates_take_the_right_to_write_policies) {
  client::new_candidate what;
  what.name = "tighter";
  what.modules["a"] = "package a";
  auto viewer = open(token(role::viewer));
  BOOST_TEST(
      (code_of_result(viewer.policy().put_candidate(what)) == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(anybody_sees_how_the_node_does) {
  auto node = open(token(role::agent));
  auto health = node.health();
  BOOST_REQUIRE(health);
  BOOST_TEST(health->status == "degraded");
  BOOST_TEST(health->components.front().reason == "little room");
}

BOOST_AUTO_TEST_CASE(refuses_wrong_credentials_and_has_them_recorded) {
  auto out = connect("not.a.token");
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::unauthenticated));
  auto noted = by->notes(1);
  BOOST_REQUIRE(noted.size() == 1u);
  BOOST_TEST(noted.front().starts_with("refused uid:"));
}

BOOST_AUTO_TEST_CASE(bounds_guesses_of_tokens_over_all_connections) {
  auto user = "uid:" + std::to_string(::geteuid());
  state.limits[user] = {0.001, 3};
  publish();
  auto shown = [&](const std::string& what) {
    auto out = connect(what);
    return out ? ec::none : code_of(out.error());
  };
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((shown("not.a.token") == ec::unauthenticated));
  BOOST_TEST((shown("not.a.token") == ec::rate_limited));
  BOOST_TEST((shown(token(role::agent)) == ec::rate_limited));
}

BOOST_AUTO_TEST_CASE(a_revoked_token_ends_its_session_at_the_next_call) {
  auto node = open(token(role::agent));
  BOOST_TEST(static_cast<bool>(node.node()));
  state.tokens["t1"].revoked = true;
  publish();
  BOOST_TEST((code_of_result(node.node()) == ec::unauthenticated));
}

BOOST_AUTO_TEST_CASE(refuses_a_request_id_that_cannot_be_used) {
  auto node = open();
  client::question question;
  question.path = "acgs/main/decision";
  question.request_id = "with \"quotes\"";
  auto out = node.decide(question);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument));
  BOOST_TEST(field_of(out.error()) == "requestId");
}

BOOST_AUTO_TEST_CASE(refuses_an_input_that_names_something_twice) {
  auto node = open();
  client::question question;
  question.path = "acgs/main/decision";
  question.input = R"({"a":1,"b":{"c":1,"c":2}})";
  auto out = node.decide(question);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument));
  BOOST_TEST(field_of(out.error()) == "c");
  BOOST_TEST(sentence_of(out.error())
             == "the input names \"c\" twice in one object, again at line 1, "
                "column 19");
  question.input = "{";
  BOOST_TEST((code_of_result(node.decide(question)) == ec::invalid_argument));
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(refuses_an_idempotency_key_that_cannot_be_used) {
  auto node = open();
  client::question question;
  question.path = "acgs/main/decision";
  for (auto* key : {"a key", ""}) {
    question.idempotency_key = key;
    auto out = node.decide(question);
    BOOST_REQUIRE(!out);
    BOOST_TEST(field_of(out.error()) == "idempotencyKey");
    auto told = node.ledger().record_outcome({"d", "failed", "", "", key});
    BOOST_REQUIRE(!told);
    BOOST_TEST(field_of(told.error()) == "idempotencyKey");
  }
}

BOOST_AUTO_TEST_CASE(refuses_pins_that_are_no_names) {
  auto node = open();
  client::question question;
  auto refused = [&](const char* path, const char* input, const char* pinned,
                     const char* field) {
    question.path = path;
    question.input = input;
    question.pinned_hash = pinned;
    auto out = node.decide(question);
    BOOST_REQUIRE_MESSAGE(!out, input);
    BOOST_TEST((code_of(out.error()) == ec::invalid_argument), input);
    BOOST_TEST(field_of(out.error()) == field, input);
  };
  for (auto* path : {"acgs/main/decision", "acgs/main/allow", "mine/rules"}) {
    refused(path, R"({"constitutional_hash":null})", "", "constitutional_hash");
    refused(path, R"({"context":{"constitutional_hash":7}})", "",
            "context.constitutional_hash");
    refused(path, "{}", "aaaaaaaaaaaaaaaa cdd01ef066bc6cf2", "pinnedHash");
  }
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(takes_a_path_in_one_spelling_alone) {
  auto node = open();
  for (auto* path : {"/", "/acgs/main/decision", "acgs/main/decision/",
                     "acgs//main", // and what leads elsewhere
                     "../x", "acgs/./main", "a/..", "\xff"}) {
    client::question one;
    one.path = path;
    one.input = "{}";
    auto got = node.decide(one);
    BOOST_REQUIRE_MESSAGE(!got, path);
    BOOST_TEST((code_of(got.error()) == ec::invalid_argument), path);
    BOOST_TEST(field_of(got.error()) == "path", path);
    client::batch many;
    many.path = path;
    many.inputs = {"{}"};
    BOOST_TEST((code_of_result(node.decide(many)) == ec::invalid_argument),
               path);
  }
  client::question query;
  query.asks = domain::question::query;
  query.path = "x := 1 // 2";
  BOOST_TEST(bool(node.decide(query)));
  BOOST_TEST(result_of(node, "a b/c.d").starts_with("{"));
}

BOOST_AUTO_TEST_CASE(tells_what_a_policy_was_up_to_the_last_revision) {
  publish();
  auto node = open();
  auto last = state.revision;
  for (auto revision : {last, ~std::uint64_t{0}})
    BOOST_TEST(bool(node.policy().get_at("mine", revision)));
  BOOST_TEST((code_of_result(node.policy().get_at("mine", last + 1))
              == ec::invalid_argument));
  BOOST_TEST((code_of_result(node.bundles().active_at("mine", last + 1))
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(counts_decisions_where_both_gateways_do) {
  auto node = open();
  auto before = settings.decisions->summarise({}).decisions;
  BOOST_TEST(result_of(node, "acgs/main/decision") != "");
  BOOST_TEST(settings.decisions->summarise({}).decisions == before + 1);
}

BOOST_AUTO_TEST_CASE(an_actor_that_is_gone_is_an_error_and_not_silence) {
  auto node = open();
  BOOST_TEST(result_of(node, "die") == "unavailable");
  BOOST_TEST(result_of(node, "acgs/main/decision") == "unavailable");
  BOOST_TEST(static_cast<bool>(node.node())); // the session goes on
}

BOOST_AUTO_TEST_CASE(limits_the_rate_of_a_caller) {
  state.limits["alice"] = {0.001, 2};
  auto node = open(token(role::agent));
  BOOST_TEST(static_cast<bool>(node.node()));
  BOOST_TEST(static_cast<bool>(node.node()));
  BOOST_TEST((code_of_result(node.node()) == ec::rate_limited));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(admin, fixture)

BOOST_AUTO_TEST_CASE(asks_the_policy_and_records_before_anything_happens) {
  auto node = open();
  auto done = node.policy().put("mine", "package mine", because("new rule"));
  BOOST_REQUIRE(done);
  BOOST_TEST(done->revision == 12u);
  auto all = by->notes();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0]
             == R"(decide acgs/admin/allow {"verb":"write_policies",)"
                R"("command":"put_policy","subject":"mine",)"
                R"("reason":"new rule"})");
  BOOST_TEST(all[1].starts_with("append admin.put_policy allow uid:"));
  BOOST_TEST(all[2].starts_with("command put_policy mine by uid:"));
}

BOOST_AUTO_TEST_CASE(does_nothing_where_the_policy_refuses_and_records_it) {
  by->admin_allowed = false;
  auto node = open();
  BOOST_TEST((code_of_result(node.admin().clear_cache()) == ec::forbidden));
  BOOST_TEST((by->notes().at(1).starts_with("append admin.clear_cache deny")));
  BOOST_TEST(!noted("clear_cache"));
}

BOOST_AUTO_TEST_CASE(does_nothing_where_the_use_cannot_be_recorded) {
  by->ledger_full = true;
  auto node = open();
  BOOST_TEST((code_of_result(node.admin().clear_cache()) == ec::store_full));
  BOOST_TEST(!noted("clear_cache"));
}

BOOST_AUTO_TEST_CASE(takes_no_strange_name_for_a_policy) {
  auto node = open();
  for (auto* id : {"", "../x", "a/../b", "a//b", "a b", "/a"}) {
    auto out = node.policy().put(id, "package a", because("x"));
    BOOST_REQUIRE(!out);
    BOOST_TEST((code_of(out.error()) == ec::invalid_argument), id);
    BOOST_TEST(field_of(out.error()) == "id");
  }
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(a_mode_needs_a_reason) {
  auto node = open();
  auto out = node.admin().set_strict_mode(true, {});
  BOOST_REQUIRE(!out);
  BOOST_TEST(field_of(out.error()) == "reason");
  BOOST_TEST(
      static_cast<bool>(node.admin().set_strict_mode(true, because("drill"))));
}

BOOST_AUTO_TEST_CASE(shows_the_live_tree) {
  auto node = open();
  auto tree = node.admin().actors();
  BOOST_REQUIRE(tree);
  BOOST_TEST(tree->size() == 7u);
  BOOST_TEST(tree->front().parent == "node");
  BOOST_TEST(tree->front().state == "running");
}

BOOST_AUTO_TEST_CASE(names_what_does_not_exist) {
  auto node = open();
  auto actor = node.admin().restart_actor("nobody");
  BOOST_TEST((code_of(actor) == ec::not_found));
  BOOST_TEST((code_of(node.admin().trip_breaker("none")) == ec::not_found));
  BOOST_TEST(
      (code_of(node.admin().set_log_level("LOUD")) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(manages_users_and_tokens_through_identity) {
  auto node = open();
  BOOST_TEST(!node.identities().put_user(
      {"eve", "a long password", "viewer", {}, {}}));
  BOOST_TEST(noted("user eve"));
  client::token_request request;
  request.subject = "ci";
  request.role = "agent";
  auto issued = node.identities().issue_token(request);
  BOOST_REQUIRE(issued);
  BOOST_TEST(issued->token == "secret");
  request.role = "king";
  auto wrong = node.identities().issue_token(request);
  BOOST_REQUIRE(!wrong);
  BOOST_TEST(field_of(wrong.error()) == "role");
  BOOST_TEST(!node.identities().revoke_token("t9"));
  BOOST_TEST(noted("revoke t9"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reading, fixture)

BOOST_AUTO_TEST_CASE(policies_and_data_come_from_the_published_state) {
  auto node = open();
  auto list = node.policy().list();
  BOOST_REQUIRE(list);
  BOOST_REQUIRE(list->size() == 1u);
  BOOST_TEST(list->front().id == "mine");
  BOOST_TEST(list->front().origin == "user");
  BOOST_TEST(node.policy().get("mine")->text == "package mine\n");
  BOOST_TEST((code_of_result(node.policy().get("other")) == ec::not_found));
  BOOST_TEST(node.policy().get_data("a/b")->json == "[1,2]");
  BOOST_TEST(node.policy().get_data("")->revision == 7u);
  BOOST_TEST((code_of_result(node.policy().get_data("a/x")) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(files_of_the_constitution_have_one_name) {
  state.constitution["safety.rego"].text =
      std::make_shared<const std::string>("package s\n");
  state.constitution["mine"].text =
      std::make_shared<const std::string>("package theirs\n");
  publish();
  auto node = open();
  auto list = node.policy().list();
  BOOST_REQUIRE(list);
  BOOST_REQUIRE(list->size() == 3u);
  BOOST_TEST(list->at(0).id == "mine");
  BOOST_TEST(list->at(1).id == "constitution/mine");
  BOOST_TEST(list->at(2).id == "constitution/safety.rego");
  for (auto* id : {"safety.rego", "constitution/safety.rego"}) {
    auto got = node.policy().get(id);
    BOOST_REQUIRE(got);
    BOOST_TEST(got->info.id == "constitution/safety.rego");
    BOOST_TEST(got->info.origin == "constitution");
    BOOST_TEST(got->text == "package s\n");
  }
  // What a person put goes before.
  BOOST_TEST(node.policy().get("mine")->text == "package mine\n");
  BOOST_TEST(node.policy().get("constitution/mine")->text
             == "package theirs\n");
  BOOST_TEST(
      (code_of_result(node.policy().get("constitution/constitution/mine"))
       == ec::not_found));
}

BOOST_AUTO_TEST_CASE(history_ledger_and_keys_come_from_their_actors) {
  auto node = open();
  auto changes = node.policy().history({"mine", 0, 0});
  BOOST_REQUIRE(changes);
  BOOST_TEST(changes->front().reason == "mine");
  BOOST_TEST(changes->front().bytes == 12u);
  auto page = node.ledger().query({});
  BOOST_REQUIRE(page);
  BOOST_TEST(page->next.value_or(0) == 3u);
  BOOST_TEST(page->entries.front().entry->agent == "agent-7");
  BOOST_TEST(node.ledger().show({3, {}}, true)->payloads.size() == 1u);
  BOOST_TEST(node.ledger().verify({0, {}})->verified);
  BOOST_TEST(node.ledger().stats()->by_kind.size() == 2u);
  BOOST_TEST(*node.ledger().resource("", "checkpoint") == "checkpoint");
  BOOST_TEST(node.keys()->front().verifier_key == "n1/log+abcd+key");
  BOOST_TEST(node.admin().cache()->l2_max == 8u);
}

BOOST_AUTO_TEST_CASE(a_policy_that_does_not_compile_comes_back_as_such) {
  auto node = open();
  auto out = node.policy().put("p", "broken", {});
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::policy_invalid));
  BOOST_TEST(sentence_of(out.error()) == "line 1: unexpected");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
