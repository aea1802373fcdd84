// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/cache.hpp"

#include <utility>

namespace acgs::evaluator {

answer_ptr cache::find(const digest& key) {
  auto found = index_.find(key);
  if (found == index_.end())
    return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->value;
}

void cache::put(const digest& key, answer_ptr value) {
  if (entries_max_ == 0)
    return;
  if (auto found = index_.find(key); found != index_.end()) {
    found->second->value = std::move(value);
    order_.splice(order_.begin(), order_, found->second);
    return;
  }
  if (index_.size() >= entries_max_) {
    index_.erase(order_.back().key);
    order_.pop_back();
  }
  order_.push_front({key, std::move(value)});
  index_.emplace(key, order_.begin());
}

std::size_t cache::clear() {
  auto count = index_.size();
  index_.clear();
  order_.clear();
  return count;
}

shared_cache::shared_cache(std::size_t entries_max)
    : entries_max_{entries_max} {
  for (std::size_t i = 0; i < shard_count; ++i)
    shards_[i].entries.emplace(entries_max / shard_count
                               + (i < entries_max % shard_count ? 1 : 0));
}

shared_cache::shard& shared_cache::shard_of(const digest& key) {
  // Not the bytes that the shard's own table hashes by.
  return shards_[std::to_integer<std::size_t>(key.back()) % shard_count];
}

answer_ptr shared_cache::find(const digest& key) {
  auto& in = shard_of(key);
  std::lock_guard guard{in.mutex};
  return in.entries->find(key);
}

void shared_cache::put(const digest& key, answer_ptr value) {
  auto& in = shard_of(key);
  std::lock_guard guard{in.mutex};
  in.entries->put(key, std::move(value));
}

std::size_t shared_cache::clear() {
  std::size_t count = 0;
  for (auto& each : shards_) {
    std::lock_guard guard{each.mutex};
    count += each.entries->clear();
  }
  return count;
}

std::size_t shared_cache::size() const {
  std::size_t count = 0;
  for (auto& each : shards_) {
    std::lock_guard guard{each.mutex};
    count += each.entries->size();
  }
  return count;
}

} // namespace acgs::evaluator
