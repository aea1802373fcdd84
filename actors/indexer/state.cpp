// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/indexer/state.hpp"

#include "runtime/store/index_key.hpp"
#include "runtime/store/tables.hpp"

#include <algorithm>

namespace acgs::indexer {

namespace {

namespace index = store::index;

result<std::uint64_t> read_number(store::read_transaction& from,
                                  store::table in, byte_view key) {
  auto found = from.get(in, key);
  if (!found)
    return found.error();
  return *found ? store::to_number(**found) : 0;
}

/// The records that say up to where a log is indexed, one a log.
result<std::vector<std::string>> marks_in(store::read_transaction& from,
                                          store::table meta) {
  auto at = from.walk(meta);
  if (!at)
    return at.error();
  std::vector<std::string> out;
  auto prefix = store::meta::indexed_key("");
  auto found = (*at)->seek(as_byte_view(prefix));
  for (; found && *found; found = (*at)->next()) {
    auto key = as_text((*at)->key());
    if (!key.starts_with(prefix))
      break;
    out.emplace_back(key);
  }
  if (!found)
    return found.error();
  return out;
}

caf::error erase_all(store::write_transaction& in, store::table from) {
  auto at = in.walk(from);
  if (!at)
    return at.error();
  for (auto more = (*at)->first();; more = (*at)->first()) {
    if (!more)
      return more.error();
    if (!*more)
      return {};
    bytes key{(*at)->key().begin(), (*at)->key().end()};
    if (auto bad = in.erase(from, key))
      return bad;
    at = in.walk(from);
    if (!at)
      return at.error();
  }
}

/// What is found under each table of texts, in the order of `index::by`.
std::array<std::string_view, 6> texts_of(const domain::entry& entry) {
  return {entry.decision_id, entry.request_id, entry.caller.subject,
          entry.agent,       entry.path,       entry.event_type};
}

} // namespace

result<state> state::open(store::environment& index_env,
                          store::environment& ledger, std::string origin) {
  state out{index_env, ledger};
  auto log = store::log_tables::open(ledger, std::move(origin));
  if (!log)
    return log.error();
  out.log_ = *log;
  if (auto bad = out.open_tables())
    return bad;
  if (auto bad = out.read_progress())
    return bad;
  auto view = store::log_view::open(ledger, out.log_);
  if (!view)
    return view.error();
  auto other = out.is_of_another_log();
  if (!other)
    return other.error();
  if (*other || out.indexed_ > view->head().size)
    if (auto bad = out.clear())
      return bad;
  return out;
}

caf::error state::open_tables() {
  std::vector<std::pair<store::table*, const char*>> wanted{
      {&in_.meta, store::meta::name},
      {&in_.times, index::times_name},
      {&in_.counts, index::counts_name}};
  for (std::size_t i = 0; i < index::names.size(); ++i)
    wanted.emplace_back(&in_.texts[i], index::names[i]);
  for (const auto& [to, name] : wanted) {
    auto opened = index_->open_table(name);
    if (!opened)
      return opened.error();
    *to = *opened;
  }
  return {};
}

caf::error state::read_progress() {
  auto reading = index_->read();
  if (!reading)
    return reading.error();
  auto get = [&](store::table from, byte_view key, std::uint64_t& to) {
    auto found = read_number(**reading, from, key);
    if (found)
      to = *found;
    return found ? caf::error{} : found.error();
  };
  auto mark = store::meta::indexed_key(log_.origin);
  if (auto bad = get(in_.meta, as_byte_view(mark), indexed_))
    return bad;
  if (auto bad = get(in_.meta, as_byte_view(index::skew_key), skew_))
    return bad;
  auto swept = store::meta::swept_key(log_.origin);
  if (auto bad = get(in_.meta, as_byte_view(swept), swept_))
    return bad;
  latest_ = 0;
  if (indexed_ > 0) {
    std::uint64_t latest = 0;
    auto block = store::to_key((indexed_ - 1) / index::block_size);
    if (auto bad = get(in_.times, block, latest))
      return bad;
    latest_ = static_cast<std::int64_t>(latest);
  }
  kinds_.assign(domain::entry_kind_names.size(), 0);
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    std::byte key{static_cast<std::uint8_t>(i)};
    if (auto bad = get(in_.counts, {&key, 1}, kinds_[i]))
      return bad;
  }
  return {};
}

result<bool> state::is_of_another_log() {
  auto reading = index_->read();
  if (!reading)
    return reading.error();
  auto marks = marks_in(**reading, in_.meta);
  if (!marks)
    return marks.error();
  auto ours = store::meta::indexed_key(log_.origin);
  return std::any_of(marks->begin(), marks->end(),
                     [&](const std::string& mark) { return mark != ours; });
}

caf::error state::clear() {
  auto writing = index_->write();
  if (!writing)
    return writing.error();
  auto marks = marks_in(**writing, in_.meta);
  if (!marks)
    return marks.error();
  for (const auto& mark : *marks)
    if (auto bad = (*writing)->erase(in_.meta, as_byte_view(mark)))
      return bad;
  auto swept = store::meta::swept_key(log_.origin);
  if (auto bad = (*writing)->erase(in_.meta, as_byte_view(swept)))
    return bad;
  for (auto each : in_.texts)
    if (auto bad = erase_all(**writing, each))
      return bad;
  for (auto each : {in_.times, in_.counts})
    if (auto bad = erase_all(**writing, each))
      return bad;
  indexed_ = 0;
  swept_ = 0;
  latest_ = 0;
  skew_ = 0;
  kinds_.assign(domain::entry_kind_names.size(), 0);
  if (auto bad = write_progress(**writing, 0))
    return bad;
  return (*writing)->commit();
}

result<std::uint64_t> state::advance(std::uint64_t count) {
  auto left = write_on(count);
  // What was counted for a transaction that was given up is forgotten.
  if (!left)
    if (auto worse = read_progress())
      return worse;
  return left;
}

result<std::uint64_t> state::write_on(std::uint64_t count) {
  auto log = store::log_view::open(*ledger_, log_);
  if (!log)
    return log.error();
  auto size = log->head().size;
  if (indexed_ >= size)
    return std::uint64_t{0};
  // An index that is made again has nothing of what was archived.
  auto first = std::max(indexed_, log->archived().size);
  auto writing = index_->write();
  if (!writing)
    return writing.error();
  caf::error bad;
  auto failed = log->for_each_entry(
      first, count, [&](std::uint64_t index, byte_view encoded) {
        auto entry = wire::entry::decode(encoded);
        // One that cannot be read is found by its index alone; verifying the
        // log reports it.
        if (entry)
          bad = index_one(**writing, index, **entry);
        return !bad;
      });
  if (failed || bad)
    return failed ? failed : bad;
  auto reached = std::min(size, first + count);
  if (auto worse = write_progress(**writing, reached))
    return worse;
  if (auto worse = (*writing)->commit())
    return worse;
  indexed_ = reached;
  return size - reached;
}

caf::error state::index_one(store::write_transaction& to, std::uint64_t at,
                            const domain::entry& entry) {
  auto put = [&](store::table in, std::string_view text) {
    return to.put(in, index::key_of(index::prefix_of(text), at), {});
  };
  auto texts = texts_of(entry);
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!texts[i].empty())
      if (auto bad = put(in_.texts[i], texts[i]))
        return bad;
  auto kind = domain::to_string_view(entry.kind);
  if (kind != entry.event_type)
    if (auto bad = put(in_.texts.back(), kind))
      return bad;
  ++kinds_[static_cast<std::size_t>(entry.kind)];
  if (entry.time_nanos < latest_)
    skew_ = std::max(skew_, static_cast<std::uint64_t>(latest_)
                                - static_cast<std::uint64_t>(entry.time_nanos));
  latest_ = std::max(latest_, entry.time_nanos);
  // At each block's end; the last block's value stands in for it meanwhile.
  if (at % index::block_size != index::block_size - 1)
    return {};
  return to.put(in_.times, store::to_key(at / index::block_size),
                store::to_key(static_cast<std::uint64_t>(latest_)));
}

caf::error state::write_progress(store::write_transaction& to,
                                 std::uint64_t size) {
  auto put = [&](store::table in, byte_view key, std::uint64_t value) {
    return to.put(in, key, store::to_key(value));
  };
  auto mark = store::meta::indexed_key(log_.origin);
  if (auto bad = put(in_.meta, as_byte_view(mark), size))
    return bad;
  if (auto bad = put(in_.meta, as_byte_view(index::skew_key), skew_))
    return bad;
  if (size > 0)
    if (auto bad = put(in_.times, store::to_key((size - 1) / index::block_size),
                       static_cast<std::uint64_t>(latest_)))
      return bad;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    std::byte key{static_cast<std::uint8_t>(i)};
    if (auto bad = put(in_.counts, {&key, 1}, kinds_[i]))
      return bad;
  }
  return {};
}

} // namespace acgs::indexer
