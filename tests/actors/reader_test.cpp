// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// READER: entries, payloads, receipts and tiles as strangers check them, and a
// verification that names the first entry which is wrong.
#include "actors/reader/reader.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/sample_log.hpp"
#include "tests/support/scratch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <merkle/receipt.hpp>
#include <merkle/tile.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>

BOOST_AUTO_TEST_SUITE(reader_test)

using namespace acgs;
using namespace acgs::reader;
using test::must;
using test::sample;

namespace {

struct fixture : test::sample_log {
  fixture() { write(300); }

  verify_result verified(verify what = {}) {
    return must(reader().check(what));
  }

  /// Flips one bit of a stored value.
  void flip(store::table in, byte_view key, std::size_t at) {
    auto log = view();
    auto found = must(log.transaction().get(in, key));
    BOOST_REQUIRE(found.has_value());
    bytes value{found->begin(), found->end()};
    value.at(at) ^= std::byte{4};
    tamper(in, key, value);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reader_state, fixture)

BOOST_AUTO_TEST_CASE(shows_an_entry_by_its_place_or_its_decision) {
  sample about;
  about.decision_id = "decision-late";
  write({about});
  auto core = reader();
  auto by_place = must(core.show({300, {}, false}));
  auto by_id = must(core.show({0, "decision-late", false}));
  BOOST_TEST(by_id.found.index == 300u);
  BOOST_TEST(by_place.found.entry->decision_id == "decision-late");
  merkle::hasher with;
  BOOST_TEST(to_hex(by_id.found.leaf_hash)
             == to_hex(with.leaf(by_id.found.entry.encoded())));
  for (const auto& missing :
       {get_entry{301, {}, false}, get_entry{0, "decision-none", false}})
    BOOST_TEST((code_of(core.show(missing).error()) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(opens_payloads_only_on_request_and_only_unshredded) {
  auto core = reader();
  BOOST_TEST(must(core.show({5, {}, false})).payloads.empty());
  auto shown = must(core.show({5, {}, true}));
  BOOST_REQUIRE(shown.payloads.size() == 1u);
  BOOST_TEST(shown.payloads[0].matches);
  BOOST_TEST(shown.payloads[0].text == "{\"action\":\"read\"}");
  auto mark = store::to_key(7);
  tamper(tables().payload_keys, store::payloads::key(5, 0),
         {mark.begin(), mark.end()});
  shown = must(core.show({5, {}, true}));
  BOOST_TEST(shown.payloads[0].shredded);
  BOOST_TEST(shown.shredded->index == 7u);
  BOOST_TEST(shown.payloads[0].text.empty());
  BOOST_TEST(verified().verified);
}

BOOST_AUTO_TEST_CASE(verifies_the_whole_log_and_parts_of_it) {
  auto all = verified();
  BOOST_TEST(all.verified);
  BOOST_TEST(all.problem.empty());
  BOOST_TEST(all.checked == 300u);
  BOOST_TEST(all.tree_size == 300u);
  BOOST_TEST(to_hex(all.root) == to_hex(view().head().root));
  auto part = verified({100, 199});
  BOOST_TEST(part.verified);
  BOOST_TEST(part.checked == 100u);
  BOOST_TEST(
      (code_of(reader().check({10, 300}).error()) == ec::invalid_argument));
  BOOST_TEST(
      (code_of(reader().check({10, 9}).error()) == ec::invalid_argument));
  test::sample_log empty;
  BOOST_TEST(must(empty.reader().check({})).verified);
}

BOOST_AUTO_TEST_CASE(names_the_first_entry_that_is_wrong) {
  auto good = disk;
  for (std::uint64_t at : {0, 1, 255, 256, 299}) {
    disk = good;
    flip(tables().entries, store::to_key(at), 60);
    auto found = verified();
    BOOST_TEST(!found.verified);
    BOOST_TEST(*found.first_wrong == at);
    BOOST_TEST(found.checked == at);
    BOOST_TEST(!verified({at, at}).verified);
    disk = good;
    tamper(tables().entries, store::to_key(at), {});
    BOOST_TEST(*verified().first_wrong == at);
  }
}

BOOST_AUTO_TEST_CASE(neither_shows_nor_proves_an_entry_that_was_changed) {
  sample about;
  about.decision_id = "decision-late";
  write({about});
  BOOST_TEST(must(reader().place_of({300, {}})) == 300u);
  BOOST_TEST(must(reader().place_of({0, "decision-late"})) == 300u);
  flip(tables().entries, store::to_key(300), 60);
  for (const auto& failed : {reader().show({300, {}, false}).error(),
                             reader().place_of({300, {}}).error()}) {
    BOOST_TEST((code_of(failed) == ec::store_corrupt));
    BOOST_TEST(sentence_of(failed).find("entry 300 is not what the tree holds")
               != std::string::npos);
  }
  BOOST_TEST(must(reader().show({299, {}, false})).found.index == 299u);
}

BOOST_AUTO_TEST_CASE(finds_a_changed_tile_head_payload_or_checkpoint) {
  auto good = disk;
  flip(tables().tiles, store::tiles::key(0, 0), 33);
  BOOST_TEST(*verified().first_wrong == 1u);
  disk = good;
  flip(tables().tiles, store::tiles::key(1, 0), 3);
  BOOST_TEST(!verified().verified);
  BOOST_TEST(!verified({20, 30}).verified);
  disk = good;
  flip(tables().payloads, store::payloads::key(7, 0), 50);
  BOOST_TEST(*verified().first_wrong == 7u);
  disk = good;
  tamper(tables().payloads, store::payloads::key(8, 0), {});
  BOOST_TEST(*verified().first_wrong == 8u);
  disk = good;
  flip(tables().meta, as_byte_view(store::meta::head_key(test::sample_origin)),
       20);
  BOOST_TEST(!verified().verified);
  disk = good;
  flip(tables().meta,
       as_byte_view(store::meta::checkpoint_key(test::sample_origin)), 20);
  auto found = verified();
  BOOST_TEST(!found.verified);
  BOOST_TEST(found.problem.find("checkpoint") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(finds_a_rewritten_log_under_an_old_checkpoint) {
  auto note = must(view().checkpoint());
  disk = test::memory_disk{};
  write(300);
  auto bytes_of_note = as_byte_view(note);
  tamper(tables().meta,
         as_byte_view(store::meta::checkpoint_key(test::sample_origin)),
         {bytes_of_note.begin(), bytes_of_note.end()});
  BOOST_TEST(!verified().verified);
}

BOOST_AUTO_TEST_CASE(serves_tiles_and_bundles_that_agree) {
  auto core = reader();
  merkle::hasher with;
  for (auto [tile, bundle, width] :
       {std::tuple{"tile/0/000", "tile/entries/000", 256},
        {"tile/0/001.p/44", "tile/entries/001.p/44", 44},
        {"tile/0/001.p/3", "tile/entries/001.p/3", 3}}) {
    auto hashes = must(core.resource({{}, tile}));
    auto content = must(core.resource({{}, bundle}));
    BOOST_TEST(hashes.size() == static_cast<std::size_t>(width) * 32);
    auto entries = merkle::parse_bundle(as_byte_view(content));
    BOOST_REQUIRE(static_cast<bool>(entries));
    BOOST_REQUIRE(entries->size() == static_cast<std::size_t>(width));
    for (std::size_t i = 0; i < entries->size(); ++i)
      BOOST_TEST(to_hex(with.leaf((*entries)[i]))
                 == to_hex(as_byte_view(hashes).subspan(i * 32, 32)));
  }
  for (auto missing :
       {"tile/0/001", "tile/0/002.p/1", "tile/2/000.p/1", "tile/entries/001",
        "tile/entries/001.p/45", "tile/60/000", "tile/entries/x123/000"})
    BOOST_TEST((code_of(core.resource({{}, missing}).error()) == ec::not_found),
               missing);
  for (auto bad : {"", "tile", "tile/0/0", "tile/../secret", "other"})
    BOOST_TEST(
        (code_of(core.resource({{}, bad}).error()) == ec::invalid_argument),
        bad);
  BOOST_TEST((code_of(core.resource({"other/origin", "tile/0/000"}).error())
              == ec::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// READER on the deterministic scheduler, with a SIGNER of the test's.
struct actor_log_fixture : fixture, test::actor_fixture {
  crypto::log_keys held = keys(); ///< shared with READER
  std::vector<std::string> said;  ///< about the log's keys
  std::shared_ptr<bool> refuses = std::make_shared<bool>(false);
  signer_actor signer_handle = system.spawn(
      [](signer_actor::pointer, const test::sample_signer* keys,
         std::shared_ptr<bool> refusing) -> signer_actor::behavior_type {
        return {
            [=](const signer::sign& what) -> result<signer::signature> {
              if (*refusing)
                return make_error(ec::unavailable, "no signer");
              return signer::signature{keys->sign(as_text(what.message))};
            },
            [](signer::list_keys) { return signer::key_list{}; },
            [](const signer::rotate&) { return signer::keys_changed{}; },
            [](const signer::revoke&) { return signer::keys_changed{}; },
            [](probe) { return probe_result{}; },
        };
      },
      &signer, refuses);
  reader_actor who = spawn_bounded(
      system, 16, reader::reader,
      reader::config{env, index_env, test::sample_origin, held,
                     actor_ref<signer_actor>::fixed(signer_handle)});

  std::string text(get_receipt what) {
    return must(ask<text_result>(who, what)).text;
  }

  /// The key of a receipt's checkpoint, which is not of a revoked one.
  merkle::verifier_key signer_of(const std::string& receipt) {
    auto parsed = merkle::parse_receipt(receipt);
    BOOST_REQUIRE(static_cast<bool>(parsed));
    auto found = must(held.now()->open(parsed->checkpoint));
    BOOST_TEST(!found.by_revoked);
    return found.by;
  }

  /// Another key follows the log's at that size.
  void rotate_key(std::uint64_t size) {
    auto old = std::exchange(signer, {});
    crypto::key_change what;
    what.purpose = crypto::checkpoint_purpose;
    what.key = old.key;
    what.successor = signer.key;
    what.origin = test::sample_origin;
    what.size = size;
    said.push_back(stated(what, {&old, &signer}));
    held.publish(must(crypto::key_history::follow(signer.key, said)));
  }

  void revoke_key(const merkle::verifier_key& which, std::uint64_t size) {
    crypto::key_change what;
    what.kind = crypto::key_change_kind::revoked;
    what.purpose = crypto::checkpoint_purpose;
    what.key = which;
    what.origin = test::sample_origin;
    what.size = size;
    said.push_back(stated(what, {&signer}));
    held.publish(must(crypto::key_history::follow(signer.key, said)));
  }

  static std::string stated(const crypto::key_change& what,
                            std::vector<const test::sample_signer*> by) {
    merkle::note note{crypto::format_key_change(what), {}};
    for (const auto* each : by)
      BOOST_REQUIRE(static_cast<bool>(
          merkle::sign_note(note, each->key, [&](merkle::bytes_view message) {
            return std::optional{each->secret.sign(message)};
          })));
    return *merkle::format_note(note);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reader_actor_, actor_log_fixture)

BOOST_AUTO_TEST_CASE(makes_receipts_that_anyone_can_check) {
  for (std::uint64_t at : {0, 17, 256, 299}) {
    auto parsed = merkle::parse_receipt(text({at, {}}));
    BOOST_REQUIRE(static_cast<bool>(parsed));
    BOOST_TEST(parsed->index == at);
    auto leaf = merkle::hasher{}.leaf(*parsed->extra);
    BOOST_TEST(
        static_cast<bool>(merkle::verify_receipt(*parsed, leaf, signer.key)));
    (*parsed->extra)[50] ^= std::byte{1};
    BOOST_TEST(!merkle::verify_receipt(
        *parsed, merkle::hasher{}.leaf(*parsed->extra), signer.key));
  }
  auto missing = ask<text_result>(who, get_receipt{300, {}});
  BOOST_REQUIRE(!missing);
  BOOST_TEST((code_of(missing.error()) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(has_a_head_signed_that_no_checkpoint_covers_yet) {
  auto to = writer();
  ledger::batch what;
  sample about;
  about.decision_id = "decision-new";
  what.entries.push_back(test::make_pending(about));
  must(to.write(what));
  auto parsed = merkle::parse_receipt(text({0, "decision-new"}));
  BOOST_REQUIRE(static_cast<bool>(parsed));
  auto head = merkle::verify_receipt(
      *parsed, merkle::hasher{}.leaf(*parsed->extra), signer.key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 301u);
  *refuses = true;
  must(to.write(what));
  auto refused = ask<text_result>(who, get_receipt{301, {}});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(gives_nothing_that_a_revoked_key_signed) {
  auto checkpoint = [&] {
    return must(ask<text_result>(who, get_resource{{}, "checkpoint"})).text;
  };
  auto first = signer.key;
  BOOST_TEST((signer_of(text({5, {}})) == first)); // by the stored one
  ledger::batch what;
  what.entries.push_back(test::make_pending(sample{}));
  must(writer().write(what));
  BOOST_TEST((signer_of(text({300, {}})) == first));
  auto kept = checkpoint();
  // A key that was only replaced is believed of what it signed.
  rotate_key(301);
  BOOST_TEST(checkpoint() == kept);
  revoke_key(first, 301);
  BOOST_TEST((signer_of(text({300, {}})) == signer.key));
  BOOST_TEST((signer_of(text({5, {}})) == signer.key));
  auto head = must(held.now()->open(checkpoint()));
  BOOST_TEST((head.by == signer.key));
  BOOST_TEST(head.head.size == 301u);
}

BOOST_AUTO_TEST_CASE(passes_over_a_stored_checkpoint_of_a_revoked_key) {
  auto first = signer.key;
  rotate_key(300);
  revoke_key(first, 300);
  BOOST_TEST((signer_of(text({5, {}})) == signer.key));
}

BOOST_AUTO_TEST_CASE(serves_the_checkpoint_and_the_key_to_verify_it_with) {
  auto vkey = must(ask<text_result>(who, get_resource{{}, "vkey"})).text;
  auto note = must(ask<text_result>(who, get_resource{{}, "checkpoint"})).text;
  vkey.pop_back();
  auto key = merkle::parse_verifier_key(vkey);
  BOOST_REQUIRE(static_cast<bool>(key));
  auto head = merkle::open_checkpoint(note, *key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 300u);
}

BOOST_AUTO_TEST_CASE(signs_checkpoints_that_openssl_verifies) {
  auto note = merkle::parse_note(
      must(ask<text_result>(who, get_resource{{}, "checkpoint"})).text);
  BOOST_REQUIRE(static_cast<bool>(note));
  // SubjectPublicKeyInfo of Ed25519 (RFC 8410): a fixed head, then the key.
  auto spki = *from_hex("302a300506032b6570032100");
  spki.insert(spki.end(), signer.key.key.begin(), signer.key.key.end());
  test::scratch_folder folder;
  auto put = [&](const char* name, std::string_view text) {
    test::write_file(folder.path() / name, text);
  };
  put("key.der", as_text(spki));
  put("text", note->text);
  put("signature", as_text(note->signatures[0].signature));
  auto command = "cd " + folder.path().string()
                 + " && openssl pkeyutl -verify -rawin -pubin -keyform DER"
                   " -inkey key.der -in text -sigfile signature >/dev/null";
  BOOST_TEST(std::system(command.c_str()) == 0);
  put("text", note->text + "x");
  BOOST_TEST(std::system((command + " 2>&1").c_str()) != 0);
}

BOOST_AUTO_TEST_CASE(answers_others_while_it_verifies) {
  write(9000); // many steps
  auto checked = begin<verify_result>(who, verify{});
  scheduler.run_once(); // the first step
  scheduler.run_once(); // the second
  BOOST_TEST(!checked->has_value());
  auto shown = begin<entry_result>(who, get_entry{2, {}, false});
  while (!shown->has_value())
    BOOST_REQUIRE(scheduler.try_run_once());
  BOOST_TEST(!checked->has_value());
  run();
  BOOST_REQUIRE(checked->has_value());
  BOOST_TEST(must(**checked).verified);
  BOOST_TEST(must(**checked).checked == 9300u);
}

BOOST_AUTO_TEST_CASE(answers_others_while_it_searches) {
  write(9000); // five steps, without an index
  query nothing;
  nothing.path = "nowhere";
  auto found = begin<query_result>(who, nothing);
  auto shown = begin<entry_result>(who, get_entry{2, {}, false});
  while (!shown->has_value())
    BOOST_REQUIRE(scheduler.try_run_once());
  BOOST_TEST(!found->has_value());
  run();
  BOOST_REQUIRE(found->has_value());
  BOOST_TEST(must(**found).entries.empty());
}

BOOST_AUTO_TEST_CASE(bounds_how_many_verifications_wait) {
  std::vector<actor_fixture::pending<verify_result>> waiting;
  for (int i = 0; i < 40; ++i)
    waiting.push_back(begin<verify_result>(who, verify{}));
  run();
  int answered = 0, refused = 0;
  for (auto& each : waiting) {
    BOOST_REQUIRE(each->has_value());
    answered += **each ? 1 : 0;
    refused += !**each && code_of((**each).error()) == ec::overloaded ? 1 : 0;
  }
  BOOST_TEST(answered >= 16);
  BOOST_TEST(answered + refused == 40);
}

BOOST_AUTO_TEST_CASE(answers_every_kind_of_question) {
  query what;
  what.limit = 3;
  BOOST_TEST(must(ask<query_result>(who, what)).entries.size() == 3u);
  BOOST_TEST(must(ask<entry_result>(who, get_entry{2, {}, true})).found.index
             == 2u);
  BOOST_TEST(must(ask<verify_result>(who, verify{})).verified);
  BOOST_TEST(must(ask<stats>(who, get_stats{})).entries == 300u);
  BOOST_TEST(must(ask<probe_result>(who, probe{})).facts
             == R"({"entries":300,"under_way":0})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
