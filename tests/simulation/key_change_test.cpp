// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A process killed, or a disk error, at each call by which SIGNER's folder of
// keys is made and changed: it always holds the keys from before a change or
// from after it, and what was acknowledged stays.
#define BOOST_TEST_MODULE key_change
#include "actors/signer/key_files.hpp"
#include "actors/signer/relock.hpp"
#include "tests/simulation/breaking_call.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>
#include <merkle/checkpoint.hpp>

#include <cerrno>
#include <set>

using namespace acgs;
using test::breaking_call;
using test::fault;

namespace {

constexpr const char* origin = "acgs/node-1/1";

std::string head(std::uint64_t size) {
  return merkle::format_checkpoint({origin, size, {}, {}});
}

result<signer::state> open(const signer::config& with) {
  auto keys = signer::open_keys(with);
  return keys ? signer::state::open(std::move(*keys))
              : result<signer::state>{keys.error()};
}

/// Makes a plan durable and takes it up.
caf::error carry_out(const signer::config& with, signer::state& core,
                     result<signer::planned_change> plan) {
  if (!plan)
    return plan.error();
  bool unknown = false;
  auto bad = signer::store_change(with, *plan, unknown);
  return bad ? bad : core.adopt(std::move(*plan));
}

caf::error rotate(const signer::config& with, signer::state& core,
                  signer::purpose which, std::uint64_t size = 5) {
  return carry_out(with, core,
                   core.plan(signer::rotate{which, head(size), "yearly"},
                             crypto::signing_key::generate(),
                             system_clock().now()));
}

/// A first start and three changes, each of which counts once it is done.
caf::error live(const signer::config& with, test::promises& kept) {
  auto core = open(with);
  if (!core)
    return core.error();
  auto first = crypto::key_record_name(core->known().active.front().key);
  for (auto which : {signer::purpose::checkpoint, signer::purpose::token}) {
    if (auto bad = rotate(with, *core, which))
      return bad;
    ++kept.entries;
  }
  auto gone =
      core->plan(signer::revoke{first, head(6), "lost"}, system_clock().now());
  if (auto bad = carry_out(with, *core, std::move(gone)))
    return bad;
  ++kept.entries;
  return {};
}

/// The files of the folder.
std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> out;
  for (const auto& each : std::filesystem::directory_iterator{folder})
    out.insert(each.path().filename());
  return out;
}

/// What is wrong with what a life left, or nothing.
std::string check(const signer::config& with, const test::promises& kept) {
  auto core = open(with);
  if (!core)
    return "the keys do not open: " + sentence_of(core.error());
  auto changes = core->history().changes().size();
  if (changes < kept.entries || changes > kept.entries + 1)
    return std::to_string(kept.entries) + " changes were acknowledged, "
           + std::to_string(changes) + " are there";
  std::set<std::string> wanted{"ring.json"};
  for (const auto& each : core->known().active)
    wanted.insert(each.file);
  auto there = files_in(with.folder);
  std::erase_if(there,
                [](const auto& name) { return name == "ring.json.new"; });
  if (there != wanted)
    return std::to_string(there.size()) + " files are there";
  auto bad = rotate(with, *core, signer::purpose::checkpoint, 7);
  return bad ? "it takes no change: " + sentence_of(bad) : std::string{};
}

std::shared_ptr<const crypto::key_lock> lock_of(char filling) {
  bytes content(crypto::lock_file_bytes_min, static_cast<std::byte>(filling));
  return std::make_shared<const crypto::key_lock>(std::move(
      *crypto::key_lock::with_file(crypto::secret::copy_of(content))));
}

/// Another lock for all files of a folder whose keys have followed others.
struct relocking {
  test::shared_memory shared;
  std::shared_ptr<const crypto::key_lock> before = lock_of('a');
  std::shared_ptr<const crypto::key_lock> after = lock_of('b');

  /// What is wrong with what a life left, or nothing.
  std::string check(signer::config with, bool acknowledged,
                    const std::string& public_key) {
    with.lock = after;
    auto keys = open(with);
    bool done = static_cast<bool>(keys);
    if (acknowledged && !done)
      return "the new secret does not open it: " + sentence_of(keys.error());
    if (!done) {
      with.lock = before;
      keys = open(with);
    }
    if (!keys)
      return "neither secret opens it: " + sentence_of(keys.error());
    if (crypto::key_record_name(keys->known().active.front().key) != public_key)
      return "it is another key";
    std::set<std::string> wanted{"ring.json"};
    for (const auto& each : keys->known().active)
      wanted.insert(each.file);
    auto there = files_in(with.folder);
    std::erase_if(there,
                  [](const auto& name) { return name == "ring.json.new"; });
    if (there != wanted)
      return std::to_string(there.size()) + " files are there";
    auto bad = rotate(with, *keys, signer::purpose::checkpoint, 7);
    if (bad)
      return "it takes no change: " + sentence_of(bad);
    auto again = signer::relock_keys(with.folder, with.lock, {});
    return again ? "it cannot be unlocked: " + sentence_of(again)
                 : std::string{};
  }

  std::string run(fault how, std::uint64_t at) {
    test::scratch_folder scratch;
    signer::config with;
    with.folder = scratch.path() / "keys";
    with.origin = origin;
    with.lock = before;
    test::promises unused;
    if (auto bad = live(with, unused))
      return sentence_of(bad);
    auto known = open(with);
    auto key = crypto::key_record_name(known->known().active.front().key);
    auto& book = shared.book() = {};
    breaking_call disk{with.folder.string(), how, at, book.counted};
    auto ended = test::run_child(book, [&] {
      test::faults::watch(&disk);
      auto bad = signer::relock_keys(with.folder, before, *after);
      book.kept.entries = bad ? 0 : 1;
      return bad;
    });
    auto wrong = test::check_broken(how, ended, book);
    return wrong.empty() ? check(with, book.kept.entries == 1, key) : wrong;
  }
};

struct world {
  test::shared_memory shared;

  std::string run(fault how, std::uint64_t at) {
    test::scratch_folder scratch;
    signer::config with;
    with.folder = scratch.path() / "keys";
    with.origin = origin;
    auto& book = shared.book() = {};
    breaking_call disk{with.folder.string(), how, at, book.counted};
    auto ended = test::run_child(book, [&] {
      test::faults::watch(&disk);
      return live(with, book.kept);
    });
    auto wrong = test::check_broken(how, ended, book);
    return wrong.empty() ? check(with, book.kept) : wrong;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(keys_are_whole_wherever_a_change_breaks_off) {
  world each;
  BOOST_TEST(each.run(fault::none, 0) == "");
  BOOST_TEST(each.shared.book().kept.entries == 3u);
  test::break_at_every_call(
      [&](fault how, std::uint64_t at) { return each.run(how, at); },
      each.shared.book().counted, 40u, 9u);
}

BOOST_AUTO_TEST_CASE(keys_open_with_the_old_or_the_new_secret) {
  relocking each;
  BOOST_TEST(each.run(fault::none, 0) == "");
  BOOST_TEST(each.shared.book().kept.entries == 1u);
  test::break_at_every_call(
      [&](fault how, std::uint64_t at) { return each.run(how, at); },
      each.shared.book().counted, 12u, 4u);
}
