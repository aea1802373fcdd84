// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER's core on the simulated disk: what is acknowledged is there after a
// crash, what is changed is found at the next start.
#include "runtime/store/tables.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_state_test)

using namespace acgs;
using namespace acgs::ledger;
using test::make_append;
using test::make_pending;
using test::must;
using test::sample;

namespace {

/// A disk, and LEDGER's core on it as often as it is started.
struct fixture {
  test::memory_disk disk;
  test::sample_signer signer;
  std::unique_ptr<test::memory_environment> env =
      std::make_unique<test::memory_environment>(disk);

  result<state> start() {
    env = std::make_unique<test::memory_environment>(disk);
    return state::open(*env, {test::sample_origin, {signer.key}, 1000});
  }

  /// Writes so many entries in one batch.
  written write(state& to, std::size_t count, const sample& about = {}) {
    batch what;
    for (std::size_t i = 0; i < count; ++i)
      what.entries.push_back(make_pending(about));
    return must(to.write(what));
  }

  void sign(state& what) {
    auto text = what.unsigned_checkpoint();
    BOOST_REQUIRE(text.has_value());
    BOOST_TEST(what.sign(*text, signer.sign(*text)));
  }

  store::log_view view() {
    auto tables = must(store::log_tables::open(*env, test::sample_origin));
    return must(store::log_view::open(*env, tables));
  }

  /// Changes the value of a record behind LEDGER's back.
  void tamper(const std::string& table, byte_view key, bytes value) {
    auto id = must(env->open_table(table));
    auto writing = must(env->write());
    BOOST_TEST(!(value.empty() ? writing->erase(id, key)
                               : writing->put(id, key, value)));
    BOOST_TEST(!writing->commit());
  }

  /// The sentence with which a start refuses the log.
  std::string refusal() {
    auto refused = start();
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
    return sentence_of(refused.error());
  }
};

std::string entries_table() {
  return store::entries::name(test::sample_origin);
}
std::string tiles_table() {
  return store::tiles::name(test::sample_origin);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(begins_with_an_empty_log, fixture) {
  auto core = must(start());
  BOOST_TEST(core.head().size == 0u);
  BOOST_TEST(to_hex(core.head().root) == to_hex(merkle::empty_root()));
  BOOST_TEST(core.unsigned_checkpoint().has_value());
}

BOOST_FIXTURE_TEST_CASE(numbers_entries_from_zero_without_a_gap, fixture) {
  auto core = must(start());
  for (std::uint64_t round = 0; round < 3; ++round) {
    auto done = write(core, 5);
    for (std::uint64_t i = 0; i < 5; ++i)
      BOOST_TEST(done.entries[i]->index == round * 5 + i);
  }
  BOOST_TEST(core.head().size == 15u);
  BOOST_TEST((view().head() == core.head()));
}

BOOST_FIXTURE_TEST_CASE(commits_a_batch_at_once, fixture) {
  auto core = must(start());
  auto before = disk.commits;
  write(core, 100);
  BOOST_TEST(disk.commits == before + 1);
}

BOOST_FIXTURE_TEST_CASE(keeps_the_entry_s_bytes_and_its_payload, fixture) {
  auto core = must(start());
  batch what;
  what.entries.push_back(make_pending({}));
  must(core.write(what));
  auto log = view();
  auto stored = must(log.entry(0));
  auto given = what.entries[0].record.entry.encoded();
  BOOST_TEST(to_hex(stored) == to_hex(given));
  auto sealed = must(log.payload(0, 0));
  BOOST_REQUIRE(sealed.has_value());
  domain::sealed_payload payload{
      what.entries[0].record.entry->commitments[0],
      {sealed->key.begin(), sealed->key.end()},
      {sealed->ciphertext.begin(), sealed->ciphertext.end()}};
  BOOST_TEST(must(crypto::open_payload(payload)).text
             == "{\"action\":\"read\"}");
}

BOOST_FIXTURE_TEST_CASE(goes_on_after_a_restart_where_it_was, fixture) {
  store::log_head head;
  {
    auto core = must(start());
    write(core, 300);
    head = core.head();
  }
  auto core = must(start());
  BOOST_TEST((core.head() == head));
  BOOST_TEST(write(core, 1).entries[0]->index == 300u);
  auto again = must(start());
  BOOST_TEST((again.head() == core.head()));
}

BOOST_FIXTURE_TEST_CASE(proves_each_entry_in_the_committed_tree, fixture) {
  auto core = must(start());
  for (int i = 0; i < 7; ++i)
    write(core, 50);
  auto log = view();
  merkle::hasher with;
  auto read = [&](const merkle::tile_id& id) {
    return log.tile_copy(id.level, id.index);
  };
  for (std::uint64_t index : {0, 1, 255, 256, 349}) {
    auto path = merkle::prove_inclusion(index, 350, read);
    BOOST_REQUIRE(static_cast<bool>(path));
    auto leaf = with.leaf(must(log.entry(index)));
    BOOST_TEST(static_cast<bool>(
        merkle::verify_inclusion(leaf, index, 350, *path, core.head().root)));
  }
}

BOOST_FIXTURE_TEST_CASE(loses_nothing_acknowledged_at_any_commit, fixture) {
  // Each round crashes at another commit; what was acknowledged before it must
  // be there, and the refused batch must not.
  for (unsigned at = 0; at < 6; ++at) {
    test::memory_disk fresh;
    disk = fresh;
    auto core = must(start());
    disk.fail_commit_after(at, ec::store_io);
    std::uint64_t acknowledged = 0;
    for (int i = 0; i < 6; ++i) {
      batch what;
      for (int k = 0; k < 3; ++k)
        what.entries.push_back(make_pending({}));
      auto done = core.write(what);
      if (!done) {
        BOOST_TEST((code_of(done.error()) == ec::store_io));
        break;
      }
      acknowledged += 3;
    }
    BOOST_TEST(acknowledged == at * 3);
    auto again = must(start());
    BOOST_TEST(again.head().size == acknowledged);
  }
}

BOOST_FIXTURE_TEST_CASE(goes_on_after_a_full_store_refused_a_batch, fixture) {
  auto core = must(start());
  write(core, 10);
  auto head = core.head();
  disk.fail_commit_after(0, ec::store_full);
  auto done = write(core, 3);
  for (auto& each : done.entries) {
    BOOST_REQUIRE(!each);
    BOOST_TEST((code_of(each.error()) == ec::store_full));
  }
  BOOST_TEST((core.head() == head));
  BOOST_TEST(write(core, 1).entries[0]->index == 10u);
  auto again = must(start());
  BOOST_TEST((again.head() == core.head()));
}

BOOST_FIXTURE_TEST_CASE(keeps_room_for_what_must_still_be_recorded, fixture) {
  auto core = must(start());
  disk.free_bytes = 1700;
  sample ordinary;
  sample vital;
  vital.kind = domain::entry_kind::control;
  batch what;
  what.entries = {make_pending(ordinary), make_pending(vital)};
  auto done = must(core.write(what));
  BOOST_REQUIRE(!done.entries[0]);
  BOOST_TEST((code_of(done.entries[0].error()) == ec::store_full));
  BOOST_REQUIRE(static_cast<bool>(done.entries[1]));
  BOOST_TEST(done.entries[1]->index == 0u);
}

BOOST_FIXTURE_TEST_CASE(keeps_room_for_what_an_admin_verb_asks, fixture) {
  auto core = must(start());
  disk.free_bytes = 1700;
  sample about{.path = "acgs/admin/allow"};
  for (auto kind : {domain::entry_kind::decision, domain::entry_kind::access})
    for (auto who : {domain::role::agent, domain::role::admin}) {
      about.kind = kind;
      about.role_ = who;
      auto done = must(core.write({{make_pending(about)}, {}}));
      BOOST_TEST(done.entries[0].engaged() == (who == domain::role::admin));
    }
}

BOOST_FIXTURE_TEST_CASE(refuses_one_by_one_what_it_cannot_take, fixture) {
  auto core = must(start());
  sample large;
  large.path.assign(70000, 'x');
  auto mismatched = make_pending({});
  mismatched.record.payloads.clear();
  auto swapped = make_pending({});
  swapped.record.payloads = make_pending({}).record.payloads;
  batch what;
  what.entries = {make_pending(large), mismatched, pending{}, swapped,
                  make_pending({})};
  auto done = must(core.write(what));
  ec expected[] = {ec::too_large, ec::invalid_argument, ec::invalid_argument,
                   ec::invalid_argument};
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_REQUIRE(!done.entries[i]);
    BOOST_TEST((code_of(done.entries[i].error()) == expected[i]));
  }
  BOOST_TEST(done.entries[4]->index == 0u);
  BOOST_TEST(core.head().size == 1u);
}

BOOST_FIXTURE_TEST_CASE(answers_a_retry_with_the_first_entry, fixture) {
  auto core = must(start());
  sample about;
  about.key = "key-1";
  auto first = write(core, 1, about);
  about.decision_id = "decision-2";
  auto second = write(core, 2, about);
  for (auto& each : second.entries) {
    BOOST_REQUIRE(static_cast<bool>(each));
    BOOST_TEST(each->repeated);
    BOOST_TEST(each->index == 0u);
    BOOST_TEST(each->decision->decision_id == "decision-1");
  }
  BOOST_TEST(!first.entries[0]->repeated);
  BOOST_TEST(core.head().size == 1u);
  auto again = must(start());
  BOOST_TEST(write(again, 1, about).entries[0]->repeated);
}

BOOST_FIXTURE_TEST_CASE(gives_no_retry_what_is_refused_by_now, fixture) {
  using domain::verdict;
  auto core = must(start());
  for (auto now : {verdict::deny, verdict::undefined, verdict::error}) {
    sample about;
    about.key = "key-" + std::to_string(static_cast<int>(now));
    write(core, 1, about);
    about.outcome = now;
    auto refused = write(core, 1, about);
    BOOST_TEST(!refused.entries[0]->repeated);
    BOOST_TEST((refused.entries[0]->decision->outcome == now));
    about.outcome = verdict::allow;
    auto again = write(core, 1, about);
    BOOST_TEST(again.entries[0]->repeated);
    BOOST_TEST((again.entries[0]->decision->outcome == now));
  }
  BOOST_TEST(core.head().size == 6u);
}

BOOST_FIXTURE_TEST_CASE(recognises_a_retry_within_its_own_batch, fixture) {
  auto core = must(start());
  sample about;
  about.key = "key-1";
  auto done = write(core, 3, about);
  BOOST_TEST(!done.entries[0]->repeated);
  BOOST_TEST(done.entries[1]->repeated);
  BOOST_TEST(done.entries[2]->repeated);
  BOOST_TEST(core.head().size == 1u);
}

BOOST_FIXTURE_TEST_CASE(keeps_the_keys_of_callers_apart, fixture) {
  auto core = must(start());
  sample about;
  about.key = "key-1";
  write(core, 1, about);
  about.subject = "bob";
  auto other = write(core, 1, about);
  BOOST_TEST(!other.entries[0]->repeated);
  about.path = "acgs/other";
  auto misused = write(core, 1, about);
  BOOST_REQUIRE(!misused.entries[0]);
  BOOST_TEST((code_of(misused.entries[0].error()) == ec::conflict));
}

BOOST_FIXTURE_TEST_CASE(refuses_a_key_that_led_to_another_request, fixture) {
  auto core = must(start());
  sample about;
  about.key = "key-1\none body";
  write(core, 1, about);
  BOOST_TEST(write(core, 1, about).entries[0]->repeated);
  about.key = "key-1\nanother body";
  auto misused = write(core, 1, about);
  BOOST_REQUIRE(!misused.entries[0]);
  BOOST_TEST((code_of(misused.entries[0].error()) == ec::conflict));
  BOOST_TEST(core.head().size == 1u);
}

BOOST_FIXTURE_TEST_CASE(tells_events_of_one_key_apart_too, fixture) {
  auto core = must(start());
  sample about;
  about.kind = domain::entry_kind::event;
  for (std::string input : {"{\"a\":1}", ""}) {
    about.input = input; // with a payload, and without
    about.key = input + "key\none";
    batch one{{{test::make_append(about), {}}}, {}};
    BOOST_TEST(!must(core.write(one)).entries[0]->repeated);
    BOOST_TEST(must(core.write(one)).entries[0]->repeated);
    about.key = input + "key\ntwo";
    batch two{{{test::make_append(about), {}}}, {}};
    auto misused = must(core.write(two));
    BOOST_REQUIRE(!misused.entries[0]);
    BOOST_TEST((code_of(misused.entries[0].error()) == ec::conflict));
  }
}

BOOST_FIXTURE_TEST_CASE(keeps_a_bundle_under_its_digest_once, fixture) {
  auto core = must(start());
  batch what;
  auto content = as_byte_view("bundle");
  put_blob good{crypto::sha256_of(content), {content.begin(), content.end()}};
  put_blob bad = good;
  bad.key[0] ^= std::byte{1};
  what.blobs = {good, bad, good};
  auto done = must(core.write(what));
  BOOST_TEST(!done.blobs[0]);
  BOOST_TEST((code_of(done.blobs[1]) == ec::invalid_argument));
  BOOST_TEST(!done.blobs[2]);
  auto log = view();
  auto found = must(log.transaction().get(log.tables().blobs, good.key));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(as_text(*found) == "bundle");
}

BOOST_FIXTURE_TEST_CASE(signs_only_what_is_committed, fixture) {
  auto core = must(start());
  write(core, 3);
  auto text = *core.unsigned_checkpoint();
  auto head = *merkle::parse_checkpoint(text);
  BOOST_TEST(head.size == 3u);
  BOOST_TEST((head.root == core.head().root));
  auto forged = signer.sign(text);
  forged[5] ^= std::byte{1};
  BOOST_TEST(!core.sign(text, forged));
  BOOST_TEST(core.unsigned_checkpoint().has_value());
  sign(core);
  BOOST_TEST(!core.unsigned_checkpoint().has_value());
  BOOST_TEST(core.signed_size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(stores_a_signature_with_the_next_commit, fixture) {
  auto core = must(start());
  write(core, 3);
  sign(core);
  BOOST_TEST(must(view().checkpoint()).empty());
  write(core, 1);
  auto note = must(view().checkpoint());
  auto head = merkle::open_checkpoint(note, signer.key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 3u);
  sign(core);
  BOOST_TEST(!core.store_checkpoint());
  BOOST_TEST(
      merkle::open_checkpoint(must(view().checkpoint()), signer.key)->size
      == 4u);
  auto again = must(start());
  BOOST_TEST(again.signed_size() == 4u);
  BOOST_TEST(!again.unsigned_checkpoint().has_value());
}

BOOST_FIXTURE_TEST_CASE(refuses_a_log_whose_tail_was_changed, fixture) {
  {
    auto core = must(start());
    write(core, 300);
  }
  auto good = disk;
  auto log = view();
  auto entry = must(log.entry(299));
  bytes changed{entry.begin(), entry.end()};
  changed[40] ^= std::byte{1};
  tamper(entries_table(), store::to_key(299), changed);
  BOOST_TEST(refusal().find("entry 299") != std::string::npos);
  disk = good;
  tamper(entries_table(), store::to_key(299), {});
  BOOST_TEST(refusal().find("up to 299") != std::string::npos);
  disk = good;
  tamper(entries_table(), store::to_key(300), changed);
  BOOST_TEST(refusal().find("up to 301") != std::string::npos);
  disk = good;
  tamper(entries_table(), store::to_key(100), {});
  BOOST_TEST(refusal().find("entry 100") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_log_whose_tree_was_changed, fixture) {
  {
    auto core = must(start());
    write(core, 300);
  }
  auto good = disk;
  for (auto key : {store::tiles::key(0, 1), store::tiles::key(1, 0)}) {
    auto log = view();
    auto tile = must(log.transaction().get(log.tables().tiles, key));
    bytes changed{tile->begin(), tile->end()};
    changed[3] ^= std::byte{1};
    tamper(tiles_table(), key, changed);
    refusal();
    disk = good;
    tamper(tiles_table(), key, {});
    refusal();
    disk = good;
  }
  auto shorter = store::encode_head({200, {}});
  tamper("meta", as_byte_view(store::meta::head_key(test::sample_origin)),
         {shorter.begin(), shorter.end()});
  refusal();
}

BOOST_FIXTURE_TEST_CASE(refuses_a_log_that_was_rolled_back_or_rewritten,
                        fixture) {
  {
    auto core = must(start());
    write(core, 5);
    sign(core);
    write(core, 1);
  }
  // The same key signed a longer log than the one that is there now.
  auto note = must(view().checkpoint());
  test::memory_disk other;
  disk = other;
  {
    auto core = must(start());
    write(core, 3);
  }
  tamper("meta", as_byte_view(store::meta::checkpoint_key(test::sample_origin)),
         {as_byte_view(note).begin(), as_byte_view(note).end()});
  BOOST_TEST(refusal().find("and it holds 3: its end is missing")
             != std::string::npos);
  // Another log of the same length.
  {
    disk = other;
    auto core = must(start());
    write(core, 9);
  }
  tamper("meta", as_byte_view(store::meta::checkpoint_key(test::sample_origin)),
         {as_byte_view(note).begin(), as_byte_view(note).end()});
  BOOST_TEST(refusal().find("is not of this log") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_checkpoint_that_nobody_known_signed,
                        fixture) {
  {
    auto core = must(start());
    write(core, 5);
    sign(core);
    write(core, 1);
  }
  signer = test::sample_signer{};
  BOOST_TEST(refusal().find("does not verify") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_long_log_without_a_signed_checkpoint,
                        fixture) {
  {
    auto core = must(start());
    write(core, 1500);
  }
  BOOST_TEST(refusal().find("checkpoint is missing") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
