// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/index_view.hpp"

#include "runtime/domain/entry.hpp"
#include "runtime/store/index_key.hpp"
#include "runtime/store/tables/meta.hpp"

#include <algorithm>
#include <limits>

namespace acgs::reader {

namespace index = store::index;

result<index_view> index_view::open(store::environment& in,
                                    const std::string& origin) {
  index_view out;
  std::optional<store::table> meta;
  std::vector<std::pair<std::optional<store::table>*, const char*>> wanted{
      {&meta, store::meta::name},
      {&out.in_.times, index::times_name},
      {&out.in_.counts, index::counts_name}};
  for (std::size_t i = 0; i < index::names.size(); ++i)
    wanted.emplace_back(&out.in_.texts[i], index::names[i]);
  bool all = true;
  for (const auto& [to, name] : wanted) {
    auto found = in.find_table(name);
    if (!found)
      return found.error();
    *to = *found;
    all = all && found->has_value();
  }
  auto reading = in.read();
  if (!reading)
    return reading.error();
  out.reading_ = std::move(*reading);
  if (!all)
    return out;
  auto mark = store::meta::indexed_key(origin);
  for (auto [key, to] : {std::pair{as_byte_view(mark), &out.indexed_},
                         {as_byte_view(index::skew_key), &out.skew_}}) {
    auto found = out.reading_->get(*meta, key);
    if (!found)
      return found.error();
    if (*found)
      *to = store::to_number(**found);
  }
  return out;
}

result<std::vector<std::uint64_t>> index_view::counts() {
  std::vector<std::uint64_t> out(domain::entry_kind_names.size(), 0);
  if (indexed_ == 0)
    return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::byte key{static_cast<std::uint8_t>(i)};
    auto found = reading_->get(*in_.counts, {&key, 1});
    if (!found)
      return found.error();
    if (*found)
      out[i] = store::to_number(**found);
  }
  return out;
}

result<std::uint64_t> index_view::first_block(std::int64_t time,
                                              std::uint64_t low) {
  auto high = (indexed_ + index::block_size - 1) / index::block_size;
  while (low < high) {
    auto middle = low + (high - low) / 2;
    auto found = reading_->get(*in_.times, store::to_key(middle));
    if (!found)
      return found.error();
    // What is missing cannot exclude anything.
    auto latest = *found ? static_cast<std::int64_t>(store::to_number(**found))
                         : std::numeric_limits<std::int64_t>::max();
    if (latest >= time)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

result<span_of_entries> index_view::between(std::optional<std::int64_t> from,
                                            std::optional<std::int64_t> to,
                                            std::uint64_t archived) {
  span_of_entries out{0, indexed_};
  auto low = archived / index::block_size;
  if (indexed_ == 0)
    return out;
  if (from) {
    // Before the first block that reaches `from`, all entries are older.
    auto block = first_block(*from, low);
    if (!block)
      return block.error();
    out.first = std::min(indexed_, *block * index::block_size);
  }
  if (to && skew_ <= std::numeric_limits<std::int64_t>::max()) {
    // No entry is older than the latest before it by more than the skew.
    auto skew = static_cast<std::int64_t>(skew_);
    auto limit = *to > std::numeric_limits<std::int64_t>::max() - skew
                     ? std::numeric_limits<std::int64_t>::max()
                     : *to + skew;
    auto block = first_block(limit, low);
    if (!block)
      return block.error();
    out.last = std::min(indexed_, (*block + 1) * index::block_size);
  }
  return out;
}

caf::error index_view::walk(index::by table, std::string_view text,
                            span_of_entries within, bool oldest_first,
                            const std::function<bool(std::uint64_t)>& visit) {
  if (within.first >= within.last || indexed_ == 0)
    return {};
  auto at = reading_->walk(*in_.texts[static_cast<std::size_t>(table)]);
  if (!at)
    return at.error();
  auto prefix = index::prefix_of(text);
  auto start = oldest_first ? within.first : within.last;
  auto found = (*at)->seek(index::key_of(prefix, start));
  // Newest first begins with the record before the one that was sought.
  if (found && !oldest_first)
    found = *found ? (*at)->previous() : (*at)->last();
  for (;; found = oldest_first ? (*at)->next() : (*at)->previous()) {
    if (!found)
      return found.error();
    if (!*found)
      return {};
    auto key = (*at)->key();
    if (key.size() < prefix.size()
        || !std::equal(prefix.begin(), prefix.end(), key.begin()))
      return {};
    // A text with a zero byte in it may stand in between.
    auto entry = index::entry_of(key, prefix);
    if (!entry)
      continue;
    if (*entry < within.first || *entry >= within.last || !visit(*entry))
      return {};
  }
}

} // namespace acgs::reader
