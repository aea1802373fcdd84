// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/http_cache.hpp"

namespace rego {

namespace {

// What an entry's nodes and strings take besides their texts, about.
constexpr size_t bytes_an_entry = 400;
constexpr size_t bytes_a_header = 80;

size_t stored_size(const std::string& key, const http_cached& c) {
  size_t out = bytes_an_entry + 2 * key.size() + c.response.status.size()
               + c.response.body.size();
  for (auto& h : c.response.headers)
    out += bytes_a_header + h.name.size() + h.value.size();
  return out + (c.decoded ? c.decoded->bytes() : 0);
}

} // namespace

std::shared_ptr<const http_cached>
http_cache::find(const std::string& key) const {
  std::lock_guard guard(mutex_);
  auto at = entries_.find(key);
  return at == entries_.end() ? nullptr : at->second.what;
}

void http_cache::drop(const std::string& key) {
  auto at = entries_.find(key);
  if (at == entries_.end())
    return;
  bytes_ -= at->second.bytes;
  order_.erase(at->second.place);
  entries_.erase(at);
}

void http_cache::put(const std::string& key, http_cached what) {
  auto size = stored_size(key, what);
  auto kept = std::make_shared<const http_cached>(std::move(what));
  std::lock_guard guard(mutex_);
  drop(key);
  if (size > bytes_max_)
    return;
  while (bytes_ + size > bytes_max_)
    drop(std::string(order_.front()));
  order_.push_back(key);
  entries_[key] = {std::move(kept), size, std::prev(order_.end())};
  bytes_ += size;
}

size_t http_cache::bytes() const {
  std::lock_guard guard(mutex_);
  return bytes_;
}

size_t http_cache::entries() const {
  std::lock_guard guard(mutex_);
  return entries_.size();
}

} // namespace rego
