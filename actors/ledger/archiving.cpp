// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER's core gives up entries that were archived.

#include "actors/ledger/writing.hpp"
#include "runtime/store/tables.hpp"

#include <merkle/proof.hpp>

namespace acgs::ledger {

namespace {

/// Decisions that are asked for the state that they were made in: one that took
/// long may stand behind what changed meanwhile.
constexpr unsigned decisions_read_max = 1024;

caf::error no_archive(std::uint64_t size, const std::string& why) {
  return make_error(ec::invalid_argument,
                    "an archive of " + std::to_string(size) + " entries " + why,
                    "size");
}

/// Keys of a table below an entry, at most so many. Erasing moves what a cursor
/// stands on, so they are taken first.
result<std::vector<bytes>> keys_below(store::read_transaction& in,
                                      store::table from, std::uint64_t end,
                                      std::uint64_t keys_max) {
  auto at = in.walk(from);
  if (!at)
    return at.error();
  std::vector<bytes> out;
  auto found = (*at)->first();
  for (; found && *found && out.size() < keys_max; found = (*at)->next()) {
    auto key = (*at)->key();
    if (store::to_number(key) >= end)
      break;
    out.emplace_back(key.begin(), key.end());
  }
  if (!found)
    return found.error();
  return out;
}

} // namespace

/// The last change of control state that the entries before one tell of. Each
/// decision tells of the state that it was made in, so that not all of them
/// are read where nothing has changed for long.
result<std::uint64_t> state::last_revision(writing& now, std::uint64_t before) {
  auto at = now.with->walk(tables_.entries);
  if (!at)
    return at.error();
  auto out = archived_.revision;
  unsigned decisions = 0;
  auto found = (*at)->seek(store::to_key(before - 1));
  for (; found && *found; found = (*at)->previous()) {
    auto index = store::to_number((*at)->key());
    if (index < archived_.size)
      break;
    auto entry = wire::entry::decode((*at)->value());
    if (!entry)
      return make_error(ec::store_corrupt,
                        "entry " + std::to_string(index) + " cannot be read");
    out = std::max(out, (*entry)->revision);
    auto kind = (*entry)->kind;
    if (kind == domain::entry_kind::control || kind == domain::entry_kind::key
        || (kind == domain::entry_kind::decision
            && ++decisions == decisions_read_max))
      return out;
  }
  if (!found)
    return found.error();
  return out;
}

result<archived> state::write_archive(writing& now, const ledger::archive& what,
                                      store::archived_part& out) {
  if (what.size % merkle::tile_width != 0 || what.size <= archived_.size)
    return no_archive(what.size,
                      "is none of whole tiles: expected a multiple of "
                          + std::to_string(merkle::tile_width) + " beyond "
                          + std::to_string(archived_.size));
  if (what.size > signed_size_)
    return make_error(ec::conflict,
                      "the signed checkpoint covers "
                          + std::to_string(signed_size_) + " entries, not "
                          + std::to_string(what.size),
                      "size");
  auto root = merkle::root_from_tiles(
      what.size, [&](const merkle::tile_id& id) -> std::optional<bytes> {
        auto key = store::tiles::key(id.level, id.index);
        auto found = now.with->get(tables_.tiles, key);
        if (!found || !*found)
          return std::nullopt;
        return bytes{(*found)->begin(), (*found)->end()};
      });
  if (!root)
    return make_error(ec::store_corrupt, root.error());
  if (*root != what.root)
    return make_error(ec::conflict,
                      "the first " + std::to_string(what.size)
                          + " entries lead to another root than the archive's",
                      "root");
  auto revision = last_revision(now, what.size);
  if (!revision)
    return revision.error();
  pending told{what.record, {}};
  if (auto bad = admit(now, told))
    return bad;
  out = {what.size, what.root, now.head.size, *revision};
  if (auto bad = append(now, told, out.told_by))
    return bad;
  auto key = store::meta::archived_key(tables_.origin);
  if (auto bad = now.with->put(tables_.meta, as_byte_view(key),
                               store::encode_archived(out)))
    return bad;
  return archived{out.told_by};
}

result<archived> state::archive(const ledger::archive& what) {
  store::archived_part part;
  auto done = [&]() -> result<archived> {
    auto now = begin(0);
    if (!now)
      return now.error();
    auto out = write_archive(*now, what, part);
    if (out)
      if (auto bad = finish(*now))
        return bad;
    return out;
  }();
  if (!done) {
    auto worse = is_final(done.error()) ? caf::error{} : give_up(done.error());
    return worse ? worse : done.error();
  }
  archived_ = part;
  erasing_.push_back({tables_, part.size});
  return done;
}

caf::error state::find_given_up() {
  auto origins = store::origins_in(*in_);
  if (!origins)
    return origins.error();
  for (const auto& origin : *origins) {
    auto part = read_archived(origin);
    if (!part)
      return part.error();
    if (part->size == 0)
      continue;
    auto tables = store::log_tables::open(*in_, origin);
    if (!tables)
      return tables.error();
    erasing_.push_back({std::move(*tables), part->size});
  }
  return {};
}

result<store::archived_part> state::read_archived(const std::string& origin) {
  auto reading = in_->read();
  if (!reading)
    return reading.error();
  auto key = store::meta::archived_key(origin);
  auto found = (*reading)->get(tables_.meta, as_byte_view(key));
  if (!found)
    return found.error();
  return *found ? store::decode_archived(**found) : store::archived_part{};
}

result<bool> state::sweep(std::uint64_t entries_max) {
  while (!erasing_.empty()) {
    auto erased = erase_some(erasing_.back(), entries_max);
    if (!erased)
      return erased.error();
    if (*erased)
      return true;
    erasing_.pop_back();
  }
  return false;
}

/// Near the end of the map each piece is published by itself (`begin`): LMDB
/// notes what a transaction freed in one run of pages, and uses it again in the
/// one after the next.
result<bool> state::erase_some(const given_up& of, std::uint64_t entries_max) {
  auto begun = begin(0);
  if (!begun)
    return begun.error();
  auto& now = *begun;
  std::uint64_t erased = 0;
  for (auto from : {of.tables.payloads, of.tables.entries}) {
    auto gone = keys_below(*now.with, from, of.size, entries_max);
    if (!gone)
      return gone.error();
    for (const auto& key : *gone)
      if (auto bad = now.with->erase(from, key))
        return bad;
    erased += gone->size();
  }
  if (erased == 0)
    return false;
  if (auto bad = finish(now))
    return bad;
  return true;
}

} // namespace acgs::ledger
