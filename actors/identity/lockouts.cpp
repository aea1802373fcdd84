// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/lockouts.hpp"

#include "runtime/base/network.hpp"

#include <algorithm>

namespace acgs::identity {

namespace {

std::string user_key(std::string_view name) {
  return "user:" + std::string{name};
}

std::string address_key(std::string_view address) {
  return "address:" + std::string{counted_address(address)};
}

} // namespace

lockouts::lockouts(unsigned attempts_max, std::chrono::nanoseconds lock,
                   std::size_t entries_max)
    : attempts_max_{attempts_max}, lock_{lock}, entries_max_{entries_max} {
  // Nobody has failed yet.
}

void lockouts::forget(const std::string& key) {
  auto found = by_key_.find(key);
  if (found == by_key_.end())
    return;
  auto at = found->second;
  by_key_.erase(found);
  entries_.erase(at);
}

lockouts::entry* lockouts::find(const std::string& key, steady_time now) {
  auto found = by_key_.find(key);
  if (found == by_key_.end())
    return nullptr;
  // Failures that lie further back than a lock lasts are no row any more.
  if (found->second->last + lock_ <= now) {
    forget(key);
    return nullptr;
  }
  return &*found->second;
}

std::optional<std::chrono::nanoseconds>
lockouts::locked(std::string_view user, std::string_view address,
                 steady_time now) {
  std::chrono::nanoseconds longest{0};
  for (const auto& key : {user_key(user), address_key(address)})
    if (auto known = find(key, now))
      longest = std::max<std::chrono::nanoseconds>(longest,
                                                   known->locked_until - now);
  if (longest <= std::chrono::nanoseconds{0})
    return std::nullopt;
  return longest;
}

bool lockouts::count(const std::string& key, steady_time now) {
  if (auto known = find(key, now)) {
    entries_.splice(entries_.begin(), entries_, by_key_.at(key));
    known->last = now;
    ++known->failures;
  } else {
    if (entries_.size() >= entries_max_) {
      by_key_.erase(entries_.back().key);
      entries_.pop_back();
    }
    entries_.push_front({key, 1, now, {}});
    by_key_.emplace(entries_.front().key, entries_.begin());
  }
  auto& counted = entries_.front();
  if (counted.failures < attempts_max_)
    return false;
  counted.locked_until = now + lock_;
  counted.failures = 0;
  return true;
}

bool lockouts::failed(std::string_view user, std::string_view address,
                      steady_time now) {
  // Some proofs name nobody.
  bool by_user = !user.empty() && count(user_key(user), now);
  bool by_address = count(address_key(address), now);
  return by_user || by_address;
}

void lockouts::succeeded(std::string_view user, std::string_view address) {
  forget(user_key(user));
  forget(address_key(address));
}

} // namespace acgs::identity
