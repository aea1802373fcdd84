// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/restore.hpp"

#include "runtime/base/json.hpp"
#include "runtime/store/payload_key.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/wire/command.hpp"
#include "runtime/wire/entry.hpp"

#include <algorithm>

namespace acgs::backup {

namespace {

/// Commands erased in one transaction.
constexpr unsigned erased_max = 1024;

/// The digest of the archive of a bundle that a command puts, if it does.
result<std::optional<bytes>> archive_in(byte_view encoded) {
  auto command = wire::command::decode(encoded);
  if (!command)
    return command.error();
  if ((*command)->kind != domain::command_kind::put_bundle)
    return std::optional<bytes>{};
  auto body = json::parse((*command)->body);
  auto digest = body ? body->find("digest") : nullptr;
  return digest && digest->if_string() ? from_hex(*digest->if_string())
                                       : std::optional<bytes>{};
}

} // namespace

result<restorer> restorer::open(store::environment& ledger,
                                store::environment& state, std::string origin,
                                moment until) {
  if (auto bad = store::ensure_schema(ledger, store::ledger_schema()))
    return bad;
  if (auto bad = store::ensure_schema(state, store::state_schema()))
    return bad;
  auto tables = store::log_tables::open(ledger, std::move(origin));
  if (!tables)
    return tables.error();
  restorer out{ledger, state, std::move(*tables), until};
  auto commands = state.open_table(store::state::commands_name);
  if (!commands)
    return commands.error();
  out.commands_ = *commands;
  auto applied = state.open_table(store::state::applied_name);
  if (!applied)
    return applied.error();
  out.applied_ = *applied;
  out.head_.root = out.tree_.root();
  return out;
}

result<store::write_transaction*> restorer::writing(store::environment& in) {
  if (!writing_) {
    auto begun = in.write();
    if (!begun)
      return begun.error();
    writing_ = std::move(*begun);
  }
  return writing_.get();
}

/// A key is masked by a secret of the new store, so that it can be shredded.
caf::error restorer::take_key(store::write_transaction& to, byte_view key,
                              byte_view value) {
  constexpr std::uint32_t ahead = 4096;
  if (value.size() != sizeof(digest) || key.size() != 9)
    return to.append(tables_.payload_keys, key, value);
  if (used_ == drawn_.secrets.size()) {
    auto more = ledger_->secrets().draw(ahead);
    if (!more)
      return more.error();
    drawn_ = std::move(*more);
    used_ = 0;
  }
  auto masked = store::masked_key(
      drawn_.first + used_, drawn_.secrets[used_],
      {store::to_number(key), std::to_integer<std::uint8_t>(key[8])}, value);
  ++used_;
  return to.append(tables_.payload_keys, key, masked);
}

caf::error restorer::take(block_kind kind, byte_view key, byte_view value) {
  if (kind == block_kind::checkpoint) {
    checkpoint_ = as_text(value);
    return {};
  }
  if (kind == block_kind::ring) {
    ring_ = as_text(value);
    return {};
  }
  auto of_log = kind != block_kind::commands;
  auto to = writing(of_log ? *ledger_ : *state_);
  if (!to)
    return to.error();
  switch (kind) {
  case block_kind::edge:
    take_leaves(value);
    return {};
  case block_kind::entries:
    return take_entry(key, value);
  case block_kind::payloads:
    return store::to_number(key) < tree_.size()
               ? (*to)->append(tables_.payloads, key, value)
               : caf::error{};
  case block_kind::payload_keys:
    return store::to_number(key) < tree_.size() ? take_key(**to, key, value)
                                                : caf::error{};
  case block_kind::idempotency:
    return store::to_number(value) < tree_.size()
               ? (*to)->put(tables_.idempotency, key, value)
               : caf::error{};
  case block_kind::blobs:
    return (*to)->put(tables_.blobs, key, value);
  default:
    return take_command(**to, key, value);
  }
}

caf::error restorer::take_command(store::write_transaction& to, byte_view key,
                                  byte_view value) {
  if (store::to_number(key) <= revision_)
    return {}; // two backups may overlap
  auto archive = archive_in(value);
  if (!archive)
    return archive.error();
  revision_ = store::to_number(key);
  if (*archive)
    archives_.emplace(revision_, std::move(**archive));
  return to.append(commands_, key, value);
}

/// Of entries that were archived.
void restorer::take_leaves(byte_view tile) {
  for (; tile.size() >= sizeof(digest); tile = tile.subspan(sizeof(digest))) {
    digest leaf;
    std::copy_n(tile.begin(), leaf.size(), leaf.begin());
    tree_.append(leaf);
    if (watched_ == tree_.size())
      watched_root_ = tree_.root();
  }
}

caf::error restorer::take_entry(byte_view key, byte_view value) {
  auto entry = wire::entry::decode(value);
  if (!entry)
    return entry.error();
  ended_ = ended_ || (until_.size && tree_.size() >= *until_.size)
           || (until_.time_nanos && (*entry)->time_nanos > *until_.time_nanos);
  if (ended_)
    return {};
  if (auto bad = writing_->append(tables_.entries, key, value))
    return bad;
  tree_.append_data(value);
  auto kind = (*entry)->kind;
  if (kind == domain::entry_kind::control || kind == domain::entry_kind::key)
    recorded_ = std::max(recorded_, (*entry)->revision);
  if (watched_ == tree_.size())
    watched_root_ = tree_.root();
  return {};
}

caf::error restorer::put_tiles() {
  for (const auto& tile : tree_.take_tiles())
    if (auto bad = writing_->put(
            tables_.tiles, store::tiles::key(tile.id.level, tile.id.index),
            tile.hashes))
      return bad;
  return {};
}

caf::error restorer::end_block() {
  if (!writing_)
    return {};
  if (auto bad = put_tiles())
    return bad;
  auto done = writing_->commit();
  writing_.reset();
  return done;
}

caf::error restorer::write_log(const store::archived_part& archived) {
  auto to = writing(*ledger_);
  if (!to)
    return to.error();
  head_ = {tree_.size(), tree_.root()};
  auto head = store::meta::head_key(tables_.origin);
  if (auto bad = (*to)->put(tables_.meta, as_byte_view(head),
                            store::encode_head(head_)))
    return bad;
  // Which log a node is to go on with, should nothing else remember it.
  if (auto bad = (*to)->put(tables_.meta, as_byte_view(store::meta::origin_key),
                            as_byte_view(tables_.origin)))
    return bad;
  auto gone = store::meta::archived_key(tables_.origin);
  if (archived.size > 0)
    if (auto bad = (*to)->put(tables_.meta, as_byte_view(gone),
                              store::encode_archived(archived)))
      return bad;
  auto checkpoint = store::meta::checkpoint_key(tables_.origin);
  if (auto bad = (*to)->put(tables_.meta, as_byte_view(checkpoint),
                            as_byte_view(checkpoint_)))
    return bad;
  return end_block();
}

/// The changes after the moment go. So does one that the log does not tell of
/// and whose archive was on its way to the blobs when the backup was taken: it
/// had not taken effect.
result<std::uint64_t> restorer::last_change() {
  if (ended_)
    return recorded_;
  auto reading = ledger_->read();
  if (!reading)
    return reading.error();
  for (auto at = archives_.upper_bound(recorded_); at != archives_.end();
       ++at) {
    auto found = (*reading)->get(tables_.blobs, at->second);
    if (!found)
      return found.error();
    if (!*found)
      return at->first - 1;
  }
  return revision_;
}

/// CONTROL applies what stays when it starts, and records what the log does not
/// tell of.
caf::error restorer::write_history() {
  auto counting = last_change();
  if (!counting)
    return counting.error();
  auto last = *counting;
  while (revision_ > last) {
    auto to = writing(*state_);
    if (!to)
      return to.error();
    for (unsigned i = 0; i < erased_max && revision_ > last; ++i, --revision_)
      if (auto bad = (*to)->erase(commands_, store::to_key(revision_)))
        return bad;
    if (auto bad = end_block())
      return bad;
  }
  auto to = writing(*state_);
  if (!to)
    return to.error();
  if (auto bad = (*to)->put(applied_, store::state::head_key,
                            store::to_key(revision_)))
    return bad;
  if (auto bad = (*to)->put(applied_, store::state::recorded_key,
                            store::to_key(recorded_)))
    return bad;
  return end_block();
}

caf::error restorer::finish(const extent& of) {
  if (until_.size && *until_.size > of.size)
    return make_error(ec::invalid_argument,
                      "the backup has " + std::to_string(of.size)
                          + " entries, which is before "
                          + std::to_string(*until_.size),
                      "until");
  if (ended_ && tree_.size() <= of.archived.size && of.archived.size > 0)
    return make_error(ec::invalid_argument,
                      "the backup has the entries from "
                          + std::to_string(of.archived.size)
                          + " on; those before are in an archive",
                      "until");
  recorded_ = std::max(recorded_, of.archived.revision);
  if (recorded_ > revision_)
    return make_error(ec::store_corrupt,
                      "the log tells of revision " + std::to_string(recorded_)
                          + " of control state, the history ends at "
                          + std::to_string(revision_));
  if (until_.size == tree_.size() && tree_.size() < of.size)
    ended_ = true;
  if (auto bad = write_log(of.archived))
    return bad;
  return write_history();
}

} // namespace acgs::backup
