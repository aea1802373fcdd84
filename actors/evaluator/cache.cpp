// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/cache.hpp"

#include <iterator>
#include <utility>

namespace acgs::evaluator {

namespace {

/// What an answer takes, with its places in the list and in the index.
std::size_t footprint(const answer& what) {
  return sizeof what + 256 + what.result.capacity() + what.agent.capacity()
         + what.request_type.capacity() + what.message.capacity()
         + what.recorded.capacity() + what.explanation.capacity();
}

} // namespace

answer_ptr cache::find(const digest& key) {
  auto found = index_.find(key);
  if (found == index_.end())
    return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->value;
}

void cache::put(const digest& key, answer_ptr value) {
  if (auto known = index_.find(key); known != index_.end())
    drop(known->second);
  auto bytes = footprint(*value);
  if (most_.entries == 0 || bytes > most_.bytes)
    return;
  while (index_.size() >= most_.entries || bytes > most_.bytes - bytes_)
    drop(std::prev(order_.end()));
  order_.push_front({key, std::move(value), bytes});
  index_.emplace(key, order_.begin());
  bytes_ += bytes;
}

void cache::drop(place which) {
  bytes_ -= which->bytes;
  index_.erase(which->key);
  order_.erase(which);
}

std::size_t cache::clear() {
  auto count = index_.size();
  index_.clear();
  order_.clear();
  bytes_ = 0;
  return count;
}

shared_cache::shared_cache(cache_bounds most) : entries_max_{most.entries} {
  for (std::size_t i = 0; i < shard_count; ++i)
    shards_[i].entries.emplace(cache_bounds{
        most.entries / shard_count + (i < most.entries % shard_count ? 1 : 0),
        most.bytes / shard_count});
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
