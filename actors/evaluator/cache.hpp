// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decision cache: answers by the digest of everything that they depend
// on. Two tiers: `cache` belongs to one evaluator and takes no lock;
// `shared_cache` is behind it, for all evaluators, in shards with a lock each.
// Both forget what was used longest ago. Digests are uniform, so their first
// bytes serve as the hash.

#include "actors/evaluator/answer.hpp"
#include "runtime/base/bytes.hpp"

#include <array>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace acgs::evaluator {

struct digest_hash {
  std::size_t operator()(const digest& key) const {
    std::size_t out;
    std::memcpy(&out, key.data(), sizeof out);
    return out;
  }
};

/// What a tier holds at most: so many answers, which together take so many
/// bytes. 0 answers: none.
struct cache_bounds {
  std::size_t entries = 0;
  std::size_t bytes = std::size_t{64} << 20;
};

/// Least recently used out first. One thread at a time.
class cache {
public:
  explicit cache(cache_bounds most) : most_{most} {}

  /// The answer, or null; it counts as used.
  answer_ptr find(const digest& key);

  /// One that is larger than all bytes together is not kept.
  void put(const digest& key, answer_ptr value);

  /// Forgets everything; returns how many answers that were.
  std::size_t clear();

  std::size_t size() const { return index_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t entries_max() const { return most_.entries; }

private:
  struct entry {
    digest key;
    answer_ptr value;
    std::size_t bytes;
  };
  using place = std::list<entry>::iterator;
  void drop(place which);

  cache_bounds most_;
  std::size_t bytes_ = 0;
  std::list<entry> order_; ///< most recently used first
  std::unordered_map<digest, place, digest_hash> index_;
};

/// The second tier. Safe to use from any thread.
class shared_cache {
public:
  explicit shared_cache(cache_bounds most);

  answer_ptr find(const digest& key);
  void put(const digest& key, answer_ptr value);
  std::size_t clear();
  std::size_t size() const;
  std::size_t entries_max() const { return entries_max_; }

private:
  static constexpr std::size_t shard_count = 16;
  struct shard {
    mutable std::mutex mutex;
    std::optional<cache> entries;
  };
  shard& shard_of(const digest& key);

  std::size_t entries_max_;
  std::array<shard, shard_count> shards_;
};

} // namespace acgs::evaluator
