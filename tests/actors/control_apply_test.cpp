// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/snapshot/snapshot.hpp"
#include "tests/support/commands.hpp"

#include <random>

BOOST_AUTO_TEST_SUITE(control_apply_test)

using namespace acgs;
using kind = domain::command_kind;

namespace {

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(frame, test::commands)

BOOST_AUTO_TEST_CASE(each_command_makes_one_revision) {
  BOOST_TEST(state->revision == 0u);
  BOOST_TEST(*state->data == "{}");
  next.time_nanos = 5;
  must(kind::put_policy, "a.rego", "package a");
  next.time_nanos = 7;
  must(kind::put_data, "x", "1");
  BOOST_TEST(state->revision == 2u);
  BOOST_TEST(state->time_nanos == 7);
  BOOST_TEST(state->policies.at("a.rego").revision == 1u);
  BOOST_TEST(state->data_revision == 2u);
}

BOOST_AUTO_TEST_CASE(a_refused_command_changes_nothing) {
  must(kind::put_policy, "a.rego", "package a");
  auto before = state;
  BOOST_TEST((code(kind::put_data, "x", "{") == ec::invalid_argument));
  BOOST_TEST((state == before));
}

BOOST_AUTO_TEST_CASE(an_expected_revision_must_be_the_present_one) {
  must(kind::put_policy, "a.rego", "package a");
  next.expected_revision = 2;
  BOOST_TEST((code(kind::delete_policy, "a.rego") == ec::conflict));
  next.expected_revision = 1;
  must(kind::delete_policy, "a.rego");
  BOOST_TEST(mentions(why(kind::delete_policy, "a.rego"), "revision 2, not 1"));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_is_refused) {
  BOOST_TEST((code(static_cast<kind>(200), "x") == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(reasons_are_bounded_texts) {
  std::string reason(1001, 'x');
  next.reason = reason;
  BOOST_TEST((code(kind::set_lockdown, "on") == ec::invalid_argument));
  next.reason = "two\nlines";
  BOOST_TEST((code(kind::set_lockdown, "on") == ec::invalid_argument));
  next.reason = "\xff";
  BOOST_TEST((code(kind::set_lockdown, "on") == ec::invalid_argument));
  next.reason = "drill";
  must(kind::set_lockdown, "on");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_none_is_named_with_its_place) {
  using namespace std::string_view_literals;
  for (auto [text, place] :
       {std::pair{"package d\n\0x := 1"sv, "row 2, column 1: the byte 0x00;"sv},
        {"package d\nx := \"\xc3\xbc\xff\""sv,
         "row 2, column 8: the byte 0xff;"sv},
        {"\xff"sv, "row 1, column 1: the byte 0xff;"sv}}) {
    auto told = why(kind::put_policy, "a/d.rego", text);
    BOOST_TEST(told.starts_with("policy \"a/d.rego\", " + std::string{place}),
               told);
  }
  std::string large(control::bounds::policy_bytes + 1, ' ');
  BOOST_TEST(why(kind::put_policy, "a/d.rego", large)
                 .starts_with("policy \"a/d.rego\" has "));
}

BOOST_AUTO_TEST_CASE(texts_are_shared_and_the_old_state_stays) {
  must(kind::put_policy, "a.rego", "package a");
  must(kind::put_data, "", R"({"x":1})");
  auto before = state;
  must(kind::put_policy, "b.rego", "package b");
  BOOST_TEST((state->policies.at("a.rego").text
              == before->policies.at("a.rego").text));
  BOOST_TEST((state->data == before->data));
  BOOST_TEST(before->policies.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(policies, test::commands)

BOOST_AUTO_TEST_CASE(policies_are_put_replaced_and_deleted) {
  must(kind::put_policy, "dir/a.rego", "package a");
  must(kind::put_policy, "dir/a.rego", "package a\nx := 1");
  BOOST_TEST(*state->policies.at("dir/a.rego").text == "package a\nx := 1");
  BOOST_TEST(state->policies.at("dir/a.rego").revision == 2u);
  must(kind::delete_policy, "dir/a.rego");
  BOOST_TEST(state->policies.empty());
  BOOST_TEST((code(kind::delete_policy, "dir/a.rego") == ec::not_found));
}

BOOST_AUTO_TEST_CASE(policy_ids_are_bounded_texts) {
  using namespace std::string_view_literals;
  for (auto id : {""sv, "a\nb"sv, "a\0b"sv, "\xff"sv, "\x7f"sv})
    BOOST_TEST(
        (code(kind::put_policy, id, "package a") == ec::invalid_argument));
  BOOST_TEST((code(kind::put_policy, std::string(256, 'a'), "package a")
              == ec::invalid_argument));
  must(kind::put_policy, std::string(255, 'a'), "package a");
  must(kind::put_policy, "r\xc3\xa8gle.rego", "package b");
}

BOOST_AUTO_TEST_CASE(the_constitutions_ids_are_its_own) {
  BOOST_TEST((code(kind::put_policy, "constitution/main.rego", "package a")
              == ec::invalid_argument));
  must(kind::put_policy, "my/constitution/main.rego", "package a");
}

BOOST_AUTO_TEST_CASE(policy_texts_are_bounded_utf_8) {
  using namespace std::string_view_literals;
  BOOST_TEST(
      (code(kind::put_policy, "a", "package \xff") == ec::invalid_argument));
  BOOST_TEST(
      (code(kind::put_policy, "a", "package a\0"sv) == ec::invalid_argument));
  std::string large(control::bounds::policy_bytes + 1, '#');
  BOOST_TEST((code(kind::put_policy, "a", large) == ec::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(constitution, test::commands)

namespace {

/// The digest as the contract defines it, for a body of one or two files.
std::string
digest_of(std::initializer_list<std::pair<const char*, const char*>> files) {
  std::map<std::string, domain::policy_module> modules;
  for (auto [path, text] : files)
    modules[path].text = std::make_shared<const std::string>(text);
  return to_hex(digest_of_modules(modules));
}

} // namespace

BOOST_AUTO_TEST_CASE(is_set_under_its_own_digest) {
  auto one = digest_of({{"main.rego", "package m"}});
  must(kind::set_constitution, one, R"({"main.rego":"package m"})");
  BOOST_TEST(to_hex(state->constitution_digest) == one);
  auto two = digest_of({{"b.rego", "package b"}, {"main.rego", "package m"}});
  must(kind::set_constitution, two,
       R"({"main.rego":"package m","b.rego":"package b"})");
  BOOST_TEST(to_hex(state->constitution_digest) == two);
  BOOST_TEST(state->constitution.at("main.rego").revision == 1u);
  BOOST_TEST(state->constitution.at("b.rego").revision == 2u);
}

BOOST_AUTO_TEST_CASE(another_digest_is_refused) {
  auto one = digest_of({{"main.rego", "package m"}});
  BOOST_TEST((code(kind::set_constitution, one, R"({"main.rego":"package n"})")
              == ec::hash_mismatch));
  BOOST_TEST((code(kind::set_constitution, "", R"({"main.rego":"package m"})")
              == ec::hash_mismatch));
}

BOOST_AUTO_TEST_CASE(its_modules_cannot_be_deleted_one_by_one) {
  auto one = digest_of({{"main.rego", "package m"}});
  must(kind::set_constitution, one, R"({"main.rego":"package m"})");
  BOOST_TEST((code(kind::delete_policy, "main.rego") == ec::conflict));
  BOOST_TEST(mentions(why(kind::delete_policy, "main.rego"),
                      "a module of the constitution"));
  must(kind::put_policy, "main.rego", "package own");
  must(kind::delete_policy, "main.rego");
  BOOST_TEST(state->constitution.contains("main.rego"));
}

BOOST_AUTO_TEST_CASE(policies_do_not_change_its_digest) {
  auto one = digest_of({{"main.rego", "package m"}});
  must(kind::set_constitution, one, R"({"main.rego":"package m"})");
  must(kind::put_policy, "a.rego", "package a");
  BOOST_TEST(to_hex(state->constitution_digest) == one);
}

BOOST_AUTO_TEST_CASE(malformed_ones_are_refused) {
  for (auto body :
       {"", "[]", "{}", "1", R"({"main.rego":1})", R"({"main.rego":["x"]})",
        R"({"main.rego":"a","main.rego":"b"})", R"({"main.txt":"package m"})",
        R"({"/main.rego":"package m"})", R"({"../main.rego":"package m"})",
        R"({"a/../main.rego":"package m"})", R"({"a//main.rego":"package m"})",
        R"({"./main.rego":"package m"})", R"({"a\nb.rego":"package m"})",
        R"({"":"package m"})"})
    BOOST_TEST(
        (code(kind::set_constitution, "x", body) == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(data, test::commands)

BOOST_AUTO_TEST_CASE(is_put_patched_and_deleted) {
  must(kind::put_data, "acgs/agents/a1", R"({"trust":0.9})");
  must(kind::patch_data, "acgs/agents",
       R"([{"op":"add","path":"/a2","value":{"trust":1}},
           {"op":"replace","path":"/a1/trust","value":0.5}])");
  BOOST_TEST(*state->data
             == R"({"acgs":{"agents":{"a1":{"trust":0.5},"a2":{"trust":1}}}})");
  must(kind::delete_data, "acgs/agents/a1");
  BOOST_TEST(*state->data == R"({"acgs":{"agents":{"a2":{"trust":1}}}})");
  must(kind::put_data, "", "{}");
  BOOST_TEST(*state->data == "{}");
}

BOOST_AUTO_TEST_CASE(keeps_every_digit) {
  must(kind::put_data, "n",
       "[18446744073709551617,0.1000000000000000000001,1e400]");
  must(kind::put_data, "m", "1");
  BOOST_TEST(*state->data
             == R"({"m":1,"n":[18446744073709551617,)"
                R"(0.1000000000000000000001,1e400]})");
}

BOOST_AUTO_TEST_CASE(steps_may_hold_slashes_when_they_are_escaped) {
  must(kind::put_data, "hosts/a~1b~0c", "1");
  BOOST_TEST(*state->data == R"({"hosts":{"a/b~c":1}})");
  must(kind::delete_data, "hosts/a~1b~0c");
}

BOOST_AUTO_TEST_CASE(errors_name_the_path) {
  must(kind::put_data, "a", "1");
  BOOST_TEST((code(kind::put_data, "a/b", "1") == ec::conflict));
  BOOST_TEST(mentions(why(kind::put_data, "a/b", "1"),
                      "data \"a/b\": \"b\" leads through a number"));
  BOOST_TEST((code(kind::delete_data, "x/y") == ec::not_found));
  BOOST_TEST((code(kind::patch_data, "x", R"([{"op":"remove","path":"/y"}])")
              == ec::not_found));
  BOOST_TEST(
      (code(kind::patch_data, "", R"([{"op":"test","path":"/a","value":2}])")
       == ec::conflict));
  BOOST_TEST(
      mentions(why(kind::put_data, "x", "{\"y\":}"), "data \"x\": JSON: "));
}

BOOST_AUTO_TEST_CASE(the_root_stays_an_object) {
  for (auto body : {"1", "[]", "null", "\"x\""})
    BOOST_TEST((code(kind::put_data, "", body) == ec::invalid_argument));
  BOOST_TEST(
      (code(kind::patch_data, "", R"([{"op":"replace","path":"","value":[]}])")
       == ec::invalid_argument));
  BOOST_TEST((code(kind::patch_data, "", R"([{"op":"remove","path":""}])")
              == ec::invalid_argument));
  BOOST_TEST((code(kind::delete_data, "") == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(the_nodes_own_documents_cannot_be_put) {
  BOOST_TEST((code(kind::put_data, "acgs/mode", R"({"strict":false})")
              == ec::conflict));
  BOOST_TEST(
      (code(kind::put_data, "acgs/constitution/hash", "1") == ec::conflict));
  BOOST_TEST((code(kind::put_data, "acgs", "1") == ec::conflict));
  BOOST_TEST((code(kind::patch_data, "",
                   R"([{"op":"add","path":"/acgs","value":{"mode":1}}])")
              == ec::conflict));
  must(kind::put_data, "acgs/agents/a1", R"({"trust":1})");
}

BOOST_AUTO_TEST_CASE(hostile_paths_are_refused) {
  using namespace std::string_view_literals;
  for (auto path : {"/a"sv, "a//b"sv, "a/"sv, "~"sv, "a/~2"sv, "a\nb"sv,
                    "a\0b"sv, "\xff"sv})
    BOOST_TEST((code(kind::put_data, path, "1") == ec::invalid_argument));
  BOOST_TEST(
      (code(kind::put_data, std::string(5000, 'a'), "1") == ec::too_large));
  std::string deep = "a";
  for (int i = 0; i < 64; ++i)
    deep += "/a";
  BOOST_TEST((code(kind::put_data, deep, "1") == ec::too_large));
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_refused) {
  std::string nested(65, '[');
  BOOST_TEST((code(kind::put_data, "a", nested + std::string(65, ']'))
              == ec::too_large));
  BOOST_TEST((code(kind::put_data, "a", "1e99999") == ec::invalid_argument));
  BOOST_TEST(
      (code(kind::put_data, "a", "{\"k\":1,\"k\":2}") == ec::invalid_argument));
  BOOST_TEST((code(kind::put_data, "a", "\"\xff\"") == ec::invalid_argument));
  BOOST_TEST((code(kind::put_data, "a", "1 2") == ec::invalid_argument));
  BOOST_TEST((code(kind::put_data, "a", "") == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(the_whole_is_bounded) {
  std::string part = "\"" + std::string(7u << 20, 'x') + "\"";
  for (auto name : {"a", "b", "c", "d"})
    must(kind::put_data, name, part);
  BOOST_TEST((code(kind::put_data, "e", part) == ec::too_large));
  BOOST_TEST(
      (code(kind::patch_data, "", R"([{"op":"copy","from":"/a","path":"/e"}])")
       == ec::too_large));
  must(kind::delete_data, "a");
  must(kind::put_data, "e", part);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(node, test::commands)

BOOST_AUTO_TEST_CASE(modes_say_who_switched_them_why_and_when) {
  next.caller.subject = "alice";
  next.reason = "incident 7";
  must(kind::set_lockdown, "on");
  BOOST_TEST(state->lockdown.on);
  BOOST_TEST(state->lockdown.by == "alice");
  BOOST_TEST(state->lockdown.reason == "incident 7");
  BOOST_TEST(state->lockdown.since_nanos == 1000);
  BOOST_TEST(!state->strict.on);
  // A second "on" is no news.
  next.caller.subject = "bob";
  next.time_nanos = 2000;
  must(kind::set_lockdown, "on");
  BOOST_TEST(state->lockdown.by == "alice");
  must(kind::set_lockdown, "off");
  BOOST_TEST(!state->lockdown.on);
  BOOST_TEST(state->lockdown.by == "bob");
  must(kind::set_strict_mode, "on");
  BOOST_TEST(state->strict.on);
}

BOOST_AUTO_TEST_CASE(a_mode_is_on_or_off) {
  for (auto name : {"", "ON", "true", "maybe"})
    BOOST_TEST((code(kind::set_strict_mode, name) == ec::invalid_argument));
  BOOST_TEST((code(kind::set_strict_mode, "on", "{}") == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(limits_are_set_and_lifted) {
  must(kind::set_limit, "role:agent",
       R"({"requests_per_second":10.5,"burst":20})");
  must(kind::set_limit, "alice", R"({"requests_per_second":0,"burst":0})");
  BOOST_TEST(state->limits.at("role:agent").requests_per_second == 10.5);
  BOOST_TEST(state->limits.at("role:agent").burst == 20);
  must(kind::set_limit, "role:agent", "null");
  BOOST_TEST(!state->limits.contains("role:agent"));
  BOOST_TEST((code(kind::set_limit, "role:agent", "null") == ec::not_found));
}

BOOST_AUTO_TEST_CASE(malformed_limits_are_refused) {
  for (auto body :
       {"", "1", "{}", R"({"burst":1})", R"({"requests_per_second":1})",
        R"({"requests_per_second":-1,"burst":1})",
        R"({"requests_per_second":1e999,"burst":1})",
        R"({"requests_per_second":"1","burst":1})",
        R"({"requests_per_second":1,"burst":1,"more":1})"})
    BOOST_TEST((code(kind::set_limit, "alice", body) == ec::invalid_argument));
  for (auto name : {"", "role:", "role:root", "a b", "a\n"})
    BOOST_TEST(
        (code(kind::set_limit, name, R"({"requests_per_second":1,"burst":1})")
         == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(keys_live_retire_and_are_revoked_for_ever) {
  auto event = [](std::string_view name) {
    return R"({"purpose":"token","verifier_key":"k+0+AA==","event":")"
           + std::string{name} + "\"}";
  };
  BOOST_TEST((code(kind::key_event, "k", event("retired")) == ec::not_found));
  must(kind::key_event, "k", event("created"));
  BOOST_TEST(state->keys.at("k").active);
  must(kind::key_event, "k", event("retired"));
  BOOST_TEST(!state->keys.at("k").active);
  BOOST_TEST(!state->keys.at("k").revoked);
  must(kind::key_event, "k", event("revoked"));
  BOOST_TEST(state->keys.at("k").revoked);
  BOOST_TEST((code(kind::key_event, "k", event("created")) == ec::conflict));
  BOOST_TEST(
      (code(kind::key_event, "k2", event("lost")) == ec::invalid_argument));
  must(kind::key_event, "k3", event("created"));
  BOOST_TEST((code(kind::key_event, "k3",
                   R"({"purpose":"token","verifier_key":"other",)"
                   R"("event":"retired"})")
              == ec::conflict));
}

BOOST_AUTO_TEST_CASE(what_constitutions_are_called_is_part_of_the_history) {
  BOOST_TEST(!state->aliases);
  auto digest = std::string(64, 'a');
  must(kind::set_aliases, "", "{\"" + digest + "\":\"cdd01ef066bc6cf2\"}");
  BOOST_REQUIRE(bool{state->aliases});
  BOOST_TEST(state->aliases->at(digest) == "cdd01ef066bc6cf2");
  must(kind::set_aliases, "", "{}");
  BOOST_REQUIRE(bool{state->aliases});
  BOOST_TEST(state->aliases->empty());
  for (const std::string& odd :
       {std::string{"[]"}, std::string{"{\"aa\":\"cdd01ef066bc6cf2\"}"},
        "{\"" + digest + "\":\"CDD01EF066BC6CF2\"}", "{\"" + digest + "\":7}"})
    BOOST_TEST((code(kind::set_aliases, "", odd) == ec::invalid_argument), odd);
}

BOOST_AUTO_TEST_CASE(log_levels_are_known_names) {
  must(kind::set_log_level, "", "debug");
  BOOST_TEST(state->log_level == "DEBUG");
  BOOST_TEST((code(kind::set_log_level, "", "loud") == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(any, test::commands)

BOOST_AUTO_TEST_CASE(the_same_commands_give_the_same_state) {
  test::commands other;
  for (auto* each : {static_cast<test::commands*>(this), &other}) {
    each->must(kind::put_policy, "a", "package a");
    each->must(kind::put_data, "z/y", R"({"b":1,"a":[1,2]})");
    each->must(kind::patch_data, "z", R"([{"op":"remove","path":"/y/b"}])");
  }
  BOOST_TEST(*state->data == *other.state->data);
  BOOST_TEST(state->revision == other.state->revision);
}

BOOST_AUTO_TEST_CASE(random_commands_are_done_or_refused_but_never_crash) {
  std::mt19937 random{5};
  const std::string bodies[] = {
      "",
      "{}",
      "null",
      "[]",
      "on",
      "package a",
      R"({"role":"admin"})",
      R"([{"op":"add","path":"/a","value":1}])",
      "\xff",
      "{\"a\":",
      R"({"subject":"x","role":"agent","kind":"access","expires_nanos":99999})",
      R"({"requests_per_second":1,"burst":1})"};
  const std::string names[] = {"",  "a",    "a/b",  "on",  "role:agent",
                               "x", "\xff", "a\nb", "../x"};
  std::size_t done = 0;
  for (int i = 0; i < 20000; ++i) {
    auto body = bodies[random() % std::size(bodies)];
    if (!body.empty() && random() % 4 == 0)
      body[random() % body.size()] = static_cast<char>(random());
    auto before = state->revision;
    auto wrong = carry_out(static_cast<kind>(random() % 16),
                           names[random() % std::size(names)], body);
    BOOST_REQUIRE(state->revision == before + (wrong ? 0 : 1));
    done += wrong ? 0 : 1;
  }
  BOOST_TEST(done > 500u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(candidates, test::commands)

BOOST_AUTO_TEST_CASE(are_put_and_dropped_by_name) {
  must(kind::put_candidate, "tighter",
       R"({"share":0.1,"modules":{"a":"package a","constitution/m.rego":""}})");
  BOOST_REQUIRE(state->trial);
  BOOST_TEST(state->trial->share == 0.1);
  BOOST_TEST(state->trial->revision == 1u);
  BOOST_TEST(state->trial->modules.size() == 2u);
  BOOST_TEST(state->policies.empty());
  BOOST_TEST(
      (code(kind::put_candidate, "other", R"({"share":1,"modules":{"a":""}})")
       == ec::conflict));
  must(kind::put_candidate, "tighter", R"({"share":1,"modules":{"b":""}})");
  BOOST_TEST(state->trial->modules.contains("b"));
  BOOST_TEST((code(kind::drop_candidate, "other") == ec::not_found));
  must(kind::drop_candidate, "tighter");
  BOOST_TEST(!state->trial);
}

BOOST_AUTO_TEST_CASE(refuse_what_is_no_candidate) {
  for (auto body :
       {"", "[]", R"({"share":1})", R"({"share":2,"modules":{"a":""}})",
        R"({"share":-1,"modules":{"a":""}})", R"({"modules":{"a":""}})",
        R"({"share":1,"modules":{}})", R"({"share":1,"modules":{"a":1}})",
        R"({"share":1,"modules":{"a b":""}})",
        R"({"share":1,"modules":{"constitution/../x.rego":""}})"})
    BOOST_TEST((code(kind::put_candidate, "c", body) == ec::invalid_argument),
               body);
  BOOST_TEST(
      (code(kind::put_candidate, "a b", R"({"share":1,"modules":{"a":""}})")
       == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
