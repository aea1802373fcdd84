// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Backups of a log whose keys have changed, and the ring in them.
#include "runtime/backup/restore.hpp"
#include "runtime/backup/ring_file.hpp"
#include "runtime/base/json.hpp"
#include "tests/support/backup_world.hpp"

BOOST_AUTO_TEST_SUITE(backup_keys_test)

using namespace acgs;
using namespace acgs::test;
namespace fs = std::filesystem;

namespace {

/// A log of 101 entries by one key, and 50 more by the one that followed.
struct rotated_world : backup_world {
  rotated_world() {
    write(100);
    change();
    before = write_backup("before");
    state_change(crypto::key_change_kind::rotated, view().head().root);
    older.push_back(first().key);
    std::swap(signer, other);
    followed = true;
    write(50);
    ring = [this] { return result<std::string>{list()}; };
    after = write_backup("after");
  }

  /// Adds a statement about the first key at the size that the log has.
  void state_change(crypto::key_change_kind kind, const merkle::hash& root) {
    crypto::key_change what;
    what.kind = kind;
    what.purpose = crypto::checkpoint_purpose;
    what.seconds = 1'700'000'000;
    what.key = first().key;
    what.origin = sample_origin;
    what.size = view().head().size;
    what.root = root;
    auto rotated = kind == crypto::key_change_kind::rotated;
    if (rotated)
      what.successor = second().key;
    merkle::note note{crypto::format_key_change(what), {}};
    for (const auto* by : {rotated ? &first() : nullptr, &second()})
      if (by) {
        auto value = by->sign(note.text);
        note.signatures.push_back(
            {by->key.name, by->key.id, {value.begin(), value.end()}});
      }
    statements.push_back(*merkle::format_note(note));
  }

  /// The ring, as far as backups look at it.
  std::string list() const {
    json::array all;
    for (const auto& each : statements)
      all.emplace_back(each);
    json::object file;
    file.emplace("file", json::value{std::string{"checkpoint-1.key"}});
    json::array active;
    active.emplace_back(std::move(file));
    json::object out;
    out.emplace("active", json::value{std::move(active)});
    out.emplace("statements", json::value{std::move(all)});
    return json::to_text(json::value{std::move(out)});
  }

  /// What is wrong with a backup to who trusts a key, and has another one that
  /// is newer.
  static std::string wrong(const fs::path& path, const sample_signer& trusted,
                           std::string list = {}, const fs::path& newer = {}) {
    auto file = must(backup::file_reader::open(path));
    backup::checker with{{trusted.key}};
    with.list = std::move(list);
    with.ring = newer.empty() ? std::string{} : backup::newest_ring({newer});
    auto bad = with.check(file, nullptr);
    return bad ? sentence_of(bad) : std::string{};
  }

  const sample_signer& first() const { return followed ? other : signer; }
  const sample_signer& second() const { return followed ? signer : other; }

  sample_signer other; ///< the one that does not sign at the moment
  bool followed = false;
  std::vector<std::string> statements;
  fs::path before;
  fs::path after;
};

bool says(const std::string& what, std::string_view part) {
  return what.find(part) != what.npos;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(any_key_of_the_log_leads_to_the_one_that_signed,
                        rotated_world) {
  BOOST_TEST(wrong(after, first()) == "");
  BOOST_TEST(wrong(after, second()) == "");
  BOOST_TEST(says(wrong(after, sample_signer{}), "does not verify"));
  // The older one holds no ring, so that the list must come from elsewhere.
  BOOST_TEST(wrong(before, first()) == "");
  BOOST_TEST(says(wrong(before, second()), "does not verify"));
  BOOST_TEST(wrong(before, second(), list()) == "");
  BOOST_TEST(wrong(before, second(), {}, after) == "");
  BOOST_TEST(says(wrong(before, sample_signer{}, list()), "do not lead"));
  BOOST_TEST(says(wrong(before, first(), "{}"), "statements"));
}

BOOST_FIXTURE_TEST_CASE(a_revoked_key_is_not_believed, rotated_world) {
  state_change(crypto::key_change_kind::revoked, view().head().root);
  BOOST_TEST(says(wrong(before, second(), list()), "revoked"));
  BOOST_TEST(says(wrong(before, first(), list()), "revoked"));
  BOOST_TEST(wrong(after, second(), list()) == "");
  // The ring of a new backup tells it to those who trust that key, too.
  auto path = write_backup("last");
  BOOST_TEST(wrong(path, first()) == "");
  BOOST_TEST(says(wrong(before, first(), {}, path), "revoked"));
}

BOOST_FIXTURE_TEST_CASE(statements_of_another_tree_are_found, rotated_world) {
  statements.clear();
  auto root = view().head().root;
  root[0] ^= std::byte{1};
  // As if the key had followed at the present size, of another log.
  state_change(crypto::key_change_kind::rotated, root);
  auto path = write_backup("forged");
  BOOST_TEST(says(wrong(path, second()), "is not of this tree"));
}

BOOST_FIXTURE_TEST_CASE(a_restore_gives_the_ring_back, rotated_world) {
  backup::restore_options how;
  how.files = {after};
  how.to = folder.path() / "store";
  how.keys = {first().key};
  auto done = must(backup::restore(how));
  BOOST_TEST(done.ring == list());
  auto keys = folder.path() / "keys";
  fs::create_directory(keys);
  auto refused = backup::put_back_ring(keys, done.ring);
  BOOST_TEST((code_of(refused.error()) == ec::not_found));
  BOOST_TEST(!fs::exists(keys / "ring.json"));
  write_file(keys / "checkpoint-1.key", "a key");
  BOOST_TEST(must(backup::put_back_ring(keys, done.ring)));
  BOOST_TEST(read_file(keys / "ring.json") == done.ring);
  write_file(keys / "ring.json", "newer");
  BOOST_TEST(!must(backup::put_back_ring(keys, done.ring)));
  BOOST_TEST(read_file(keys / "ring.json") == "newer");
  for (auto bad : {"", "{}", R"({"active":[{"file":"../key"}]})"}) {
    fs::remove(keys / "ring.json");
    auto unfit = backup::put_back_ring(keys, bad);
    BOOST_TEST((code_of(unfit.error()) == ec::store_corrupt));
  }
}

BOOST_AUTO_TEST_SUITE_END()
