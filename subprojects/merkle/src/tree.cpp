// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/tree.hpp"

#include "subtree.hpp"

#include <algorithm>

namespace merkle {

result<tree> tree::restore(std::uint64_t size, const tile_reader& read) {
  tree out;
  out.size_ = size;
  for (unsigned level = 0; level < 8 && (size >> (8 * level)) != 0; ++level) {
    edge tail;
    tail.index = size >> (8 * level) >> 8;
    if (auto width = tile_width_at(level, tail.index, size); width != 0) {
      tile_id id{level, tail.index, width};
      auto stored = read(id);
      if (!stored || stored->size() < width * sizeof(hash))
        return failure{"tile " + tile_path(id) + " is missing or too short"};
      stored->resize(width * sizeof(hash));
      tail.hashes = std::move(*stored);
    }
    out.edges_.push_back(std::move(tail));
  }
  detail::subtrees source{size, read};
  for (unsigned height = 64; height-- > 0;) {
    if (((size >> height) & 1) == 0)
      continue;
    auto peak = source.complete(height, (size >> height) - 1);
    if (!peak)
      return failure{peak.error()};
    out.peaks_.push_back(*peak);
  }
  return out;
}

std::uint64_t tree::append_data(bytes_view data) {
  return append(hasher_.leaf(data));
}

std::uint64_t tree::append(const hash& leaf_hash) {
  auto index = size_++;
  auto value = leaf_hash;
  put(0, value);
  for (unsigned height = 0; ((index >> height) & 1) != 0;) {
    value = hasher_.node(peaks_.back(), value);
    peaks_.pop_back();
    if (++height % 8 == 0)
      put(height / 8, value);
  }
  peaks_.push_back(value);
  return index;
}

void tree::put(unsigned level, const hash& value) {
  if (level >= edges_.size())
    edges_.resize(level + 1);
  auto& tail = edges_[level];
  tail.hashes.insert(tail.hashes.end(), value.begin(), value.end());
  tail.changed = true;
  if (tail.hashes.size() < tile_width * sizeof(hash))
    return;
  full_.push_back({{level, tail.index, tile_width}, std::move(tail.hashes)});
  tail = edge{tail.index + 1, {}, false};
}

hash tree::root() {
  if (peaks_.empty())
    return empty_root();
  auto value = peaks_.back();
  for (auto i = peaks_.size() - 1; i-- > 0;)
    value = hasher_.node(peaks_[i], value);
  return value;
}

std::vector<tile_content> tree::take_tiles() {
  auto out = std::exchange(full_, {});
  for (unsigned level = 0; level < edges_.size(); ++level) {
    auto& tail = edges_[level];
    if (!std::exchange(tail.changed, false))
      continue;
    auto width = static_cast<unsigned>(tail.hashes.size() / sizeof(hash));
    out.push_back({{level, tail.index, width}, tail.hashes});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair{a.id.level, a.id.index}
           < std::pair{b.id.level, b.id.index};
  });
  return out;
}

} // namespace merkle
