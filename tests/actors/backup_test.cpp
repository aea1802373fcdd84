// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/restore.hpp"
#include "runtime/backup/store_check.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lock.hpp"
#include "tests/support/backup_world.hpp"

BOOST_AUTO_TEST_SUITE(backup_test)

using namespace acgs;
using namespace acgs::test;
namespace fs = std::filesystem;

namespace {

/// What a check of these files says: the code, or `ec::none`.
caf::error check(const std::vector<fs::path>& files,
                 std::vector<merkle::verifier_key> keys = {}) {
  backup::checker with{std::move(keys)};
  for (const auto& path : files) {
    auto file = backup::file_reader::open(path);
    if (!file)
      return file.error();
    if (auto bad = with.check(*file, nullptr))
      return bad;
  }
  return {};
}

/// The stores that a restore made.
struct restored_stores {
  explicit restored_stores(const fs::path& at) {
    for (auto [name, to] :
         {std::pair{"ledger", &ledger}, std::pair{"state", &state}}) {
      store::lmdb_options options;
      options.folder = at / name;
      *to = must(store::open_lmdb(options));
    }
  }

  reader::verify_result verify(const backup_world& world) {
    auto tables = must(store::log_tables::open(*ledger, sample_origin));
    return must(reader::verify_log({}, *ledger, tables,
                                   std::make_shared<const crypto::key_history>(
                                       std::span{&world.signer.key, 1})));
  }

  /// As LEDGER takes it up.
  result<ledger::state> writer(const backup_world& world) {
    return ledger::state::open(*ledger, {sample_origin, {world.signer.key}, 0});
  }

  std::shared_ptr<store::environment> ledger;
  std::shared_ptr<store::environment> state;
};

backup::restore_options into(const backup_world& world,
                             std::vector<fs::path> files) {
  backup::restore_options out;
  out.files = std::move(files);
  out.to = world.folder.path() / "store";
  out.keys = {world.signer.key};
  out.aside = ".aside";
  return out;
}

/// Adds to a base, so that there is an increment to take.
struct grown_world : backup_world {
  grown_world() {
    write(300);
    change();
    write(50);
    first = write_backup("first");
    auto from = end();
    write(500);
    change();
    second = write_backup("second", from);
  }
  fs::path first;
  fs::path second;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_manifest_is_read_as_it_was_written) {
  backup::manifest what;
  what.of = {"acgs/node-1/1", 3, 9, {}, {}, 1, 2, {}};
  what.of.root[3] = std::byte{7};
  what.time_nanos = 1'771'156'800'000'001'000;
  what.blocks = 4;
  auto text = backup::format_manifest(what);
  BOOST_TEST((must(backup::parse_manifest(text)) == what));
  BOOST_TEST(backup::is_manifest_of(text, "acgs/node-1/1"));
  BOOST_TEST(!backup::is_manifest_of(text, "acgs/node-2/1"));
  BOOST_TEST(!merkle::parse_checkpoint(text));
  for (auto wrong : {text + "x", text.substr(1), std::string{},
                     text.substr(0, text.size() - 1)})
    BOOST_TEST(!backup::parse_manifest(wrong));
}

BOOST_AUTO_TEST_CASE(a_block_is_refused_once_any_of_its_bytes_is_another) {
  bytes content;
  for (unsigned i = 0; i < 100; ++i)
    backup::add_record(content, store::to_key(i), as_byte_view("a value"));
  auto block =
      must(backup::make_block(backup::block_kind::entries, 100, content));
  BOOST_TEST(block.size() < content.size());
  for (std::size_t i = 0; i < block.size(); ++i) {
    auto changed = block;
    changed[i] ^= std::byte{0x40};
    auto header =
        backup::read_header(byte_view{changed}.first(backup::header_size));
    if (!header)
      continue;
    auto opened = backup::open_block(
        *header, byte_view{changed}.subspan(backup::header_size));
    // A header's own bytes are held to the manifest's digest over headers.
    if (i >= 32)
      BOOST_TEST(!opened);
  }
}

BOOST_AUTO_TEST_CASE(records_that_are_cut_off_are_refused) {
  bytes content;
  backup::add_record(content, as_byte_view("key"), as_byte_view("value"));
  auto keep = [](byte_view, byte_view) { return caf::error{}; };
  BOOST_TEST(!backup::for_each_record(content, 1, keep));
  auto refused = [&](byte_view from, std::uint64_t count) {
    return static_cast<bool>(backup::for_each_record(from, count, keep));
  };
  BOOST_TEST(refused(content, 0));
  BOOST_TEST(refused(content, 2));
  for (std::size_t size = 0; size < content.size(); ++size)
    BOOST_TEST(refused(byte_view{content}.first(size), 1));
}

BOOST_AUTO_TEST_CASE(a_backup_holds_and_is_restored_as_it_was) {
  grown_world world;
  BOOST_TEST(!check({world.first}, {world.signer.key}));
  auto done = must(backup::restore(into(world, {world.first})));
  BOOST_TEST(done.size == 351u);
  BOOST_TEST(done.revision == 1u);
  restored_stores made{world.folder.path() / "store"};
  auto found = made.verify(world);
  BOOST_TEST(found.problem == "");
  BOOST_TEST(found.checked == 351u);
  BOOST_TEST((must(made.writer(world)).head().size == 351u));
  control::journal journal{made.state};
  auto state = must(journal.recover());
  BOOST_TEST(*state.state->data == "{\"number\":1}");
  BOOST_TEST(state.recorded == 1u);
  BOOST_TEST(state.unrecorded.empty());
}

BOOST_AUTO_TEST_CASE(increments_follow_one_another_and_nothing_else) {
  grown_world world;
  BOOST_TEST(!check({world.second}, {world.signer.key}));
  BOOST_TEST(!check({world.first, world.second}, {world.signer.key}));
  BOOST_TEST((code_of(check({world.second, world.first})) == ec::conflict));
  BOOST_TEST((code_of(check({world.first, world.first})) == ec::conflict));
  auto alone = backup::restore(into(world, {world.second}));
  BOOST_TEST((code_of(alone.error()) == ec::invalid_argument));
  auto done = must(backup::restore(into(world, {world.first, world.second})));
  BOOST_TEST(done.size == 852u);
  restored_stores made{world.folder.path() / "store"};
  BOOST_TEST(made.verify(world).verified);
  BOOST_TEST(*must(control::journal{made.state}.recover()).state->data
             == "{\"number\":2}");
}

BOOST_AUTO_TEST_CASE(an_increment_by_size_alone_brings_the_whole_history) {
  grown_world world;
  auto increment = world.write_backup(
      "by_size",
      {must(backup::file_reader::open(world.first)).what().of.size, {}, 0, {}});
  auto done = must(backup::restore(into(world, {world.first, increment})));
  BOOST_TEST(done.size == 852u);
  BOOST_TEST(done.revision == 2u);
  restored_stores made{world.folder.path() / "store"};
  BOOST_TEST(*must(control::journal{made.state}.recover()).state->data
             == "{\"number\":2}");
}

BOOST_AUTO_TEST_CASE(the_log_goes_on_where_the_backup_ends) {
  grown_world world;
  must(backup::restore(into(world, {world.first})));
  restored_stores made{world.folder.path() / "store"};
  auto to = must(made.writer(world));
  ledger::batch batch;
  batch.entries.push_back(make_pending({}));
  auto written = must(to.write(batch));
  BOOST_TEST(must(std::move(written.entries.front())).index == 351u);
  auto text = *to.unsigned_checkpoint();
  BOOST_TEST(to.sign(text, world.signer.sign(text)));
  BOOST_TEST(!to.store_checkpoint());
  BOOST_TEST(made.verify(world).verified);
}

BOOST_AUTO_TEST_CASE(what_is_written_meanwhile_is_not_in_it) {
  backup_world world;
  world.write(600);
  world.change();
  auto before = world.view().head();
  backup::place at;
  auto in = world.source();
  auto plan = must(in.begin(must(world.view().checkpoint()), {}));
  std::uint64_t entries = 0;
  while (!at.at_end()) {
    auto piece = must(in.read(plan, at));
    if (at.section == backup::block_kind::entries && !piece.block.empty())
      entries +=
          must(backup::read_header(byte_view{piece.block}.first(64))).records;
    at = piece.next;
    world.write(3);
    world.change();
  }
  BOOST_TEST(entries == before.size);
  BOOST_TEST(plan.of.size == before.size);
  BOOST_TEST((plan.of.root == before.root));
}

BOOST_AUTO_TEST_CASE(a_change_that_the_log_does_not_tell_of_is_recorded_later) {
  backup_world world;
  world.write(10);
  world.change();
  world.change(false);
  must(backup::restore(into(world, {world.write_backup("b")})));
  restored_stores made{world.folder.path() / "store"};
  auto state = must(control::journal{made.state}.recover());
  BOOST_TEST(state.recorded == 1u);
  BOOST_REQUIRE(state.unrecorded.size() == 1u);
  BOOST_TEST(state.unrecorded.front().revision == 2u);
}

BOOST_AUTO_TEST_CASE(each_byte_of_a_backup_counts) {
  backup_world world;
  world.write(40);
  world.change();
  auto path = world.write_backup("b");
  auto whole = read_file(path);
  BOOST_REQUIRE(!check({path}, {world.signer.key}));
  for (std::size_t i = 0; i < whole.size(); i += 37) {
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write_file(world.folder.path() / "changed", changed);
    auto wrong = check({world.folder.path() / "changed"}, {world.signer.key});
    BOOST_TEST(static_cast<bool>(wrong), "byte " << i << " may be another");
  }
  for (std::size_t size :
       {std::size_t{0}, std::size_t{5}, std::size_t{14}, std::size_t{100},
        whole.size() / 2, whole.size() - 1}) {
    write_file(world.folder.path() / "cut", whole.substr(0, size));
    BOOST_TEST((code_of(check({world.folder.path() / "cut"})) != ec::none));
  }
}

BOOST_AUTO_TEST_CASE(a_backup_that_another_key_signed_is_refused) {
  grown_world world;
  sample_signer other;
  auto wrong = check({world.first}, {other.key});
  BOOST_TEST((code_of(wrong) == ec::store_corrupt));
  auto refused = into(world, {world.first});
  refused.keys = {other.key};
  BOOST_TEST(!backup::restore(refused));
  BOOST_TEST(!fs::exists(world.folder.path() / "store"));
  BOOST_TEST(!fs::exists(world.folder.path() / "store.restoring"));
}

BOOST_AUTO_TEST_CASE(a_signed_backup_of_a_log_that_does_not_hold_is_named) {
  backup_world world;
  world.write(300);
  auto entry = must(world.view().entry(17));
  bytes changed{entry.begin(), entry.end()};
  changed.back() ^= std::byte{1};
  auto decodes = static_cast<bool>(wire::entry::decode(changed));
  world.tamper(world.tables().entries, store::to_key(17), changed);
  auto wrong = check({world.write_backup("b")}, {world.signer.key});
  BOOST_TEST((code_of(wrong) == ec::store_corrupt));
  BOOST_TEST(sentence_of(wrong).find(decodes ? "another root" : "entry 17")
             != std::string::npos);
  world.tamper(world.tables().entries, store::to_key(17), {});
  wrong = check({world.write_backup("c")}, {world.signer.key});
  BOOST_TEST(sentence_of(wrong).find("entry 17 is missing")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_base_that_is_none_of_this_log_is_refused) {
  grown_world world;
  auto note = must(world.view().checkpoint());
  auto from = world.end();
  from.root->at(0) ^= std::byte{1};
  auto in = world.source();
  BOOST_TEST((code_of(in.begin(note, from).error()) == ec::conflict));
  from = world.end();
  from.size += 1;
  BOOST_TEST((code_of(in.begin(note, from).error()) == ec::conflict));
  from = world.end();
  from.revision += 1;
  BOOST_TEST((code_of(in.begin(note, from).error()) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(a_restore_up_to_a_size_ends_there_with_the_state_of_then) {
  grown_world world; // changes are the entries 300 and 851
  auto how = into(world, {world.first, world.second});
  how.until.size = 851;
  auto done = must(backup::restore(how));
  BOOST_TEST(done.size == 851u);
  BOOST_TEST(done.size_signed == 852u);
  BOOST_TEST(done.revision == 1u);
  restored_stores made{how.to};
  BOOST_TEST(*must(control::journal{made.state}.recover()).state->data
             == "{\"number\":1}");
  auto head =
      must(store::log_view::open(
               *made.ledger,
               must(store::log_tables::open(*made.ledger, sample_origin))))
          .head();
  BOOST_TEST(head.size == 851u);
  // Others have seen a longer log of this name: LEDGER does not take it up.
  BOOST_TEST(!made.writer(world));
}

BOOST_AUTO_TEST_CASE(a_restore_up_to_a_time_leaves_out_what_came_after_it) {
  backup_world world;
  std::vector<sample> entries(30);
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i].time_nanos = 1000 + static_cast<std::int64_t>(i);
  world.write(entries);
  auto how = into(world, {world.write_backup("b")});
  how.until.time_nanos = 1009;
  BOOST_TEST(must(backup::restore(how)).size == 10u);
  how = into(world, {world.folder.path() / "b"});
  how.to = world.folder.path() / "beyond";
  how.until.size = 31;
  BOOST_TEST((code_of(backup::restore(how).error()) == ec::invalid_argument));
  BOOST_TEST(!fs::exists(how.to));
}

BOOST_AUTO_TEST_CASE(a_longer_or_another_log_is_never_replaced) {
  grown_world world;
  must(backup::restore(into(world, {world.first, world.second})));
  // Not without being told to, and never over a longer one.
  auto how = into(world, {world.first, world.second});
  BOOST_TEST((code_of(backup::restore(how).error()) == ec::conflict));
  how.replace = true;
  auto shorter = how;
  shorter.files = {world.first};
  BOOST_TEST((code_of(backup::restore(shorter).error()) == ec::conflict));
  backup_world other;
  other.write(900);
  auto strange = how;
  strange.files = {other.write_backup("other")};
  strange.keys = {};
  auto refused = backup::restore(strange);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  BOOST_TEST(restored_stores{how.to}.verify(world).checked == 852u);
  // The same one over itself: what was there is set aside.
  auto done = must(backup::restore(how));
  BOOST_TEST(done.aside == world.folder.path() / "store.aside");
  BOOST_TEST(restored_stores{done.aside}.verify(world).checked == 852u);
  BOOST_TEST(restored_stores{how.to}.verify(world).checked == 852u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_a_node_has_is_left_alone) {
  grown_world world;
  auto how = into(world, {world.first});
  must(backup::restore(how));
  auto lock = must(store::folder_lock::take(how.to));
  how.replace = true;
  auto refused = backup::restore(how);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  BOOST_TEST(sentence_of(refused.error()).find("in use by process")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keys_of_payloads_come_along_only_under_a_passphrase) {
  grown_world world;
  auto payload = [&](const backup::restore_options& how) {
    bool had_keys = must(backup::restore(how)).keys_opened;
    restored_stores made{how.to};
    auto tables = must(store::log_tables::open(*made.ledger, sample_origin));
    auto log = must(store::log_view::open(*made.ledger, tables));
    auto entry = must(wire::entry::decode(must(log.entry(5))));
    auto opened = must(reader::open_payloads(log, 5, *entry)).front();
    return had_keys == opened.lost ? "odd" : opened.lost ? "lost" : opened.text;
  };
  auto how = into(world, {world.first});
  how.passphrase = "none was given";
  BOOST_TEST(payload(how) == "lost");
  backup::base from;
  from.seal = must(backup::new_sealing("correct horse"));
  auto with = world.write_backup("with", from);
  BOOST_TEST(!check({with}, {world.signer.key}));
  how = into(world, {with});
  how.to = world.folder.path() / "wrong";
  how.passphrase = "another";
  BOOST_TEST((code_of(backup::restore(how).error()) == ec::forbidden));
  BOOST_TEST(!fs::exists(how.to));
  how.to = world.folder.path() / "without";
  how.passphrase = "";
  BOOST_TEST(payload(how) == "lost");
  how.to = world.folder.path() / "opened";
  how.passphrase = "correct horse";
  BOOST_TEST(payload(how) == "{\"action\":\"read\"}");
  BOOST_TEST(restored_stores{how.to}.verify(world).verified);
  // No key stands there in the clear.
  auto whole = read_file(with);
  auto reading = must(world.env->read());
  auto key = *must(
      reading->get(world.tables().payload_keys, store::payloads::key(5, 0)));
  BOOST_TEST(whole.find(as_text(key)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(stores_that_hold_are_told_from_those_that_do_not) {
  grown_world world;
  auto why = [&] {
    auto found = backup::check_stores(
        *world.env, *world.state,
        crypto::key_history{std::span{&world.signer.key, 1}}, {});
    return found ? "" : sentence_of(found.error());
  };
  auto found = must(backup::check_stores(
      *world.env, *world.state,
      crypto::key_history{std::span{&world.signer.key, 1}}, {}));
  BOOST_TEST(found.logs.at(0).size == 852u);
  BOOST_TEST(found.logs.front().shredded == 0u);
  BOOST_TEST(found.revision == 2u);
  auto tables = world.tables();
  auto keep = [&](store::table in, byte_view key) {
    auto reading = must(world.env->read());
    auto value = *must(reading->get(in, key));
    return bytes{value.begin(), value.end()};
  };
  auto broken = [&](store::table in, byte_view key, bool remove) {
    auto before = keep(in, key);
    auto changed = before;
    changed.back() ^= std::byte{1};
    world.tamper(in, key, remove ? bytes{} : changed);
    auto out = why();
    world.tamper(in, key, before);
    return out;
  };
  auto payload = store::payloads::key(5, 0);
  BOOST_TEST(broken(tables.entries, store::to_key(5), true)
             == "the log acgs/node-1/1: entry 5 is missing from the log");
  BOOST_TEST(broken(tables.payloads, payload, true)
             == "the log acgs/node-1/1: entry 5 has a payload that is missing");
  BOOST_TEST(
      broken(tables.payloads, payload, false)
      == "the log acgs/node-1/1: entry 5 has a payload that it does not commit "
         "to");
  BOOST_TEST(
      broken(tables.tiles, store::tiles::key(0, 1), false).find("tile/0/001")
      != std::string::npos);
  BOOST_TEST(broken(tables.meta,
                    as_byte_view(store::meta::head_key(sample_origin)), false)
             == "the log acgs/node-1/1: the entries lead to another root than "
                "its head");
  sample_signer other;
  auto strange =
      backup::check_stores(*world.env, *world.state,
                           crypto::key_history{std::span{&other.key, 1}}, {});
  BOOST_TEST((code_of(strange.error()) == ec::store_corrupt));
  // Without a key, or shredded, is no fault.
  for (auto mark : {bytes{}, bytes(8)}) {
    world.tamper(tables.payload_keys, payload, mark);
    found = must(backup::check_stores(*world.env, *world.state, {}, {}));
    BOOST_TEST(found.logs[0].keys_not_here == (mark.empty() ? 1u : 0u));
    BOOST_TEST(found.logs[0].shredded == (mark.empty() ? 0u : 1u));
  }
  auto commands = must(world.state->open_table(store::state::commands_name));
  auto writing = must(world.state->write());
  BOOST_REQUIRE(!writing->erase(commands, store::to_key(1)));
  BOOST_REQUIRE(!writing->commit());
  BOOST_TEST(why() == "the history lacks revision 1");
}

BOOST_AUTO_TEST_CASE(a_file_appears_whole_or_not_at_all) {
  scratch_folder folder;
  auto path = folder.path() / "b";
  {
    auto to = must(backup::file_writer::create(path));
    BOOST_TEST(!to.write(as_byte_view("half")));
    BOOST_TEST(!fs::exists(path));
  }
  BOOST_TEST(fs::is_empty(folder.path()));
  {
    auto to = must(backup::file_writer::create(path));
    BOOST_TEST(!to.write(as_byte_view("whole")));
    BOOST_TEST(!to.sync());
    BOOST_TEST(!to.keep());
  }
  BOOST_TEST(read_file(path) == "whole");
  BOOST_TEST((fs::status(path).permissions() == fs::perms{0600}));
  BOOST_TEST(
      (code_of(backup::file_writer::create(path).error()) == ec::conflict));
}

BOOST_AUTO_TEST_SUITE_END()
