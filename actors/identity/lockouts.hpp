// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Failures to log in, by user name and by address. So many in a row lock the
// name or the address for a while; a success forgets them. The clock is handed
// in. Bounded: beyond the bound the one that failed longest ago is forgotten.

#include "runtime/base/clock.hpp"

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace acgs::identity {

class lockouts {
public:
  lockouts(unsigned attempts_max, std::chrono::nanoseconds lock,
           std::size_t entries_max = 10000);

  /// How long the name or the address stays locked; nothing where neither is.
  std::optional<std::chrono::nanoseconds>
  locked(std::string_view user, std::string_view address, steady_time now);

  /// Counts a failure of both. True where it locked one of them.
  bool failed(std::string_view user, std::string_view address, steady_time now);

  /// Forgets the failures of both.
  void succeeded(std::string_view user, std::string_view address);

  std::size_t size() const { return entries_.size(); }

private:
  struct entry {
    std::string key;
    unsigned failures = 0;
    steady_time last;
    steady_time locked_until;
  };
  using place = std::list<entry>::iterator;

  entry* find(const std::string& key, steady_time now);
  bool count(const std::string& key, steady_time now);
  void forget(const std::string& key);

  const unsigned attempts_max_;
  const std::chrono::nanoseconds lock_;
  const std::size_t entries_max_;
  std::list<entry> entries_; // latest failure first
  std::unordered_map<std::string_view, place> by_key_;
};

} // namespace acgs::identity
