// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What evaluations ask the network: live, replayed, tried, warmed, bounded.

#include "actors/evaluator/state.hpp"
#include "tests/support/fake_carrier.hpp"
#include "tests/support/policy_world.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(evaluator_network_test)

using namespace acgs;
using namespace acgs::evaluator;
using acgs::test::fake_carrier;
using acgs::test::manual_clock;
using acgs::test::world;

namespace {

wire::decide_request ask(std::string_view path, std::string_view input = "{}") {
  domain::decide_request out;
  out.path = path;
  out.input = input;
  out.request_id = "r-1";
  return wire::decide_request{out};
}

constexpr auto policies_text = R"(package p
users := http.send({"method": "get", "url": "http://users.example/1"})
allow if users.body.name == "alice"
status := users.status_code
n := users.body.n
elsewhere := http.send({"method": "get", "url": "http://other.example/",
  "raise_error": false}).error.message
both := [users.body.name, time.now_ns(), rand.intn("a", 1000000)]
unread := http.send({"method": "get", "url": 7})
plain := input.x
perhaps := users.status_code if data.ask
perhaps := 0 if not data.ask
)";

struct fixture {
  fixture() {
    carrier->body = R"({"name":"alice","n":1.10})";
    bounds.time = &time;
    bounds.second_tier = std::make_shared<shared_cache>(cache_bounds{1000});
    bounds.network.transport = carrier;
    bounds.network.hosts = {"users.example"};
    bounds.network.response_bytes_max = std::size_t{4} << 20;
    core.emplace(bounds);
  }

  answer again(std::string_view path, const answer& first,
               const snapshot_ptr& with) {
    auto saw = parse_sight(first.recorded.empty() ? "{}" : first.recorded);
    BOOST_REQUIRE_MESSAGE(saw, (saw ? "" : sentence_of(saw.error())));
    return core->replay(*ask(path), "{}", *saw, with);
  }

  manual_clock time;
  std::shared_ptr<fake_carrier> carrier = std::make_shared<fake_carrier>();
  config bounds;
  std::optional<state> core;
  world policies{{{"p.rego", policies_text}}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(network, fixture)

BOOST_AUTO_TEST_CASE(a_decision_may_ask_a_host_and_is_never_cached) {
  auto first = core->decide(ask("p/allow"), policies.present);
  BOOST_TEST((first.found->outcome == domain::verdict::allow));
  BOOST_TEST(first.found->nondeterministic);
  BOOST_TEST(carrier->asked.size() == 1u);
  auto second = core->decide(ask("p/allow"), policies.present);
  BOOST_TEST(second.tier == 0u);
  BOOST_TEST(carrier->asked.size() == 2u);
  BOOST_TEST(bounds.second_tier->size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_replay_is_told_the_same_and_asks_nobody) {
  for (auto path : {"p/allow", "p/status", "p/n", "p/both", "p/elsewhere",
                    "p/unread", "p/users"}) {
    auto first = core->decide(ask(path), policies.present);
    BOOST_TEST(first.found->recorded.find("\"http\"") != std::string::npos);
    carrier->asked.clear();
    carrier->body = R"({"name":"eve"})";
    auto second = again(path, *first.found, policies.present);
    BOOST_TEST((second.outcome == first.found->outcome), path);
    BOOST_TEST(second.result == first.found->result);
    BOOST_TEST(second.recorded == first.found->recorded);
    BOOST_TEST(carrier->asked.empty());
    carrier->body = R"({"name":"alice","n":1.10})";
  }
}

BOOST_AUTO_TEST_CASE(an_explanation_asks_once_and_is_recorded_as_well) {
  domain::decide_request request;
  request.path = "p/allow";
  request.explain = domain::explanation::full;
  auto made = core->decide(wire::decide_request{request}, policies.present);
  BOOST_TEST(!made.found->explanation.empty());
  BOOST_TEST(carrier->asked.size() == 1u);
  BOOST_TEST(again("p/allow", *made.found, policies.present).result == "true");
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_refused_again) {
  bounds.network = {};
  core.emplace(bounds);
  auto first = core->decide(ask("p/allow"), policies.present);
  BOOST_TEST((first.found->outcome == domain::verdict::undefined));
  BOOST_TEST(first.found->recorded.find("no host is allowed")
             != std::string::npos);
  auto second = again("p/allow", *first.found, policies.present);
  BOOST_TEST((second.outcome == domain::verdict::undefined));
}

BOOST_AUTO_TEST_CASE(other_policies_are_told_what_those_that_decided_were) {
  auto first = core->decide(ask("p/allow"), policies.present);
  auto saw = parse_sight(first.found->recorded);
  BOOST_REQUIRE(saw);
  carrier->asked.clear();
  world tighter{{{"p.rego", R"(package p
allow if http.send({"method": "get", "url": "http://users.example/1"}).body.n > 5
other := http.send({"method": "get", "url": "http://users.example/2"})
)"}}};
  auto tried = core->look(*ask("p/allow"), *saw, tighter.present);
  BOOST_TEST((tried.outcome == domain::verdict::undefined));
  BOOST_TEST((tried.error == ec::none));
  // What was not asked then is not asked now: an error, not a refusal.
  auto other = core->look(*ask("p/other"), *saw, tighter.present);
  BOOST_TEST((other.outcome == domain::verdict::error));
  BOOST_TEST((other.error == ec::evaluation_failed));
  BOOST_TEST(other.message.find("none that the decision was told")
             != std::string::npos);
  BOOST_TEST(carrier->asked.empty());
}

BOOST_AUTO_TEST_CASE(warming_the_cache_asks_nobody) {
  auto request = ask("p/perhaps");
  BOOST_TEST(core->decide(request, policies.present).found->result == "0");
  auto asking = policies.with_data(R"({"ask":true})");
  BOOST_TEST(core->warm(asking).scenarios == 1u);
  BOOST_TEST(carrier->asked.empty());
  auto made = core->decide(request, asking);
  BOOST_TEST(made.tier == 0u);
  BOOST_TEST(made.found->result == "200");
}

BOOST_AUTO_TEST_CASE(a_query_asks_nobody_and_its_replay_says_the_same) {
  domain::decide_request query;
  query.asks = domain::question::query;
  query.path = "data.p.allow == true";
  auto made = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((made.found->error == ec::evaluation_failed));
  BOOST_TEST(made.found->message.find("a query make none")
             != std::string::npos);
  auto replayed = core->replay(query, "{}", {}, policies.present);
  BOOST_TEST(replayed.message == made.found->message);
  BOOST_TEST(carrier->asked.empty());
}

BOOST_AUTO_TEST_CASE(partial_evaluation_asks_nobody) {
  domain::decide_request query;
  query.asks = domain::question::compile;
  query.path = "data.p.allow == true";
  query.partial = R"({"unknowns":["input"]})";
  auto left = core->decide(wire::decide_request{query}, policies.present);
  BOOST_TEST((left.found->error == ec::none));
  BOOST_TEST(left.found->result.find("queries") != std::string::npos);
  BOOST_TEST(carrier->asked.empty());
}

BOOST_AUTO_TEST_CASE(more_than_can_be_recorded_is_an_error_then_and_later) {
  world greedy{{{"p.rego", R"(package p
total := count([r | some i in numbers.range(1, 4)
  r := http.send({"method": "get", "url":
    sprintf("http://users.example/%d", [i])})])
)"}}};
  carrier->body = "\"" + std::string(std::size_t{3} << 20, 'x') + "\"";
  auto first = core->decide(ask("p/total"), greedy.present);
  BOOST_TEST((first.found->outcome == domain::verdict::error));
  BOOST_TEST(first.found->message.find("more than is recorded")
             != std::string::npos);
  BOOST_TEST(first.found->recorded.size() < 2 * told_bytes_max);
  auto second = again("p/total", *first.found, greedy.present);
  BOOST_TEST(second.message == first.found->message);
  BOOST_TEST(second.recorded == first.found->recorded);
}

BOOST_AUTO_TEST_CASE(what_was_told_is_read_strictly) {
  for (auto wrong : {R"({"http":{}})", R"({"http":[1]})", R"({"http":[{}]})",
                     R"({"http":[{"request":1}]})",
                     R"({"http":[{"request":"a","response":{}}]})"})
    BOOST_TEST((code_of(parse_sight(wrong).error()) == ec::invalid_argument));
  auto text = std::string{
      R"({"http":[{"request":"a","response":"{\"n\":1.10}"},)"
      R"({"code":"c","error":"e","request":"b"},{"request":"d"}]})"};
  auto read = parse_sight(text);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->told.at(0).response == R"({"n":1.10})");
  BOOST_TEST(to_json(*read) == text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
