// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/cache.hpp"
#include "actors/evaluator/input.hpp"
#include "actors/evaluator/metrics.hpp"
#include "actors/evaluator/reference.hpp"
#include "actors/evaluator/state.hpp"
#include "tests/support/policy_world.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(evaluator_test)

using namespace acgs;
using namespace acgs::evaluator;
using acgs::test::manual_clock;
using acgs::test::world;

namespace {

wire::decide_request ask(std::string_view path, std::string_view input,
                         std::string_view subject = "alice") {
  domain::decide_request out;
  out.path = path;
  out.input = input;
  out.request_id = "r-1";
  out.caller.subject = subject;
  return wire::decide_request{out};
}

struct fixture {
  fixture() {
    bounds.time = &time;
    bounds.second_tier = std::make_shared<shared_cache>(cache_bounds{1000});
    bounds.instructions_max = 100'000;
    core.emplace(bounds);
  }

  manual_clock time;
  config bounds;
  std::optional<state> core;
  world policies{{{"p.rego", R"(package p
default allow := false
allow if input.user == "root"
any if { some n in input.n; n }
verdict := {"allow": input.n > 1, "compliance_score": 0.5}
now := time.now_ns()
who := input.caller.subject
dice := [rand.intn("a", 1000000), rand.intn("b", 1000000), uuid.rfc4122("x")]
both := [time.now_ns(), rand.intn("a", 1000000)]
loop := count([1 | numbers.range(1, 3000)[_]; numbers.range(1, 3000)[_]])
)"}}};
};

digest key_from(std::uint8_t n) {
  digest out{};
  out[0] = std::byte{n};
  out[31] = std::byte{n};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cache_)

BOOST_AUTO_TEST_CASE(forgets_what_was_used_longest_ago) {
  cache entries{{2}};
  auto value = std::make_shared<const answer>();
  entries.put(key_from(1), value);
  entries.put(key_from(2), value);
  BOOST_TEST(entries.find(key_from(1)));
  entries.put(key_from(3), value);
  BOOST_TEST(entries.find(key_from(1)));
  BOOST_TEST(!entries.find(key_from(2)));
  BOOST_TEST(entries.size() == 2u);
  BOOST_TEST(entries.clear() == 2u);
  BOOST_TEST(!entries.find(key_from(1)));
}

BOOST_AUTO_TEST_CASE(a_cache_of_no_entries_keeps_nothing) {
  cache entries{{0}};
  entries.put(key_from(1), std::make_shared<const answer>());
  BOOST_TEST(entries.size() == 0u);
}

BOOST_AUTO_TEST_CASE(large_answers_make_a_cache_forget_sooner) {
  cache entries{{100, 10'000}};
  auto of = [](std::size_t bytes) {
    answer out;
    out.result.assign(bytes, 'x');
    return std::make_shared<const answer>(out);
  };
  entries.put(key_from(1), of(3000));
  entries.put(key_from(2), of(3000));
  BOOST_TEST(entries.size() == 2u);
  entries.put(key_from(3), of(5000));
  BOOST_TEST(!entries.find(key_from(1)));
  BOOST_TEST(entries.size() == 2u);
  BOOST_TEST(entries.bytes() <= 10'000u);
  entries.put(key_from(3), of(10));
  entries.put(key_from(4), of(4000));
  BOOST_TEST(entries.size() == 3u);
  entries.put(key_from(5), of(10'000));
  BOOST_TEST(!entries.find(key_from(5)));
  BOOST_TEST(entries.size() == 3u);
  entries.clear();
  BOOST_TEST(entries.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(the_shared_tier_counts_over_its_shards) {
  shared_cache entries{{64}};
  for (std::uint8_t i = 0; i < 32; ++i)
    entries.put(key_from(i), std::make_shared<const answer>());
  BOOST_TEST(entries.size() == 32u);
  BOOST_TEST(entries.find(key_from(7)));
  BOOST_TEST(entries.clear() == 32u);
  for (std::size_t most : {0u, 2u, 17u}) {
    shared_cache few{{most}};
    for (std::uint8_t i = 0; i < 255; ++i)
      few.put(key_from(i), std::make_shared<const answer>());
    BOOST_TEST(few.size() == most);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(input_)

BOOST_AUTO_TEST_CASE(a_path_becomes_a_reference) {
  BOOST_TEST(reference_of("acgs/main/decision") == "data.acgs.main.decision");
  BOOST_TEST(reference_of("") == "data");
  BOOST_TEST(reference_of("a-b/c") == "data[\"a-b\"].c");
  BOOST_TEST(reference_of("a~1b/c~0~d~01") == "data[\"a/b\"][\"c~~d~1\"]");
  BOOST_TEST(reference_of("a//0/if") == "data.a[0][\"if\"]");
  BOOST_TEST(reference_of("a/x\"] = 1 #") == "data.a[\"x\\\"] = 1 #\"]");
}

BOOST_AUTO_TEST_CASE(the_gateways_caller_outranks_the_clients) {
  fixture f;
  auto forged = ask("p/who", R"({"caller":{"subject":"root"},)"
                             R"("\u0063aller":{"subject":"root"}})");
  auto made = f.core->decide(forged, f.policies.present);
  BOOST_TEST(made.found->result == "\"alice\"");
}

BOOST_AUTO_TEST_CASE(no_input_still_has_a_caller) {
  fixture f;
  for (auto none : {"", "  ", "{}", "{ }\n"}) {
    auto made = f.core->decide(ask("p/who", none), f.policies.present);
    BOOST_TEST(made.found->result == "\"alice\"");
  }
}

BOOST_AUTO_TEST_CASE(broken_input_is_an_error_of_that_request_alone) {
  fixture f;
  for (auto broken : {"}", "{", "{\"a\":}", "{\"a\":1}}", "nonsense",
                      "{\"x\":{\"y\":1}", "{,}"}) {
    auto made = f.core->decide(ask("p/allow", broken), f.policies.present);
    BOOST_TEST((made.found->error == ec::invalid_argument), broken);
    BOOST_TEST(!made.found->message.empty());
  }
  auto next =
      f.core->decide(ask("p/allow", R"({"user":"root"})"), f.policies.present);
  BOOST_TEST((next.found->outcome == domain::verdict::allow));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(state_, fixture)

BOOST_AUTO_TEST_CASE(decides_by_a_boolean_or_an_object) {
  auto verdict = [&](std::string_view path, std::string_view input) {
    return core->decide(ask(path, input), policies.present).found->outcome;
  };
  BOOST_TEST(
      (verdict("p/allow", R"({"user":"root"})") == domain::verdict::allow));
  BOOST_TEST(
      (verdict("p/allow", R"({"user":"eve"})") == domain::verdict::deny));
  BOOST_TEST((verdict("p/verdict", R"({"n":2})") == domain::verdict::allow));
  BOOST_TEST((verdict("p/verdict", R"({"n":1})") == domain::verdict::deny));
  BOOST_TEST((verdict("p/nothing", "{}") == domain::verdict::undefined));
}

BOOST_AUTO_TEST_CASE(answers_a_query_with_its_bindings) {
  domain::decide_request query;
  query.asks = domain::question::query;
  query.path = "x := 1 + 1";
  auto made = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((made.found->error == ec::none));
  BOOST_TEST(made.found->result.find("\"x\":2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_query_that_does_not_parse_is_refused) {
  domain::decide_request query;
  query.asks = domain::question::query;
  query.path = "x :=";
  auto made = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((made.found->error == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(explains_an_evaluation_as_events_or_as_lines) {
  domain::decide_request request;
  request.path = "p/allow";
  request.input = R"({"user":"root"})";
  request.explain = domain::explanation::full;
  auto made = core->decide(wire::decide_request{request}, policies.present);
  BOOST_TEST((made.found->outcome == domain::verdict::allow));
  const auto& events = made.found->explanation;
  BOOST_TEST(events.starts_with("[{"));
  BOOST_TEST(events.find(R"("op":"enter")") != std::string::npos);
  BOOST_TEST(events.find(R"("type":"expr")") != std::string::npos);
  request.explain_lines = true;
  auto lines = core->decide(wire::decide_request{request}, policies.present);
  BOOST_TEST(lines.tier == 0u); // never out of the cache
  BOOST_TEST(lines.found->explanation.find("Eval input.user ==")
             != std::string::npos);
  request.explain = domain::explanation::fails;
  request.path = "p/any";
  auto fails = core->decide(wire::decide_request{request}, policies.present);
  BOOST_TEST(fails.found->explanation.find("Fail some n in input.n")
             != std::string::npos);
  request.explain = domain::explanation::off;
  auto plain = core->decide(wire::decide_request{request}, policies.present);
  BOOST_TEST(plain.found->explanation == "");
}

BOOST_AUTO_TEST_CASE(tells_strangers_nothing_of_a_rules_value) {
  auto of = [&](std::string_view path, domain::auth_method method,
                std::string_view input = R"({"agent_id":"a"})") {
    domain::decide_request out;
    out.path = path;
    out.input = input;
    out.caller.method = method;
    return core->decide(wire::decide_request{out}, policies.present).found;
  };
  using enum domain::auth_method;
  auto known = of("p/verdict/secret/allow", token);
  BOOST_TEST((known->error == ec::invalid_argument));
  BOOST_TEST(known->errors.find("compliance_score") != std::string::npos);
  auto missing = of("q/verdict/secret/allow", anonymous);
  for (std::string_view path : {"p/verdict/secret/allow", "p/allow/allow"}) {
    auto hidden = of(path, anonymous);
    BOOST_TEST((hidden->error == ec::none));
    BOOST_TEST((hidden->outcome == domain::verdict::undefined));
    BOOST_TEST(hidden->message + hidden->errors == "");
    BOOST_TEST(hidden->agent == missing->agent);
    BOOST_TEST(hidden->request_type == missing->request_type);
    BOOST_TEST(hidden->instructions == missing->instructions);
  }
  // Such an input names no caller.
  of("p/verdict/secret/allow", anonymous, "7");
  BOOST_TEST((of("p/verdict/secret/allow", token, "7")->error
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(counts_what_an_evaluation_took) {
  auto made =
      core->decide(ask("p/allow", R"({"user":"root"})"), policies.present);
  BOOST_TEST(made.found->instructions > 0u);
}

BOOST_AUTO_TEST_CASE(looks_at_other_policies_past_the_cache) {
  auto request = ask("p/allow", R"({"user":"eve"})");
  core->decide(request, policies.present);
  world other{{{"p.rego", "package p\nallow := true\n"}}};
  auto seen = core->look(*request, {}, other.present);
  BOOST_TEST((seen.outcome == domain::verdict::allow));
  BOOST_TEST(core->decide(request, policies.present).tier == 1u);
}

BOOST_AUTO_TEST_CASE(takes_no_longer_than_it_is_given) {
  auto request = ask("p/allow", R"({"user":"root"})");
  auto late = core->decide(request, policies.present, std::chrono::seconds{0});
  BOOST_TEST((late.found->error == ec::limit_exceeded));
  BOOST_TEST(late.found->message.starts_with("policy.time_max"));
  BOOST_TEST((core->decide(request, policies.present).found->outcome
              == domain::verdict::allow));
}

BOOST_AUTO_TEST_CASE(the_same_request_comes_from_the_first_tier) {
  auto request = ask("p/allow", R"({"user":"root"})");
  BOOST_TEST(core->decide(request, policies.present).tier == 0u);
  BOOST_TEST(core->decide(request, policies.present).tier == 1u);
  BOOST_TEST(core->stats().l1_hits == 1u);
}

BOOST_AUTO_TEST_CASE(another_evaluator_finds_it_in_the_second_tier) {
  auto request = ask("p/allow", R"({"user":"root"})");
  core->decide(request, policies.present);
  state other{bounds};
  BOOST_TEST(other.decide(request, policies.present).tier == 2u);
}

BOOST_AUTO_TEST_CASE(another_caller_or_revision_misses_the_cache) {
  core->decide(ask("p/who", "{}"), policies.present);
  auto other = core->decide(ask("p/who", "{}", "bob"), policies.present);
  BOOST_TEST(other.tier == 0u);
  BOOST_TEST(other.found->result == "\"bob\"");
  auto changed = policies.with_data(R"({"x":1})");
  BOOST_TEST(core->decide(ask("p/who", "{}"), changed).tier == 0u);
}

BOOST_AUTO_TEST_CASE(what_looked_at_the_clock_is_never_cached) {
  auto request = ask("p/now", "{}");
  time.set(from_nanos(1000));
  BOOST_TEST(core->decide(request, policies.present).found->result == "1000");
  time.set(from_nanos(2000));
  auto again = core->decide(request, policies.present);
  BOOST_TEST(again.tier == 0u);
  BOOST_TEST(again.found->result == "2000");
}

BOOST_AUTO_TEST_CASE(a_replay_sees_the_clock_and_the_dice_of_then) {
  for (auto path : {"p/dice", "p/both", "p/now"}) {
    auto request = ask(path, "{}");
    time.set(from_nanos(1000));
    auto first = core->decide(request, policies.present);
    time.set(from_nanos(2000));
    auto other = core->decide(request, policies.present);
    BOOST_TEST(other.found->result != first.found->result);
    auto saw = parse_sight(first.found->recorded);
    BOOST_REQUIRE(saw);
    BOOST_TEST(saw->now_nanos.has_value() == (path != std::string{"p/dice"}));
    auto again = core->replay(*request, first.input, *saw, policies.present);
    BOOST_TEST(again.result == first.found->result);
    BOOST_TEST(again.recorded == first.found->recorded);
  }
  auto plain = core->decide(ask("p/allow", "{}"), policies.present);
  BOOST_TEST(plain.found->recorded.empty());
}

BOOST_AUTO_TEST_CASE(what_was_seen_is_read_strictly) {
  for (auto wrong : {"", "[]", R"({"now_ns":"1"})", R"({"now_ns":1.5})",
                     R"({"seed":"00"})", R"({"seed":7})"})
    BOOST_TEST((code_of(parse_sight(wrong).error()) == ec::invalid_argument));
  auto read = parse_sight(R"({"now_ns":5})");
  BOOST_REQUIRE(read);
  BOOST_TEST(to_json(*read) == R"({"now_ns":5})");
}

BOOST_AUTO_TEST_CASE(strict_mode_switches_the_cache_off) {
  auto strict = policies.in_mode(true, false);
  auto request = ask("p/allow", "{}");
  core->decide(request, strict);
  BOOST_TEST(core->decide(request, strict).tier == 0u);
}

BOOST_AUTO_TEST_CASE(lockdown_refuses_all_but_the_constitution) {
  auto locked = policies.in_mode(false, true);
  auto made = core->decide(ask("p/allow", R"({"user":"root"})"), locked);
  BOOST_TEST((made.found->error == ec::forbidden));
  auto open = core->decide(ask("acgs/main/decision", "{}"), locked);
  BOOST_TEST((open.found->error == ec::none));
  auto beside = core->decide(ask("acgs/main/more/allow", "{}"), locked);
  BOOST_TEST((beside.found->error == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(an_endless_policy_ends_in_an_error) {
  auto made = core->decide(ask("p/loop", "{}"), policies.present);
  BOOST_TEST((made.found->error == ec::limit_exceeded));
  BOOST_TEST(made.found->message.starts_with("policy.")); // which bound it was
  auto next =
      core->decide(ask("p/allow", R"({"user":"root"})"), policies.present);
  BOOST_TEST((next.found->outcome == domain::verdict::allow));
}

BOOST_AUTO_TEST_CASE(warming_answers_remembered_requests_anew) {
  core->decide(ask("p/allow", R"({"user":"root"})"), policies.present);
  core->decide(ask("p/allow", R"({"user":"eve"})"), policies.present);
  auto changed = policies.with_data(R"({"x":2})");
  auto out = core->warm(changed);
  BOOST_TEST(out.scenarios == 2u);
  BOOST_TEST(out.evaluated == 2u);
  BOOST_TEST(out.added == 2u);
  auto hit = core->decide(ask("p/allow", R"({"user":"eve"})"), changed);
  BOOST_TEST(hit.tier == 1u);
  BOOST_TEST(core->warm(changed).evaluated == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hostile_, fixture)

namespace {

/// a0 := [1]; a1 := [a0, a0]; ...: small, and 2^40 parts when walked.
std::string doubled(const std::string& name) {
  std::string out = name + "0 := [1]";
  for (int i = 1; i <= 40; ++i) {
    auto before = name + std::to_string(i - 1);
    out += "; " + name + std::to_string(i) + " := [" + before + ", " + before
           + "]";
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(values_small_only_by_sharing_stay_within_the_bounds) {
  for (const auto& text :
       {doubled("a"), doubled("a") + "; " + doubled("b") + "; a40 == b40",
        std::string{R"(v := json.patch({}, [{"op": "copy", "from": "",)"
                    R"( "path": "/a"} | numbers.range(1, 3000)[_]]))"}}) {
    domain::decide_request query;
    query.asks = domain::question::query;
    query.path = text;
    auto made = core->decide(wire::decide_request{query}, policies.present);
    BOOST_TEST((made.found->error == ec::limit_exceeded
                || made.found->result == "[]"));
  }
}

BOOST_AUTO_TEST_CASE(a_query_that_takes_long_to_compile_is_refused) {
  // Each variable waits for the next.
  std::string left = "[", right = "[";
  for (int i = 0; i < 4000; ++i) {
    left += "x" + std::to_string(i) + ",";
    right += "x" + std::to_string(i + 1) + ",";
  }
  domain::decide_request query;
  query.asks = domain::question::query;
  auto text = left + "1] = " + right + "x4000]";
  query.path = text;
  auto made = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((made.found->error == ec::invalid_argument));
  BOOST_TEST(made.found->message.find("takes more work") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reference_of_endless_length_is_refused) {
  domain::decide_request query;
  query.asks = domain::question::query;
  query.path = "data";
  std::string text = "data";
  for (int i = 0; i < 30000; ++i)
    text += ".a";
  query.path = text;
  auto made = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((made.found->error == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_path_that_no_policy_knows_is_no_label) {
  acgs::metrics::registry registry;
  evaluator::metrics counts{registry};
  evaluator::answer found;
  found.outcome = domain::verdict::undefined;
  counts.decided("patients/jane_doe", found, {});
  found.outcome = domain::verdict::deny;
  counts.decided("p/allow", found, {});
  auto text = registry.text();
  BOOST_TEST(text.find("jane_doe") == text.npos);
  BOOST_TEST(text.find("path=\"(undefined)\",result=\"undefined\"} 1")
             != text.npos);
  BOOST_TEST(text.find("path=\"p/allow\",result=\"deny\"} 1") != text.npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
