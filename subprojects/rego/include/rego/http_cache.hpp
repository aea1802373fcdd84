// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Responses to http.send that outlive an evaluation. Bounded by bytes: what was
// put in first goes first. Evaluators on several threads may share one; what
// may be kept and how long is decided by whoever puts it in.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "rego/engine.hpp"

namespace rego {

/// A response that was kept. Immutable, so that it can be read without a lock.
struct http_cached {
  http_response response;
  int64_t stored_ns = 0; // since 1970
  /// The response object, where it is kept decoded (caching_mode).
  snapshot_ptr decoded = {};
};

class http_cache {
public:
  explicit http_cache(size_t bytes_max) : bytes_max_(bytes_max) {}

  std::shared_ptr<const http_cached> find(const std::string& key) const;
  /// Replaces what the key has. What is larger than the bound is not kept.
  void put(const std::string& key, http_cached what);

  size_t bytes() const;
  size_t entries() const;

private:
  struct entry {
    std::shared_ptr<const http_cached> what;
    size_t bytes = 0;
    std::list<std::string>::iterator place;
  };
  void drop(const std::string& key);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, entry> entries_;
  std::list<std::string> order_; // oldest first
  size_t bytes_max_;
  size_t bytes_ = 0;
};

} // namespace rego
