// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What control state and the log are told of signing keys.

#include "runtime/base/json.hpp"
#include "tests/support/control_fixture.hpp"
#include "tests/support/must.hpp"

BOOST_AUTO_TEST_SUITE(control_keys_test)

using namespace acgs;
using kind = domain::command_kind;
using test::must;

BOOST_FIXTURE_TEST_SUITE(actor, test::control_fixture)

BOOST_AUTO_TEST_CASE(the_nodes_keys_and_their_changes_are_on_record) {
  with_signer = true;
  auto control = start();
  auto now = must(present(control));
  BOOST_REQUIRE(now.state->keys.size() == 1u);
  BOOST_TEST(now.state->keys.begin()->second.active);
  auto entries = ledger.of_kind(domain::entry_kind::key);
  BOOST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0]->event_type == "key_created");
  BOOST_TEST(entries[0]->caller.subject == "node-1");
  stop(control);
  control = start();
  BOOST_TEST(ledger.of_kind(domain::entry_kind::key).size() == 1u);
  stop(control);
  // Another key under the same name takes the first one's place.
  signer.what->active = crypto::signing_key::generate();
  control = start();
  now = must(present(control));
  BOOST_TEST(now.state->keys.size() == 2u);
  entries = ledger.of_kind(domain::entry_kind::key);
  BOOST_REQUIRE(entries.size() == 3u);
  BOOST_TEST(entries[1]->event_type == "key_created");
  BOOST_TEST(entries[2]->event_type == "key_retired");
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_key_is_rotated_and_the_log_says_what_the_keys_said) {
  with_signer = true;
  auto control = start();
  auto first = must(present(control)).state->keys.begin()->first;
  control::rotate_key order;
  order.serves = signer::purpose::token;
  order.reason = "yearly";
  order.caller.subject = "alice";
  auto done = must(ask<control::key_changed>(control, order));
  BOOST_TEST(done.key == first);
  BOOST_TEST(signer.what->head == "the head of the log");
  auto now = must(present(control));
  BOOST_REQUIRE(now.state->keys.size() == 2u);
  BOOST_TEST(!now.state->keys.at(first).active);
  BOOST_TEST(now.state->keys.at(done.successor).active);
  BOOST_TEST(done.revision == now.state->revision);
  auto entries = ledger.of_kind(domain::entry_kind::key);
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[1]->event_type == "key_rotated");
  BOOST_TEST(entries[1]->caller.subject == "alice");
  BOOST_TEST(entries[1]->path == done.successor);
  auto detail = must(json::parse(entries[1]->detail));
  auto said = detail.find("key");
  BOOST_REQUIRE(said);
  BOOST_TEST(*said->find("replaces")->if_string() == first);
  BOOST_TEST(*said->find("statement")->if_string()
             == "first line\nsecond line\n");
  BOOST_TEST(std::string{entries[1]->detail}.find("yearly")
             == std::string::npos);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_rotation_that_a_crash_left_off_record_is_recorded) {
  with_signer = true;
  auto control = start();
  stop(control);
  for (int i = 0; i < 2; ++i)
    test::fake_signer::rotate(*signer.what, {});
  control = start();
  auto now = must(present(control));
  BOOST_TEST(now.state->keys.size() == 3u);
  auto active = 0;
  for (const auto& [name, key] : now.state->keys)
    active += key.active ? 1 : 0;
  BOOST_TEST(active == 1);
  auto entries = ledger.of_kind(domain::entry_kind::key);
  BOOST_REQUIRE(entries.size() == 3u);
  BOOST_TEST(entries[2]->caller.subject == "node-1");
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_rotation_that_the_signer_refuses_changes_nothing) {
  with_signer = true;
  auto control = start();
  signer.what->refusal = make_error(ec::too_large, "too many");
  auto refused = ask<control::key_changed>(control, control::rotate_key{});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::too_large));
  BOOST_TEST(must(present(control)).state->keys.size() == 1u);
  signer.what->refusal = {};
  BOOST_TEST(static_cast<bool>(
      ask<control::key_changed>(control, control::rotate_key{})));
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_start_goes_on_without_the_signer) {
  with_signer = true;
  signer.what->refusal = make_error(ec::unavailable, "restarting");
  auto control = start();
  BOOST_TEST(must(present(control)).state->keys.empty());
  must(carry_out(control, kind::put_data, "x", "1"));
  stop(control);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
