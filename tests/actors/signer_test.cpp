// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// SIGNER: keys made on the first start and found again, a purpose each.
#define BOOST_TEST_MODULE actors signer
#include "actors/signer/key_files.hpp"
#include "actors/signer/signer.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/backup/manifest.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <merkle/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

using namespace acgs;
using namespace acgs::signer;
using test::must;

namespace {

struct folder_fixture : test::scratch_folder {
  config setup{path() / "keys", "acgs/node-1/1", {}};

  state open() { return state{must(open_keys(setup))}; }
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

BOOST_AUTO_TEST_CASE(ends_where_its_keys_cannot_be_opened) {
  test::write_file(setup.folder.string(), "a file where the folder should be");
  auto who = spawn_bounded(system, 16, signer::signer, setup);
  auto refused = ask<key_list>(who, list_keys{});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
