// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/state.hpp"

#include "actors/ledger/recovery.hpp"
#include "actors/ledger/writing.hpp"
#include "runtime/auth/admin_gate.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/store/tables.hpp"

#include <merkle/checkpoint.hpp>

#include <algorithm>

namespace acgs::ledger {

namespace {

/// Whether admin verbs can be the role's.
bool manages(domain::role who) {
  return who == domain::role::operator_ || who == domain::role::admin;
}

/// Entries that may use the room which ordinary ones leave: those of an
/// emergency, with what is asked and recorded before one of its commands is
/// carried out.
bool is_vital(const wire::entry& entry) {
  using enum domain::entry_kind;
  switch (entry->kind) {
  case control:
  case key:
  case restart:
  case start:
  case stop:
  case shred:
  case archive:
    return true;
  case access:
    return manages(entry->caller.role_);
  case decision:
    return entry->path == auth::admin_path && manages(entry->caller.role_);
  default:
    return false;
  }
}

/// About what a request takes in the store, with its part of pages and tiles.
std::uint64_t room_for(const pending& one) {
  std::uint64_t out = one.record.entry.encoded().size() + 256;
  for (const auto& payload : one.record.payloads)
    out += payload.ciphertext.size() + 256;
  return out;
}

std::uint64_t room_for(const batch& what) {
  std::uint64_t out = 0;
  for (const auto& one : what.entries)
    out += one.record.entry ? room_for(one) : 0;
  for (const auto& blob : what.blobs)
    out += blob.content.size();
  return out;
}

caf::error check_form(const pending& one) {
  const auto& record = one.record;
  if (!record.entry)
    return make_error(ec::invalid_argument, "an append without an entry");
  auto size = record.entry.encoded().size();
  if (size > wire::entry_bytes_max)
    return make_error(ec::too_large, "an entry of " + std::to_string(size)
                                         + " bytes; expected at most 65535");
  const auto& covers = record.entry->commitments;
  if (covers.size() != record.payloads.size() || covers.size() > 255)
    return make_error(
        ec::invalid_argument,
        "an entry with " + std::to_string(covers.size()) + " commitments and "
            + std::to_string(record.payloads.size()) + " payloads");
  for (std::size_t i = 0; i < covers.size(); ++i)
    if (covers[i].value != record.payloads[i].covered_by.value
        || record.payloads[i].key.size() != crypto::seal_key_size)
      return make_error(ec::invalid_argument,
                        "payload " + std::to_string(i)
                            + " is not what the entry commits to");
  return {};
}

caf::error no_room(bool vital = false) {
  return make_error(ec::store_full,
                    vital ? "the store has no room left, also for control "
                            "entries"
                          : "the store has no room left but for control "
                            "entries");
}

/// A key that is there already where the log should end.
caf::error append_error(caf::error bad) {
  if (code_of(bad) == ec::conflict)
    return make_error(ec::store_corrupt,
                      "the log goes on beyond its head: " + sentence_of(bad));
  return bad;
}

} // namespace

std::uint64_t room_of(const store::room& in, std::uint64_t reserve) {
  return in.unused() < reserve / 2 ? std::min(in.left(), reserve) : in.left();
}

result<state> state::open(store::environment& in, state_options options) {
  state out{std::move(options)};
  out.in_ = &in;
  if (out.options_.wal != nullptr) {
    auto through = store::wal_environment::open(in, *out.options_.wal);
    if (!through)
      return through.error();
    out.through_ = std::move(*through);
    out.in_ = out.through_.get();
  }
  auto tables = store::log_tables::open(*out.in_, out.options_.origin);
  if (!tables)
    return tables.error();
  out.tables_ = *tables;
  out.keys_ = key_ring{in.secrets(), *tables};
  if (auto bad = out.recover())
    return bad;
  return out;
}

caf::error state::recover() {
  auto found = recover_log(*in_, tables_, *options_.keys.now());
  if (!found)
    return found.error();
  tree_ = std::move(found->tree);
  head_ = found->head;
  archived_ = found->archived;
  signed_size_ = found->signed_size;
  signed_any_ = found->signed_any;
  if (auto bad = find_given_up())
    return bad;
  if (auto bad = destroy_left_over())
    return bad;
  auto lost = find_lost_keys(*in_);
  if (!lost)
    return lost.error();
  lost_ = std::move(*lost);
  return {};
}

/// Also what was shredded in a log from before a new epoch.
caf::error state::destroy_left_over() {
  auto origins = store::origins_in(*in_);
  if (!origins)
    return origins.error();
  auto reading = in_->read();
  if (!reading)
    return reading.error();
  std::vector<std::uint64_t> secrets;
  for (auto& origin : *origins) {
    auto key = store::meta::shredding_key(origin);
    auto list = (*reading)->get(tables_.meta, as_byte_view(key));
    if (!list)
      return list.error();
    if (!*list)
      continue;
    for (auto left = **list; left.size() >= 8; left = left.subspan(8))
      secrets.push_back(store::to_number(left));
    shredding_noted_.push_back(std::move(origin));
  }
  return keys_.destroy(secrets);
}

caf::error state::reload() {
  // A transaction that was given up has left its leaves in the tree.
  auto log = store::log_view::open(*in_, tables_);
  if (!log)
    return log.error();
  auto tree =
      merkle::tree::restore(log->head().size, [&](const merkle::tile_id& id) {
        return log->tile_copy(id.level, id.index);
      });
  if (!tree || log->head() != head_)
    return make_error(ec::store_corrupt,
                      "the log " + tables_.origin
                          + " changed under a transaction that was given up");
  tree_ = std::move(*tree);
  return {};
}

result<written> state::write(const batch& what) {
  written out;
  auto bad = attempt(what, out);
  if (!bad)
    return out;
  if (!may_go_on(bad))
    return bad;
  // Nothing was written: no one of the batch may believe that it was.
  out.entries.assign(what.entries.size(), bad);
  out.blobs.assign(what.blobs.size(), bad);
  if (auto worse = give_up(bad))
    return worse;
  return out;
}

/// After a transaction that was given up: nothing where the next may be tried.
caf::error state::give_up(caf::error why) {
  if (auto worse = reload())
    return make_error(code_of(worse),
                      sentence_of(why) + "; " + sentence_of(worse));
  return {};
}

result<shredded> state::shred(const ledger::shred& what) {
  std::vector<std::uint64_t> secrets;
  auto done = [&]() -> result<shredded> {
    auto begun = in_->write();
    if (!begun)
      return begun.error();
    writing now{std::move(*begun), head_, ~std::uint64_t{0}};
    auto out = write_shred(now, what, secrets);
    if (out)
      if (auto bad = finish(now))
        return bad;
    return out;
  }();
  if (!done) {
    auto worse = is_final(done.error()) ? caf::error{} : give_up(done.error());
    return worse ? worse : done.error();
  }
  shredding_noted_.push_back(tables_.origin);
  if (auto bad = keys_.destroy(secrets))
    return make_error(ec::store_io, "a destroyed key may still be there: "
                                        + sentence_of(bad));
  return done;
}

result<shredded> state::write_shred(writing& now, const ledger::shred& what,
                                    std::vector<std::uint64_t>& secrets) {
  if (what.index >= head_.size)
    return make_error(ec::not_found,
                      "no entry " + std::to_string(what.index)
                          + ": the log has " + std::to_string(head_.size),
                      "entry");
  pending told{what.record, {}};
  if (auto bad = check_form(told))
    return bad;
  auto gone = keys_.shred(*now.with, what.index, now.head.size);
  if (!gone)
    return gone.error();
  bytes list;
  for (auto each : *gone) {
    auto number = store::to_key(each);
    list.insert(list.end(), number.begin(), number.end());
  }
  auto key = store::meta::shredding_key(tables_.origin);
  if (auto bad = now.with->put(tables_.meta, as_byte_view(key), list))
    return bad;
  auto index = now.head.size;
  if (auto bad = append(now, told, index))
    return bad;
  secrets = std::move(*gone);
  std::erase(shredding_noted_, tables_.origin); // this transaction's list
  return shredded{index};
}

caf::error state::attempt(const batch& what, written& out) {
  auto now = begin(room_for(what));
  if (!now)
    return now.error();
  if (auto bad = write_parts(*now, what, out))
    return bad;
  return finish(*now);
}

/// `wanted`: about what the transaction is to write.
result<state::writing> state::begin(std::uint64_t wanted) {
  auto room = measure(wanted);
  if (!room)
    return room.error();
  auto begun = in_->write();
  if (!begun)
    return begun.error();
  return writing{std::move(*begun), head_,
                 room_of(*room, options_.reserve_bytes)};
}

/// What waits to be published takes room that is not counted yet, and that may
/// have to be in one piece: near the end of the map nothing waits.
result<store::room> state::measure(std::uint64_t wanted) {
  auto enough = options_.reserve_bytes + 4 * store::unpublished_max + wanted;
  auto room = in_->measure(enough);
  if (!room || published()
      || std::min(room->unused(), room->disk_free_bytes) >= enough)
    return room;
  if (auto bad = publish())
    return bad;
  return in_->measure(enough);
}

caf::error state::write_parts(writing& now, const batch& what, written& out) {
  for (const auto& one : what.entries) {
    if (auto refused = admit(now, one)) {
      out.entries.push_back(std::move(refused));
      continue;
    }
    auto done = take(now, one);
    if (!done && (now.half_written || is_of_the_store(done.error())))
      return done.error();
    out.entries.push_back(std::move(done));
  }
  for (const auto& blob : what.blobs) {
    if (now.room < blob.content.size() + options_.reserve_bytes) {
      out.blobs.push_back(no_room());
      continue;
    }
    auto bad = put(now, blob);
    if (bad && (now.half_written || is_of_the_store(bad)))
      return bad;
    out.blobs.push_back(std::move(bad));
  }
  return {};
}

caf::error state::admit(const writing& now, const pending& one) const {
  if (auto bad = check_form(one))
    return bad;
  bool vital = is_vital(one.record.entry);
  auto kept = vital ? 0 : options_.reserve_bytes;
  return now.room < room_for(one) + kept ? no_room(vital) : caf::error{};
}

result<placed> state::take(writing& now, const pending& one) {
  if (!one.record.idempotency_key.empty()) {
    auto before = find_repeated(now, one);
    if (!before)
      return before.error();
    if (*before)
      return std::move(**before);
  }
  auto index = now.head.size;
  if (auto bad = append(now, one, index))
    return bad;
  now.room -= room_for(one);
  return placed{index, false, one.decision};
}

caf::error state::append(writing& now, const pending& one,
                         std::uint64_t index) {
  auto entry = one.record.entry.encoded();
  now.half_written = true;
  if (auto bad = now.with->append(tables_.entries, store::to_key(index), entry))
    return append_error(std::move(bad));
  for (std::size_t i = 0; i < one.record.payloads.size(); ++i) {
    const auto& payload = one.record.payloads[i];
    auto key = store::payloads::key(index, static_cast<std::uint8_t>(i));
    if (auto bad = now.with->append(tables_.payloads, key, payload.ciphertext))
      return append_error(std::move(bad));
    auto kept = keys_.keep({index, static_cast<std::uint8_t>(i)}, payload.key);
    if (!kept)
      return kept.error();
    if (auto bad = now.with->append(tables_.payload_keys, key, *kept))
      return append_error(std::move(bad));
  }
  if (!one.record.idempotency_key.empty())
    if (auto bad = remember(now, one, index))
      return bad;
  tree_.append_data(entry);
  ++now.head.size;
  now.entries_written = true;
  now.half_written = false;
  return {};
}

caf::error state::put(writing& now, const put_blob& blob) {
  if (crypto::sha256_of(blob.content) != blob.key)
    return make_error(ec::invalid_argument,
                      "a blob that is not what its digest says");
  auto there = now.with->get(tables_.blobs, blob.key);
  if (!there)
    return there.error();
  if (*there)
    return {};
  now.room -= blob.content.size();
  auto bad = now.with->put(tables_.blobs, blob.key, blob.content);
  now.half_written = static_cast<bool>(bad);
  return bad;
}

caf::error state::finish(writing& now) {
  if (now.entries_written) {
    for (const auto& tile : tree_.take_tiles())
      if (auto bad = now.with->put(
              tables_.tiles, store::tiles::key(tile.id.level, tile.id.index),
              tile.hashes))
        return bad;
    now.head.root = tree_.root();
    auto key = store::meta::head_key(tables_.origin);
    if (auto bad = now.with->put(tables_.meta, as_byte_view(key),
                                 store::encode_head(now.head)))
      return bad;
  }
  if (!checkpoint_.empty()) {
    auto key = store::meta::checkpoint_key(tables_.origin);
    if (auto bad = now.with->put(tables_.meta, as_byte_view(key),
                                 as_byte_view(checkpoint_)))
      return bad;
  }
  for (const auto& origin : shredding_noted_) {
    auto key = store::meta::shredding_key(origin);
    if (auto bad = now.with->erase(tables_.meta, as_byte_view(key)))
      return bad;
  }
  if (auto bad = now.with->commit())
    return bad;
  shredding_noted_.clear();
  head_ = now.head;
  checkpoint_.clear();
  return {};
}

std::optional<std::string> state::unsigned_checkpoint() const {
  if (signed_any_ && signed_size_ == head_.size)
    return std::nullopt;
  return head_text();
}

std::string state::head_text() const {
  return merkle::format_checkpoint(
      {tables_.origin, head_.size, head_.root, {}});
}

bool state::sign(const std::string& text, const merkle::ed25519_signature& by) {
  auto what = merkle::parse_checkpoint(text);
  if (!what)
    return false;
  auto note = options_.keys.now()->attach(text, by);
  if (!note)
    return false;
  checkpoint_ = std::move(*note);
  signed_size_ = what->size;
  signed_any_ = true;
  signed_head_ = {what->size, what->root};
  return true;
}

caf::error state::store_checkpoint() {
  if (!checkpoint_.empty())
    if (auto done = write({}); !done)
      return done.error();
  return publish();
}

caf::error state::publish() {
  return through_ ? through_->publish() : caf::error{};
}

} // namespace acgs::ledger
