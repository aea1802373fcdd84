// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/rate_limiter.hpp"

#include "runtime/base/network.hpp"

#include <algorithm>
#include <cmath>

namespace acgs::auth {

namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// Full buckets are looked for at the old end, a few at each new one.
constexpr int forgotten_at_once = 4;

/// Rates differ by caller, so the key says whose bucket it is: a subject where
/// it was proved, else the address.
std::string key_of(const domain::identity_view& caller) {
  if (caller.method == domain::auth_method::anonymous)
    return "address:" + std::string{counted_address(caller.address)};
  return "subject:" + std::string{caller.subject};
}

/// A burst below one would never let anything through.
double burst_of(const domain::rate_limit& limit) {
  return std::max(limit.burst, 1.0);
}

} // namespace

domain::rate_limit limit_for(const domain::identity_view& caller,
                             const rate_limits& configured,
                             const domain::control_state* state) {
  if (state && !state->limits.empty()) {
    auto own = state->limits.find(std::string{caller.subject});
    if (own != state->limits.end())
      return own->second;
    auto role =
        state->limits.find("role:" + std::string{to_string_view(caller.role_)});
    if (role != state->limits.end())
      return role->second;
  }
  auto role = configured.by_role.find(caller.role_);
  return role == configured.by_role.end() ? configured.fallback : role->second;
}

rate_limiter::rate_limiter(rate_limits configured)
    : configured_{std::move(configured)} {
  // Buckets come with callers.
}

void rate_limiter::bucket::refill(steady_time now) {
  // A clock that stands still or is handed in twice adds nothing.
  auto passed = std::chrono::duration<double>(now - filled).count();
  if (passed > 0) {
    tokens = std::min(limit.burst, tokens + passed * limit.requests_per_second);
    filled = now;
  }
}

std::optional<nanoseconds> rate_limiter::bucket::take(steady_time now,
                                                      double calls) {
  refill(now);
  calls = std::min(calls, limit.burst);
  if (tokens >= calls) {
    tokens -= calls;
    return std::nullopt;
  }
  auto missing = (calls - tokens) / limit.requests_per_second;
  // A day is long enough to say; more would not fit in nanoseconds for ever.
  auto wait = nanoseconds{
      static_cast<std::int64_t>(std::ceil(std::min(missing, 86400.0) * 1e9))};
  return std::max<nanoseconds>(wait, 1ms);
}

rate_limiter::bucket& rate_limiter::bucket_of(std::string_view key,
                                              const domain::rate_limit& limit,
                                              steady_time now) {
  auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
    auto& known = buckets_.front();
    known.refill(now);
    known.limit = limit; // it may have been changed
    known.tokens = std::min(known.tokens, limit.burst);
    return known;
  }
  for (int i = 0; i < forgotten_at_once && !buckets_.empty(); ++i) {
    auto& oldest = buckets_.back();
    oldest.refill(now);
    if (oldest.tokens < oldest.limit.burst)
      break;
    by_key_.erase(oldest.key);
    buckets_.pop_back();
  }
  if (buckets_.size() >= configured_.buckets_max) {
    if (shared_.limit.burst == 0)
      shared_ = {"shared", limit, limit.burst, now};
    shared_.refill(now);
    shared_.limit = limit;
    shared_.tokens = std::min(shared_.tokens, limit.burst);
    return shared_;
  }
  buckets_.push_front({std::string{key}, limit, limit.burst, now});
  by_key_.emplace(buckets_.front().key, buckets_.begin());
  return buckets_.front();
}

std::optional<nanoseconds> rate_limiter::take(std::string_view key,
                                              const domain::rate_limit& limit,
                                              steady_time now, double calls) {
  if (limit.requests_per_second <= 0)
    return std::nullopt;
  domain::rate_limit usable{limit.requests_per_second, burst_of(limit)};
  std::lock_guard lock{mutex_};
  return bucket_of(key, usable, now).take(now, calls);
}

std::optional<nanoseconds>
rate_limiter::take(const domain::identity_view& caller,
                   const domain::control_state* state, steady_time now,
                   double calls) {
  return take(key_of(caller), limit_for(caller, configured_, state), now,
              calls);
}

caf::error rate_limiter::check_batch(const domain::identity_view& caller,
                                     const domain::control_state* state,
                                     std::size_t inputs) const {
  auto limit = limit_for(caller, configured_, state);
  auto most = std::floor(burst_of(limit));
  if (limit.requests_per_second <= 0 || static_cast<double>(inputs) <= most)
    return {};
  return make_error(ec::too_large,
                    std::to_string(inputs)
                        + " inputs count as as many requests; this caller may "
                          "send at most "
                        + std::to_string(static_cast<std::uint64_t>(most))
                        + " at once (limits.burst)",
                    "inputs");
}

std::size_t rate_limiter::buckets() const {
  std::lock_guard lock{mutex_};
  return buckets_.size();
}

std::int64_t retry_after_seconds(nanoseconds wait) {
  auto whole = std::chrono::ceil<std::chrono::seconds>(wait);
  return std::max<std::int64_t>(1, whole.count());
}

} // namespace acgs::auth
