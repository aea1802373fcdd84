// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A token bucket per caller: `burst` calls at once, then a steady rate. The
// clock is handed in; any thread may call it. A bucket that has filled up again
// is forgotten, which loses nothing. The number of buckets is bounded: when it
// is reached, further callers share one bucket until others have filled up.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/domain/identity.hpp"

#include <array>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace acgs::auth {

/// The configured limits; those in control state outrank them.
struct rate_limits {
  domain::rate_limit fallback{1000, 2000};
  std::map<domain::role, domain::rate_limit> by_role;
  std::size_t buckets_max = 10000;
};

/// The limit for a caller: that of the subject in control state, of the role
/// there, of the role as configured, or the fallback. `state` may be null.
domain::rate_limit limit_for(const domain::identity_view& caller,
                             const rate_limits& configured,
                             const domain::control_state* state);

class rate_limiter {
public:
  explicit rate_limiter(rate_limits configured);

  /// Takes one call out of the caller's bucket. Nothing where it may go on;
  /// else how long the caller should wait (at least a millisecond). A limit
  /// of zero calls a second means that there is none. What stands for several
  /// `calls` takes as many, but never more than a whole burst.
  std::optional<std::chrono::nanoseconds>
  take(const domain::identity_view& caller, const domain::control_state* state,
       steady_time now, double calls = 1);

  /// The same for any name, for example a name that fails to log in.
  std::optional<std::chrono::nanoseconds> take(std::string_view key,
                                               const domain::rate_limit& limit,
                                               steady_time now,
                                               double calls = 1);

  /// Fails with `too_large` where a batch of so many inputs, each of which
  /// counts as a call, is more than the caller may ever send at once: to wait
  /// would not help.
  caf::error check_batch(const domain::identity_view& caller,
                         const domain::control_state* state,
                         std::size_t inputs) const;

  /// How many buckets there are.
  std::size_t buckets() const;

private:
  struct bucket {
    std::string key;
    domain::rate_limit limit;
    double tokens = 0;
    steady_time filled;

    void refill(steady_time now);
    std::optional<std::chrono::nanoseconds> take(steady_time now, double calls);
  };
  bucket& bucket_of(std::string_view key, const domain::rate_limit& limit,
                    steady_time now);

  const rate_limits configured_;
  mutable std::mutex mutex_;  // guards all below
  std::list<bucket> buckets_; // most recently used first
  std::unordered_map<std::string_view, std::list<bucket>::iterator> by_key_;
  bucket shared_;
};

/// What "Retry-After" says: whole seconds, at least one.
std::int64_t retry_after_seconds(std::chrono::nanoseconds wait);

} // namespace acgs::auth
