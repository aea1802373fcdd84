// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/apply.hpp"
#include "actors/control/conflicts.hpp"
#include "actors/control/state.hpp"
#include "runtime/base/json.hpp"
#include "tests/support/preparing.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(control_conflicts_test)

using namespace acgs;
using kind = domain::command_kind;

namespace {

struct fixture {
  fixture() { BOOST_REQUIRE(!core.resume(control::initial_state())); }

  std::string carry_out(kind what, std::string_view name,
                        std::string_view body) {
    domain::command command;
    command.kind = what;
    command.name = name;
    command.body = body;
    auto staged = test::stage(core, wire::command{command}, wall_time{});
    if (!staged)
      return std::string{to_string_view(code_of(staged.error()))};
    core.commit(*staged);
    return "done";
  }

  std::string policy(std::string_view id, std::string_view text) {
    return carry_out(kind::put_policy, id, text);
  }

  std::string data(std::string_view path, std::string_view text) {
    return carry_out(kind::put_data, path, text);
  }

  std::string constitution(std::string_view text) {
    std::map<std::string, domain::policy_module> modules;
    modules["main.rego"].text = std::make_shared<const std::string>(text);
    json::object body;
    body.emplace("main.rego", json::value{std::string{text}});
    return carry_out(kind::set_constitution, to_hex(digest_of_modules(modules)),
                     json::to_text(json::value{body}));
  }

  control::state core{{}};
};

constexpr std::string_view supreme =
    "package acgs.main\n\ndecision := {\"allow\": false}\n\n"
    "reasons contains \"x\" if false\n";

} // namespace

BOOST_AUTO_TEST_CASE(the_steps_of_a_rule_are_its_constants) {
  auto joined = [](std::string_view path) {
    std::string out;
    for (const auto& step : control::steps_of_rule(path))
      out += step + "|";
    return out;
  };
  BOOST_TEST(joined("data.a.b_1.c") == "a|b_1|c|");
  BOOST_TEST(joined("data.a[\"b.c\"].d") == "a|b.c|d|");
  BOOST_TEST(joined("data.a[\"b\\\"c\"]") == "a|b\"c|");
  BOOST_TEST(joined("data.a[x].d") == "a|");
  BOOST_TEST(joined("data.a[\"b") == "a|");
  BOOST_TEST(joined("data") == "");
  BOOST_TEST(joined("input.a") == "");
}

BOOST_FIXTURE_TEST_SUITE(constitution_guard, fixture)

BOOST_AUTO_TEST_CASE(a_policy_cannot_add_to_its_rules) {
  BOOST_TEST(constitution(supreme) == "done");
  BOOST_TEST(policy("a", "package acgs.main\n\ndecision := {\"allow\": true} "
                         "if input.x\n")
             == "policy_invalid");
  BOOST_TEST(policy("a", "package acgs.main\n\nreasons contains \"y\"\n")
             == "policy_invalid");
  BOOST_TEST(policy("a", "package acgs\n\nmain.decision := 1 if input.x\n")
             == "policy_invalid");
  BOOST_TEST(policy("a", "package acgs.main.decision\n\nallow := true\n")
             == "policy_invalid");
}

BOOST_AUTO_TEST_CASE(a_policy_may_stand_beside_it_and_read_it) {
  BOOST_TEST(constitution(supreme) == "done");
  BOOST_TEST(
      policy("a", "package acgs.custom\n\nx := data.acgs.main.decision\n")
      == "done");
  BOOST_TEST(policy("b", "package acgs.main_too\n\ndecision := 1\n") == "done");
}

BOOST_AUTO_TEST_CASE(a_constitution_cannot_come_to_lie_over_a_policy) {
  BOOST_TEST(policy("a", "package acgs.main\n\ndecision := 1\n") == "done");
  BOOST_TEST(constitution(supreme) == "policy_invalid");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(documents, fixture)

BOOST_AUTO_TEST_CASE(data_does_not_stand_where_a_rule_stands) {
  BOOST_TEST(policy("a", "package a.b\n\nallow := true\n") == "done");
  BOOST_TEST(data("a/b/allow", "1") == "conflict");
  BOOST_TEST(data("a/b/allow/deep", "1") == "conflict");
  BOOST_TEST(data("a/b", "1") == "conflict");
  BOOST_TEST(data("a", "[]") == "conflict");
  BOOST_TEST(data("a/b/other", "1") == "done");
  BOOST_TEST(data("x", "1") == "done");
  BOOST_TEST(data("", R"({"a":{"b":{"allow":false}}})") == "conflict");
}

BOOST_AUTO_TEST_CASE(a_rule_does_not_come_to_stand_where_data_stands) {
  BOOST_TEST(data("a/b", R"({"c":1})") == "done");
  BOOST_TEST(policy("a", "package a.b\n\nc := true\n") == "conflict");
  BOOST_TEST(policy("a", "package a.b.c\n\nd := true\n") == "conflict");
  BOOST_TEST(policy("a", "package a.b\n\nd := true\n") == "done");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
