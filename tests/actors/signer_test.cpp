// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// SIGNER: keys made on the first start and found again, a purpose each, and
// those that follow them.
#include "actors/signer/key_files.hpp"
#include "actors/signer/signer.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/backup/manifest.hpp"
#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <merkle/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(signer_test)

using namespace acgs;
using namespace acgs::signer;
using test::must;

namespace {

struct folder_fixture : test::scratch_folder {
  config setup = [this] {
    config out;
    out.folder = path() / "keys";
    out.origin = "acgs/node-1/1";
    return out;
  }();

  wall_time now{std::chrono::seconds{1'700'000'000}};

  static std::string head(std::uint64_t size) {
    return merkle::format_checkpoint({"acgs/node-1/1", size, {}, {}});
  }

  bool exists(const char* name) const {
    return std::filesystem::exists(setup.folder / name);
  }

  static void must_not_fail(const caf::error& error) {
    BOOST_TEST(!error, sentence_of(error));
  }

  /// Plans a change, stores it and takes it up.
  template <class Change>
  planned_change change(state& core, const Change& what) {
    auto plan = [&] {
      if constexpr (std::is_same_v<Change, rotate>)
        return must(core.plan(what, crypto::signing_key::generate(), now));
      else
        return must(core.plan(what, now));
    }();
    planned_change shown;
    shown.key = plan.key;
    shown.successor = plan.successor;
    bool unknown = false;
    must_not_fail(store_change(setup, plan, unknown));
    must_not_fail(core.adopt(std::move(plan)));
    return shown;
  }

  state open() { return must(state::open(must(open_keys(setup)))); }
};

bytes as_bytes(std::string_view text) {
  auto view = as_byte_view(text);
  return {view.begin(), view.end()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(signer_state, folder_fixture)

BOOST_AUTO_TEST_CASE(makes_a_key_a_purpose_on_the_first_start_only) {
  auto first = open().list();
  auto second = open().list();
  BOOST_REQUIRE(first.keys.size() == 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(first.keys[i].made_now);
    BOOST_TEST(!second.keys[i].made_now);
    BOOST_TEST(to_hex(first.keys[i].value) == to_hex(second.keys[i].value));
    BOOST_TEST(second.keys[i].created_nanos > 0);
  }
  BOOST_TEST(to_hex(first.keys[0].value) != to_hex(first.keys[1].value));
  BOOST_TEST(first.keys[0].name == "acgs/node-1/1");
  BOOST_TEST(first.keys[1].name == "acgs/node-1/1/token");
}

BOOST_AUTO_TEST_CASE(signs_with_the_key_of_the_purpose) {
  auto core = open();
  auto keys = core.list().keys;
  auto message = as_bytes("a token");
  auto by = must(core.sign({purpose::token, message}));
  BOOST_TEST(crypto::verify(keys[1].value, message, by.value));
  BOOST_TEST(!crypto::verify(keys[2].value, message, by.value));
}

BOOST_AUTO_TEST_CASE(signs_only_checkpoints_of_its_own_log_as_such) {
  auto core = open();
  auto text = merkle::format_checkpoint({"acgs/node-1/1", 7, {}, {}});
  auto by = must(core.sign({purpose::checkpoint, as_bytes(text)}));
  BOOST_TEST(
      crypto::verify(core.list().keys[0].value, as_byte_view(text), by.value));
  for (const auto& bad : {std::string{"a token"}, text + "\n",
                          merkle::format_checkpoint({"other", 7, {}, {}})}) {
    auto refused = core.sign({purpose::checkpoint, as_bytes(bad)});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  }
  BOOST_TEST(!core.sign({static_cast<purpose>(9), {}}));
}

BOOST_AUTO_TEST_CASE(signs_manifests_of_backups_of_its_own_log) {
  auto core = open();
  backup::manifest about;
  about.of.origin = "acgs/node-1/1";
  auto text = backup::format_manifest(about);
  auto by = must(core.sign({purpose::checkpoint, as_bytes(text)}));
  BOOST_TEST(
      crypto::verify(core.list().keys[0].value, as_byte_view(text), by.value));
  BOOST_TEST(!core.sign({purpose::checkpoint, as_bytes(text + "\n")}));
  about.of.origin = "acgs/node-2/1";
  auto other = as_bytes(backup::format_manifest(about));
  BOOST_TEST(!core.sign({purpose::checkpoint, other}));
}

BOOST_AUTO_TEST_CASE(shows_verifier_keys_that_a_stranger_can_use) {
  auto core = open();
  for (const auto& key : core.list().keys) {
    auto parsed = merkle::parse_verifier_key(key.verifier_key);
    BOOST_REQUIRE(static_cast<bool>(parsed));
    BOOST_TEST(parsed->name == key.name);
    BOOST_TEST((parsed->key == key.value));
  }
  BOOST_TEST(core.fingerprint().size() == 64u);
}

BOOST_AUTO_TEST_CASE(has_a_key_follow_another_and_finds_it_again) {
  auto core = open();
  auto before = core.list().keys[0];
  // What was signed last is the end of what the old key is believed for.
  BOOST_REQUIRE(core.sign({purpose::checkpoint, as_bytes(head(9))}));
  auto done = change(core, rotate{purpose::checkpoint, head(5), "yearly"});
  auto keys = core.list().keys;
  BOOST_REQUIRE(keys.size() == 4u);
  BOOST_TEST(keys[0].verifier_key != before.verifier_key);
  BOOST_TEST(keys[0].replaces == done.key);
  BOOST_TEST(keys[3].verifier_key == before.verifier_key);
  BOOST_TEST(!keys[3].active);
  BOOST_TEST(keys[3].last_size == 9u);
  BOOST_TEST(keys[3].reason == "yearly");
  BOOST_TEST(before.created_nanos > 0);
  BOOST_TEST(keys[3].created_nanos == before.created_nanos);
  auto by = must(core.sign({purpose::checkpoint, as_bytes(head(9))}));
  BOOST_TEST(crypto::verify(keys[0].value, as_byte_view(head(9)), by.value));
  BOOST_TEST(!exists("checkpoint.key"));
  auto again = open().list().keys;
  BOOST_REQUIRE(again.size() == 4u);
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST(again[i].verifier_key == keys[i].verifier_key);
  BOOST_TEST(again[3].created_nanos == before.created_nanos);
  BOOST_TEST(again[0].statement == keys[0].statement);
  // Whoever trusts the first key is led to the present one.
  auto trusted = *merkle::parse_verifier_key(before.verifier_key);
  auto led =
      must(crypto::key_history::follow(trusted, core.history().statements()));
  BOOST_TEST(merkle::format_verifier_key(led.active("checkpoint")->key)
             == keys[0].verifier_key);
}

BOOST_AUTO_TEST_CASE(plans_nothing_that_the_next_start_would_refuse) {
  auto core = open();
  change(core, rotate{purpose::token, head(7), {}});
  // No log is shorter than it was.
  auto refused = core.plan(rotate{purpose::token, head(6), {}},
                           crypto::signing_key::generate(), now);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  change(core, rotate{purpose::token, head(7), {}});
}

BOOST_AUTO_TEST_CASE(revokes_what_signs_no_more_once) {
  auto core = open();
  auto old = change(core, rotate{purpose::token, head(3), {}}).key;
  auto refusal = [&](const std::string& key) {
    auto refused = core.plan(signer::revoke{key, head(4), "lost"}, now);
    BOOST_REQUIRE(!refused);
    return code_of(refused.error());
  };
  BOOST_TEST((refusal(core.known().active[1].file) == ec::not_found));
  auto active = core.list().keys[1];
  BOOST_TEST((refusal(crypto::key_record_name(
                  *merkle::parse_verifier_key(active.verifier_key)))
              == ec::conflict));
  change(core, signer::revoke{old.substr(old.find('+') + 1), head(4), "lost"});
  BOOST_TEST((refusal(old) == ec::conflict));
  auto listed = open().list().keys.back();
  BOOST_TEST(listed.revoked);
  BOOST_TEST(listed.reason == "lost");
  BOOST_TEST(!listed.revocation.empty());
}

BOOST_AUTO_TEST_CASE(is_whole_wherever_a_change_breaks_off) {
  auto core = open();
  auto first = core.list().keys[0].verifier_key;
  auto plan = must(core.plan(rotate{purpose::checkpoint, head(5), {}},
                             crypto::signing_key::generate(), now));
  // After the new key was written, before the ring names it.
  auto file = setup.folder / plan.next.active[0].file;
  must_not_fail(crypto::save_key(file, *plan.fresh));
  test::write_file((setup.folder / "token-01234567.key.new").string(), "half");
  BOOST_TEST(open().list().keys[0].verifier_key == first);
  BOOST_TEST(!std::filesystem::exists(file));
  BOOST_TEST(!exists("token-01234567.key.new"));
  // After the ring names it, before the old one was removed.
  must_not_fail(crypto::save_key(file, *plan.fresh));
  auto text = format_ring(plan.next);
  must_not_fail(crypto::replace_private_file(setup.folder / "ring.json",
                                             as_byte_view(text)));
  BOOST_TEST(exists("checkpoint.key"));
  BOOST_TEST(open().list().keys[0].verifier_key
             == merkle::format_verifier_key(plan.next.active[0].key));
  BOOST_TEST(!exists("checkpoint.key"));
  // The ring is lost: nobody makes up a new beginning.
  std::filesystem::remove(setup.folder / "ring.json");
  auto refused = open_keys(setup);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
  BOOST_TEST(std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(refuses_a_ring_that_contradicts_itself) {
  auto core = open();
  change(core, rotate{purpose::checkpoint, head(5), {}});
  auto file = setup.folder / "ring.json";
  auto good = test::read_file(file);
  auto refused_with = [&](const std::string& text) {
    std::filesystem::remove(file);
    must_not_fail(crypto::write_private_file(file, as_byte_view(text)));
    auto keys = open_keys(setup);
    auto found =
        keys ? state::open(std::move(*keys)) : result<state>{keys.error()};
    BOOST_REQUIRE(!found);
    BOOST_TEST((code_of(found.error()) == ec::store_corrupt));
  };
  auto ring = must(parse_ring(good));
  auto changed = ring;
  changed.statements.clear();
  changed.active[0].key = changed.active[1].key;
  refused_with(format_ring(changed));
  changed = ring;
  std::swap(changed.active[1].file, changed.active[2].file);
  refused_with(format_ring(changed));
  changed = ring;
  changed.statements[0][3] ^= 1;
  refused_with(format_ring(changed));
  changed = ring;
  changed.active[1].file = "../token.key";
  refused_with(format_ring(changed));
  auto text = good;
  auto created = text.find("\"created\":") + 10;
  refused_with(
      text.replace(created, text.find('}', created) + 1 - created, "[]"));
  refused_with("{}");
  refused_with(good.substr(0, good.size() / 2));
}

BOOST_AUTO_TEST_CASE(takes_its_keys_along_to_another_origin) {
  auto core = open();
  change(core, rotate{purpose::checkpoint, head(5), {}});
  auto before = core.list().keys[0];
  setup.origin = "acgs/node-1/2";
  auto after = open();
  BOOST_TEST(after.list().keys.size() == 3u);
  BOOST_TEST(after.list().keys[0].name == "acgs/node-1/2");
  BOOST_TEST((after.list().keys[0].value == before.value));
  BOOST_REQUIRE(after.known().past.size() == 1u);
  BOOST_TEST(after.known().past[0].statements.size() == 1u);
  BOOST_TEST(merkle::format_verifier_key(after.known().past[0].key)
             == before.verifier_key);
}

BOOST_AUTO_TEST_CASE(never_replaces_a_key_that_it_cannot_read) {
  open();
  auto file = setup.folder / "checkpoint.key";
  auto before = test::read_file(file);
  std::filesystem::permissions(file, std::filesystem::perms::all);
  auto refused = open_keys(setup);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::forbidden));
  BOOST_TEST(test::read_file(file) == before);
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_of_keys_that_others_may_enter) {
  open();
  std::filesystem::permissions(setup.folder, std::filesystem::perms{0755});
  auto refused = open_keys(setup);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::forbidden));
}

BOOST_AUTO_TEST_SUITE_END()

struct actor_folder_fixture : folder_fixture, test::actor_fixture {};

BOOST_FIXTURE_TEST_SUITE(signer_actor_, actor_folder_fixture)

BOOST_AUTO_TEST_CASE(answers_requests_and_its_probe) {
  auto who = spawn_bounded(system, 16, signer::signer, setup);
  auto keys = must(ask<key_list>(who, list_keys{}));
  auto message = as_bytes("bundle");
  auto by = must(ask<signature>(who, sign{purpose::bundle, message}));
  BOOST_TEST(crypto::verify(keys.keys[2].value, message, by.value));
  auto refused = ask<signature>(who, sign{purpose::checkpoint, message});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  auto health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST(health.facts.find("fingerprint") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_who_verifies_before_a_new_key_signs) {
  std::vector<std::size_t> told;
  setup.published = [&](const crypto::key_history& all) {
    told.push_back(all.keys().size());
  };
  auto who = spawn_bounded(system, 16, signer::signer, setup);
  auto first = must(ask<key_list>(who, list_keys{})).keys[0].verifier_key;
  auto done = must(
      ask<keys_changed>(who, rotate{purpose::checkpoint, head(5), "yearly"}));
  BOOST_TEST(done.now.keys[0].replaces == done.key);
  // An active key is replaced before it is revoked.
  auto id = done.successor.substr(done.successor.find('+') + 1);
  auto lost = must(ask<keys_changed>(who, signer::revoke{id, head(6), "lost"}));
  BOOST_TEST(lost.key == done.successor);
  BOOST_TEST(!lost.successor.empty());
  BOOST_TEST(told == (std::vector<std::size_t>{3, 4, 5, 5}),
             boost::test_tools::per_element());
  auto refused = ask<keys_changed>(who, signer::revoke{id, head(6), "lost"});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  auto bad = ask<keys_changed>(who, rotate{purpose::token, "no head", {}});
  BOOST_REQUIRE(!bad);
  BOOST_TEST((code_of(bad.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(ends_where_its_keys_cannot_be_opened) {
  test::write_file(setup.folder.string(), "a file where the folder should be");
  auto who = spawn_bounded(system, 16, signer::signer, setup);
  auto refused = ask<key_list>(who, list_keys{});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
