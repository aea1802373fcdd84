// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// INDEXER forgets entries that were archived. Their texts are gone by then, so
// that it walks its tables, whose keys end with the entry's index.

#include "actors/indexer/state.hpp"

#include "runtime/store/index_key.hpp"
#include "runtime/store/tables.hpp"

#include <algorithm>

namespace acgs::indexer {

namespace {

/// The text of a record of "by_type", where it is the name of a kind.
std::optional<std::size_t> kind_in(byte_view key) {
  auto text = as_text(key.first(key.size() - sizeof(store::number_key) - 1));
  const auto& names = domain::entry_kind_names;
  auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

} // namespace

/// How much of the log was archived.
result<std::uint64_t> state::archived() {
  auto log = store::log_view::open(*ledger_, log_);
  if (!log)
    return log.error();
  return log->archived().size;
}

/// A part of one table, from where the one before ended.
caf::error state::sweep_table(store::write_transaction& in,
                              std::uint64_t& records_left) {
  auto from = in_.texts[sweep_table_];
  std::vector<bytes> gone;
  bool more = true;
  {
    auto at = in.walk(from);
    if (!at)
      return at.error();
    auto found = (*at)->seek(sweep_from_);
    for (; found && *found && records_left > 0; --records_left) {
      auto key = (*at)->key();
      constexpr auto number = sizeof(store::number_key);
      if (key.size() > number && store::to_number(key.last(number)) < sweeping_)
        gone.emplace_back(key.begin(), key.end());
      found = (*at)->next();
    }
    if (!found)
      return found.error();
    more = *found;
    if (more)
      sweep_from_.assign((*at)->key().begin(), (*at)->key().end());
  }
  for (const auto& key : gone) {
    if (auto bad = in.erase(from, key))
      return bad;
    auto kind =
        sweep_table_ + 1 == in_.texts.size() ? kind_in(key) : std::nullopt;
    if (kind && kinds_[*kind] > 0)
      --kinds_[*kind];
  }
  if (!more) {
    ++sweep_table_;
    sweep_from_.clear();
  }
  return {};
}

result<bool> state::sweep(std::uint64_t records_max) {
  auto wanted = archived();
  if (!wanted)
    return wanted.error();
  if (*wanted <= swept_)
    return false;
  if (sweeping_ != *wanted) {
    sweeping_ = *wanted;
    sweep_table_ = 0;
    sweep_from_.clear();
  }
  auto begun_at = std::pair{sweep_table_, sweep_from_};
  auto bad = [&]() -> caf::error {
    auto writing = index_->write();
    if (!writing)
      return writing.error();
    while (records_max > 0 && sweep_table_ < in_.texts.size())
      if (auto wrong = sweep_table(**writing, records_max))
        return wrong;
    if (sweep_table_ == in_.texts.size()) {
      auto key = store::meta::swept_key(log_.origin);
      if (auto wrong = (*writing)->put(in_.meta, as_byte_view(key),
                                       store::to_key(sweeping_)))
        return wrong;
    }
    if (auto wrong = write_progress(**writing, indexed_))
      return wrong;
    return (*writing)->commit();
  }();
  if (bad) {
    // What was counted for a transaction that was given up is forgotten.
    std::tie(sweep_table_, sweep_from_) = begun_at;
    auto worse = read_progress();
    return worse ? worse : bad;
  }
  if (sweep_table_ < in_.texts.size())
    return true;
  swept_ = sweeping_;
  return false;
}

} // namespace acgs::indexer
