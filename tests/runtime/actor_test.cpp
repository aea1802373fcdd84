// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/promise.hpp"
#include "runtime/base/error.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(actor_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

using hold_atom = caf::atom_constant<caf::atom("hold")>;
using throw_atom = caf::atom_constant<caf::atom("throw")>;

/// Doubles numbers, or keeps its askers waiting, or dies.
using echo_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                    caf::replies_to<hold_atom>::with<int>,
                                    caf::replies_to<throw_atom>::with<int>>;

struct echo_state {
  std::vector<promise<int>> held;
};

echo_actor::behavior_type echo(echo_actor::stateful_pointer<echo_state> self) {
  return {
      [](int x) { return x * 2; },
      [self](hold_atom) -> caf::result<int> {
        self->state.held.emplace_back(self);
        return self->state.held.back();
      },
      [](throw_atom) -> int { throw std::runtime_error{"out of numbers"}; },
  };
}

using relay_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                     caf::reacts_to<hold_atom>>;

/// Asks another one, who keeps it waiting, and sends itself a message soon.
relay_actor::behavior_type relay(relay_actor::pointer self,
                                 const echo_actor& behind) {
  self->delayed_send(self, 10ms, hold_atom::value);
  return {
      [=](int) -> caf::result<int> {
        promise<int> later{self};
        self->request(behind, caf::infinite, hold_atom::value)
            .then([later](int x) { later.deliver(x); },
                  [later](caf::error& e) { later.fail(std::move(e)); });
        return later;
      },
      [](hold_atom) {},
  };
}

using pass_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;

/// Leaves the answer to another.
pass_actor::behavior_type pass_on(pass_actor::pointer self,
                                  const echo_actor& behind) {
  return {[=](int x) { return self->delegate(behind, x); }};
}

using fixture = test::actor_fixture;

/// The error's code, or "ok".
template <class T>
std::string outcome(const result<T>& answer) {
  return answer ? "ok" : std::string{to_string_view(code_of(answer.error()))};
}

template <class Handle>
const mailbox_meter& meter(const Handle& handle) {
  return *meter_of(caf::actor_cast<caf::strong_actor_ptr>(handle));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(bounded_mailbox, fixture)

BOOST_AUTO_TEST_CASE(answers_requests_below_the_bound) {
  auto handle = spawn_bounded(system, 2, echo);
  BOOST_TEST(ask<int>(handle, 21).value() == 42);
}

BOOST_AUTO_TEST_CASE(refuses_a_request_beyond_the_bound_at_once) {
  auto handle = spawn_bounded(system, 2, echo);
  run();
  auto first = begin<int>(handle, 1);
  auto second = begin<int>(handle, 2);
  auto third = begin<int>(handle, 3);
  BOOST_TEST(meter(handle).length() == 2u);
  scheduler.run_once_lifo(); // the asker alone, not the actor
  BOOST_REQUIRE(third->has_value());
  BOOST_TEST(outcome(third->value()) == "overloaded");
  run();
  BOOST_TEST((*first)->value() == 2);
  BOOST_TEST((*second)->value() == 4);
  BOOST_TEST(meter(handle).refused() == 1u);
  BOOST_TEST(meter(handle).length() == 0u);
  BOOST_TEST(ask<int>(handle, 5).value() == 10);
}

BOOST_AUTO_TEST_CASE(lets_an_exit_message_pass_a_full_mailbox) {
  auto handle = spawn_bounded(system, 1, echo);
  run();
  auto waiting = begin<int>(handle, 1);
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  BOOST_TEST(meter(handle).refused() == 0u);
  run();
  BOOST_TEST(waiting->has_value());
  BOOST_TEST(outcome(ask<int>(handle, 1)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(refuses_what_another_delegated_and_tells_the_first_asker) {
  auto behind = spawn_bounded(system, 1, echo);
  auto handle = spawn_bounded(system, 8, pass_on, behind);
  run();
  auto filler = begin<int>(behind, 1);
  auto asked = begin<int>(handle, 2);
  scheduler.prioritize(handle);
  scheduler.run_once(); // delegates into the full mailbox
  BOOST_TEST(meter(behind).refused() == 1u);
  run();
  BOOST_REQUIRE(asked->has_value());
  BOOST_TEST(outcome(asked->value()) == "overloaded");
  BOOST_TEST(ask<int>(handle, 2).value() == 4);
  self->send_exit(behind, caf::exit_reason::kill);
  run();
  BOOST_TEST(outcome(ask<int>(handle, 2)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(drops_and_counts_what_nobody_waits_for) {
  auto handle = spawn_bounded(system, 1, echo);
  run();
  self->send(handle, 1);
  self->send(handle, 2);
  BOOST_TEST(meter(handle).refused() == 1u);
  run();
  BOOST_TEST(meter(handle).processed() == 1u);
}

BOOST_AUTO_TEST_CASE(answers_the_request_that_its_handler_died_of) {
  auto handle = spawn_bounded(system, 4, echo);
  run();
  auto fatal = begin<int>(handle, throw_atom::value);
  auto behind = begin<int>(handle, 1);
  run();
  BOOST_TEST(outcome(fatal->value()) == "unavailable");
  BOOST_TEST(outcome(behind->value()) == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_dead_actor_is_unavailable_and_never_overloaded) {
  auto handle = spawn_bounded(system, 2, echo);
  run();
  auto left_behind = begin<int>(handle, 1);
  self->send_exit(handle, caf::exit_reason::kill);
  run();
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(outcome(ask<int>(handle, 1)) == "unavailable");
  BOOST_TEST(meter(handle).length() == 0u);
  BOOST_TEST(meter(handle).refused() == 0u);
}

BOOST_AUTO_TEST_CASE(dies_with_the_text_of_the_exception) {
  auto handle = spawn_bounded(system, 4, echo);
  self->monitor(handle);
  run();
  auto fatal = begin<int>(handle, throw_atom::value);
  run();
  std::string reason;
  self->receive(
      [&](caf::down_msg& down) { reason = sentence_of(down.reason); });
  BOOST_TEST(reason == "uncaught exception: out of numbers");
}

BOOST_AUTO_TEST_CASE(answers_promises_that_its_death_broke) {
  auto handle = spawn_bounded(system, 4, echo);
  auto held = begin<int>(handle, hold_atom::value);
  run();
  BOOST_TEST(!held->has_value());
  auto fatal = begin<int>(handle, throw_atom::value);
  run();
  BOOST_REQUIRE(held->has_value());
  BOOST_TEST(outcome(held->value()) == "unavailable");
}

BOOST_AUTO_TEST_CASE(answers_for_calls_of_its_own_that_its_death_cut_off) {
  auto behind = spawn_bounded(system, 4, echo);
  auto handle = spawn_bounded(system, 4, relay, behind);
  auto asked = begin<int>(handle, 1);
  run();
  BOOST_TEST(!asked->has_value());
  self->send_exit(handle, caf::exit_reason::kill);
  run();
  BOOST_REQUIRE(asked->has_value());
  BOOST_TEST(outcome(asked->value()) == "unavailable");
  self->send_exit(behind, caf::exit_reason::kill); // it keeps a promise
  run();
}

BOOST_AUTO_TEST_CASE(lets_responses_and_its_own_messages_pass_a_full_mailbox) {
  auto behind = spawn_bounded(system, 4, echo);
  auto handle = spawn_bounded(system, 1, relay, behind);
  auto asked = begin<int>(handle, 1);
  run();
  auto filler = begin<int>(handle, 1);
  BOOST_TEST(meter(handle).length() == 1u);
  scheduler.advance_time(10ms); // its delayed message to itself
  self->send_exit(behind, caf::exit_reason::kill);
  scheduler.prioritize(behind);
  scheduler.run_once(); // answers what the relay waits for
  BOOST_TEST(meter(handle).length() == 3u);
  BOOST_TEST(meter(handle).refused() == 0u);
  run();
  BOOST_TEST(outcome(asked->value()) == "unavailable");
}

BOOST_AUTO_TEST_CASE(has_no_meter_where_it_is_not_bounded) {
  auto handle = system.spawn(echo);
  BOOST_TEST(meter_of(caf::actor_cast<caf::strong_actor_ptr>(handle))
             == nullptr);
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  run();
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

constexpr actor_key<echo_actor> echo_key{"echo"};

caf::strong_actor_ptr strong(const echo_actor& handle) {
  return caf::actor_cast<caf::strong_actor_ptr>(handle);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_directory, fixture)

BOOST_AUTO_TEST_CASE(refuses_requests_to_an_actor_that_never_started) {
  directory actors{system};
  auto ref = actors.find(echo_key);
  auto answer = ask<int>(ref.get(), 1);
  BOOST_REQUIRE(!answer);
  BOOST_TEST(outcome(answer) == "unavailable");
  BOOST_TEST(sentence_of(answer.error()) == "the actor 'echo' is not running");
  BOOST_TEST(actors.rows().empty());
}

BOOST_AUTO_TEST_CASE(leads_an_old_reference_to_the_new_actor) {
  directory actors{system};
  auto ref = actors.find(echo_key);
  auto first = spawn_bounded(system, 4, echo);
  actors.put("echo", strong(first), {});
  BOOST_TEST(ask<int>(ref.get(), 1).value() == 2);
  self->send_exit(first, caf::exit_reason::user_shutdown);
  run();
  BOOST_TEST(outcome(ask<int>(ref.get(), 1)) == "unavailable");
  auto second = spawn_bounded(system, 4, echo);
  actors.put("echo", strong(second), {});
  BOOST_TEST(ask<int>(ref.get(), 1).value() == 2);
  self->send_exit(second, caf::exit_reason::user_shutdown);
  run();
}

BOOST_AUTO_TEST_CASE(lists_what_was_put_in_the_order_of_first_start) {
  directory actors{system};
  auto handle = spawn_bounded(system, 4, echo);
  run();
  actors.put("zulu", strong(handle), {"node", actor_state::running});
  actors.put_absent("alpha", {"node", actor_state::restarting, 3});
  self->send(handle, 1);
  auto rows = actors.rows();
  BOOST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(rows[0].name == "zulu");
  BOOST_TEST(rows[0].bounded);
  BOOST_TEST(rows[0].mailbox_length == 1u);
  BOOST_TEST(rows[0].mailbox_bound == 4u);
  BOOST_TEST(rows[1].name == "alpha");
  BOOST_TEST(rows[1].status.restarts == 3u);
  BOOST_TEST(!rows[1].bounded);
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  run();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
