// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/state.hpp"

#include "actors/reader/resources.hpp"
#include "runtime/base/json.hpp"
#include "runtime/crypto/key_document.hpp"
#include "runtime/store/tables/entries.hpp"

#include <merkle/checkpoint.hpp>

#include <algorithm>

namespace acgs::reader {

namespace {

/// What the entry about a shredding says, where there was one.
result<std::optional<domain::shredding>>
shredding_of(store::log_view& log, std::uint64_t index,
             const domain::entry& entry) {
  std::optional<domain::shredding> out;
  if (entry.commitments.empty())
    return out;
  auto sealed = log.payload(index, 0);
  if (!sealed)
    return sealed.error();
  if (!*sealed || !(*sealed)->shredded_by)
    return out;
  out.emplace().index = *(*sealed)->shredded_by;
  auto told = log.entry(out->index);
  // In an archive that is not given: when and why is not known here.
  if (!told && code_of(told.error()) == ec::not_found)
    return out;
  if (!told)
    return told.error();
  auto by = wire::entry::decode(*told);
  if (!by)
    return by.error();
  out->time_nanos = (*by)->time_nanos;
  out->by = (*by)->caller.subject;
  auto detail = json::parse((*by)->detail);
  const auto* reason = detail ? detail->find("reason") : nullptr;
  if (reason && reason->if_string())
    out->reason = *reason->if_string();
  return out;
}

/// Entries that the index does not hold yet and that are counted all the same.
constexpr std::uint64_t tail_max = 16'384;

} // namespace

result<state> state::open(state_options options) {
  auto tables = store::log_tables::open(*options.ledger, options.origin);
  if (!tables)
    return tables.error();
  tables->archive = options.archive;
  return state{std::move(options), *tables};
}

/// An index that cannot be read leads to nothing: the log is searched instead.
result<index_view> state::look_up() const {
  auto found = index_view::open(*options_.index, tables_.origin);
  if (!found
      && (code_of(found.error()) == ec::store_io
          || code_of(found.error()) == ec::store_corrupt))
    return index_view{};
  return found;
}

result<search> state::begin_find(const query& what) const {
  // The index first: the log that is seen after it is at least as long.
  auto index = look_up();
  if (!index)
    return index.error();
  auto log = view();
  if (!log)
    return log.error();
  return search::begin(what, options_.search_step, *log, *index);
}

result<bool> state::go_on(search& with) const {
  auto index = look_up();
  if (!index)
    return index.error();
  auto log = view();
  if (!log)
    return log.error();
  return with.step(*log, *index);
}

result<query_result> state::find(const query& what) const {
  auto begun = begin_find(what);
  if (!begun)
    return begun.error();
  for (auto done = go_on(*begun);; done = go_on(*begun)) {
    if (!done)
      return done.error();
    if (*done)
      return begun->finish();
  }
}

result<std::uint64_t> state::index_of(const std::string& decision_id,
                                      std::uint64_t given) const {
  if (decision_id.empty())
    return given;
  query what;
  what.decision_id = decision_id;
  what.oldest_first = true;
  what.limit = 1;
  auto found = find(what);
  if (!found)
    return found.error();
  if (found->entries.empty())
    return make_error(
        ec::not_found,
        "no entry is about the decision '" + decision_id + "'"
            + (found->archived > 0
                   ? "; the entries before " + std::to_string(found->archived)
                         + " are archived and found by their index alone"
                   : ""));
  return found->entries.front().index;
}

result<std::vector<located>>
state::outcomes_of(std::string_view decision_id) const {
  query what;
  what.event_type = to_string_view(domain::entry_kind::outcome);
  what.decision_id = decision_id;
  what.oldest_first = true;
  auto found = find(what);
  if (!found)
    return found.error();
  return std::move(found->entries);
}

result<entry_result> state::show(const get_entry& what) const {
  auto found = index_of(what.decision_id, what.index);
  if (!found)
    return found.error();
  auto index = *found;
  auto log = view();
  if (!log)
    return log.error();
  auto bytes = log->entry(index);
  if (!bytes && what.place_is_enough && index < log->archived().size) {
    entry_result only_place;
    only_place.found = {index, {}, wire::entry{domain::entry{}}};
    only_place.archived = true;
    return only_place;
  }
  if (!bytes)
    return bytes.error();
  auto entry = wire::entry::decode(*bytes);
  if (!entry)
    return make_error(ec::store_corrupt,
                      "entry " + std::to_string(index)
                          + " cannot be read: " + sentence_of(entry.error()));
  entry_result out;
  auto shredded = shredding_of(*log, index, **entry);
  if (!shredded)
    return shredded.error();
  out.shredded = std::move(*shredded);
  if ((*entry)->kind == domain::entry_kind::decision) {
    auto outcomes = outcomes_of((*entry)->decision_id);
    if (!outcomes)
      return outcomes.error();
    out.outcomes = std::move(*outcomes);
  }
  if (what.with_payloads) {
    auto payloads = open_payloads(*log, index, **entry);
    if (!payloads)
      return payloads.error();
    out.payloads = std::move(*payloads);
  }
  out.found = locate(index, std::move(*entry));
  return out;
}

result<verify_result> state::check(const verify& what) const {
  return verify_log(what, *options_.ledger, tables_, options_.keys.now());
}

result<verification> state::begin_check(const verify& what) const {
  return verification::begin(what, *options_.ledger, tables_,
                             options_.keys.now());
}

result<stats> state::measure() const {
  auto index = look_up();
  if (!index)
    return index.error();
  auto log = view();
  if (!log)
    return log.error();
  auto room = options_.ledger->measure(0);
  if (!room)
    return room.error();
  auto counts = index->counts();
  if (!counts)
    return counts.error();
  stats out;
  out.origin = tables_.origin;
  out.entries = log->head().size;
  out.indexed = std::min(index->indexed(), out.entries);
  out.bytes_used = room->used_bytes;
  out.map_bytes = room->map_bytes;
  out.by_kind = std::move(*counts);
  auto time_at = [&](std::uint64_t at) -> std::int64_t {
    auto bytes = log->entry(at);
    auto entry = bytes ? wire::entry::decode(*bytes)
                       : result<wire::entry>{bytes.error()};
    return entry ? (*entry)->time_nanos : 0;
  };
  out.archived = log->archived().size;
  if (out.entries > 0) {
    out.first_nanos = time_at(log->first());
    out.last_nanos = time_at(out.entries - 1);
  }
  auto failed = log->for_each_entry(
      std::max(out.indexed, out.archived),
      std::min(out.entries - out.indexed, tail_max),
      [&](std::uint64_t, byte_view encoded) {
        if (auto entry = wire::entry::decode(encoded))
          ++out.by_kind[static_cast<std::size_t>((*entry)->kind)];
        return true;
      });
  if (failed)
    return failed;
  return out;
}

result<std::string> state::resource(const get_resource& what) const {
  if (!what.origin.empty() && what.origin != tables_.origin)
    return resource_of_older(what);
  if (what.path == "vkey") {
    auto keys = options_.keys.now();
    auto key = keys->active(crypto::checkpoint_purpose);
    if (!key)
      return make_error(ec::not_found, "this log has no key yet");
    return merkle::format_verifier_key(key->key) + '\n';
  }
  if (what.path == "keys")
    return crypto::format_key_document(tables_.origin, *options_.keys.now());
  auto log = view();
  if (!log)
    return log.error();
  return tile_resource(*log, what.path);
}

result<std::string> state::resource_of_older(const get_resource& what) const {
  if ((what.path == "keys" || what.path == "vkey") && options_.older_keys)
    return options_.older_keys(what.origin, what.path);
  auto known = options_.ledger->find_table(store::entries::name(what.origin));
  if (!known)
    return known.error();
  if (!*known)
    return make_error(ec::not_found, "no log of origin '" + what.origin + "'");
  auto log = store::log_view::open(*options_.ledger, what.origin);
  if (!log)
    return log.error();
  return what.path == "checkpoint" ? log->checkpoint()
                                   : tile_resource(*log, what.path);
}

result<std::uint64_t> state::place_of(const get_receipt& what) const {
  auto index = index_of(what.decision_id, what.index);
  if (!index)
    return index;
  auto log = view();
  if (!log)
    return log.error();
  // No proof of what is no longer what it proves; one of an entry whose archive
  // is elsewhere is good.
  auto bytes = log->entry(*index);
  if (!bytes
      && (what.decision_id.empty()
          || code_of(bytes.error()) == ec::store_corrupt))
    return bytes.error();
  return index;
}

/// By the keys as they are now: one may have been revoked since it signed.
bool state::is_believed(const std::string& checkpoint) const {
  auto found = options_.keys.now()->open(checkpoint);
  return found && !found->by_revoked;
}

std::optional<std::string> state::checkpoint_of(std::uint64_t size) const {
  if (kept_size_ >= size && !kept_.empty() && is_believed(kept_))
    return kept_;
  auto log = view();
  if (!log)
    return std::nullopt;
  auto stored = log->checkpoint();
  if (!stored || stored->empty() || size_of_checkpoint(*stored) < size
      || !is_believed(*stored))
    return std::nullopt;
  return *stored;
}

result<std::string> state::unsigned_checkpoint() const {
  auto log = view();
  if (!log)
    return log.error();
  return merkle::format_checkpoint(
      {tables_.origin, log->head().size, log->head().root, {}});
}

bool state::keep(const std::string& text, const merkle::ed25519_signature& by) {
  auto head = merkle::parse_checkpoint(text);
  auto note = options_.keys.now()->attach(text, by);
  if (!head || !note)
    return false;
  kept_ = std::move(*note);
  kept_size_ = head->size;
  return true;
}

result<std::string> state::receipt(std::uint64_t index,
                                   const std::string& checkpoint) const {
  auto log = view();
  if (!log)
    return log.error();
  return make_receipt(*log, index, checkpoint);
}

result<std::uint64_t> state::size() const {
  auto log = view();
  if (!log)
    return log.error();
  return log->head().size;
}

} // namespace acgs::reader
