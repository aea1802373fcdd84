// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// RPC_GATEWAY as an actor: what it hears from CONTROL, how it drains, what it
// says of itself.

#include "actors/rpc_gateway/rpc_gateway.hpp"
#include "runtime/actor/bounded.hpp"
#include "tests/support/rpc_node.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

BOOST_AUTO_TEST_SUITE(rpc_gateway_actor_test)

using namespace acgs;
using namespace std::chrono_literals;
using domain::role;

namespace {

struct fixture : test::rpc_node {
  fixture() {
    auto made = rpc_gateway::service::open(system, settings);
    BOOST_REQUIRE_MESSAGE(made, sentence_of(made.error()));
    gateway = *made;
    shell = spawn_bounded(system, 256, rpc_gateway::rpc_gateway, gateway,
                          actors->find(control::key));
  }
  ~fixture() {
    caf::anon_send_exit(shell, caf::exit_reason::user_shutdown);
    self->wait_for(shell);
  }

  template <class Reply, class Message>
  result<Reply> ask(Message message) {
    result<Reply> out{make_error(ec::internal)};
    self->request(shell, caf::infinite, std::move(message))
        .receive([&](const Reply& got) { out = got; },
                 [&](const caf::error& why) { out = why; });
    return out;
  }

  /// Tells the actor of a state, as CONTROL does, and waits until it knows.
  void tell() {
    ++state.revision;
    self->send(shell, control::published{
                          std::make_shared<const domain::control_state>(state),
                          nullptr});
    BOOST_REQUIRE(ask<probe_result>(probe{}));
  }

  /// Returns once the fakes have noted that; what comes first is skipped.
  void wait_for(std::string_view what) {
    auto begins = [&](const std::string& one) { return one.starts_with(what); };
    for (;;) {
      auto all = by->notes();
      if (std::any_of(all.begin(), all.end(), begins))
        return;
      std::this_thread::yield();
    }
  }

  caf::scoped_actor self{system};
  rpc_gateway_actor shell;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(shell, fixture)

BOOST_AUTO_TEST_CASE(subscribes_to_control_and_goes_by_what_it_hears) {
  wait_for("subscribed");
  state.policies["second"].text =
      std::make_shared<const std::string>("package second\n");
  tell();
  auto node = connect();
  BOOST_REQUIRE(node);
  BOOST_TEST(node->policy().list()->size() == 2u);
  state.policies.erase("second");
  tell();
  BOOST_TEST(node->policy().list()->size() == 1u);
}

BOOST_AUTO_TEST_CASE(says_what_it_has_to_do_when_it_is_probed) {
  tell();
  auto node = connect();
  BOOST_REQUIRE(node);
  auto found = ask<probe_result>(probe{});
  BOOST_REQUIRE(found);
  BOOST_TEST((found->status == health_status::healthy));
  BOOST_TEST(found->facts
             == R"({"connections":1,"calls":0,"handshakes":0,"port":0})");
}

BOOST_AUTO_TEST_CASE(drains_at_once_where_no_call_waits) {
  tell();
  auto node = connect();
  BOOST_REQUIRE(node);
  auto done = ask<rpc_gateway::drained>(rpc_gateway::drain{24h});
  BOOST_REQUIRE(done);
  BOOST_TEST(done->left == 0u);
  auto late = node->node();
  BOOST_REQUIRE(!late);
  BOOST_TEST((code_of(late.error()) == ec::unavailable));
  BOOST_TEST(!connect());
}

BOOST_AUTO_TEST_CASE(waits_for_calls_no_longer_than_it_may) {
  tell();
  by->policy_silent = true;
  std::thread caller{[this] {
    auto node = connect();
    client::question question;
    question.path = "acgs/main/decision";
    if (node)
      by->note(node->decide(question) ? "answered" : "not answered");
  }};
  wait_for("decide");
  auto done = ask<rpc_gateway::drained>(rpc_gateway::drain{60ms});
  BOOST_REQUIRE(done);
  BOOST_TEST(done->left == 1u);
  // Its end cuts the caller off, who is told so and does not hang.
  caf::anon_send_exit(shell, caf::exit_reason::user_shutdown);
  gateway.reset();
  caller.join();
  wait_for("not answered");
}

BOOST_AUTO_TEST_CASE(drains_once) {
  tell();
  by->policy_silent = true;
  std::thread caller{[this] {
    if (auto node = connect()) {
      client::question question;
      question.path = "acgs/main/decision";
      auto answer = node->decide(question);
      by->note(answer ? "answered" : "not answered");
    }
  }};
  wait_for("decide");
  auto first = self->request(shell, caf::infinite, rpc_gateway::drain{500ms});
  auto second = ask<rpc_gateway::drained>(rpc_gateway::drain{24h});
  BOOST_REQUIRE(!second);
  BOOST_TEST((code_of(second.error()) == ec::conflict));
  first.receive(
      [](const rpc_gateway::drained& how) { BOOST_TEST(how.left == 1u); },
      [](const caf::error& why) { BOOST_ERROR(sentence_of(why)); });
  caf::anon_send_exit(shell, caf::exit_reason::user_shutdown);
  gateway.reset();
  caller.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
