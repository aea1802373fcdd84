// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a bearer token to the caller's identity. CONTROL tells it of each state
// before it answers; any thread may call it. A token counts only while control
// state lists it as issued and not revoked, so a stolen signing key alone makes
// no token, and a revocation holds from the next call on.
//
// Tokens whose signature was checked are remembered by their SHA-256, a
// bounded number of them; times, revocation and role are looked at each time.

#include "runtime/auth/token.hpp"
#include "runtime/domain/identity.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace acgs::auth {

class authenticator {
public:
  explicit authenticator(const time_source& time, std::size_t cache_max = 4096);

  /// The state from now on: issued tokens, users, and the token keys in it.
  /// One of an earlier revision is not taken: whoever is slow to tell of it
  /// must not undo a revocation, nor an issue.
  void update(domain::control_state_ptr state);

  /// This node's own token keys, of which state need not know.
  void set_keys(std::vector<token_key> keys);

  /// Who holds the token. Fails with `unauthenticated`, or `unavailable`
  /// before the first state is known.
  result<domain::identity> check(std::string_view token,
                                 std::string_view address);

  /// How often a signature was checked, for tests and metrics.
  std::uint64_t signatures_checked() const;

private:
  struct digest_hash {
    std::size_t operator()(const digest& of) const noexcept;
  };

  std::shared_ptr<const claims> recall(const digest& key);
  void remember(const digest& key, std::shared_ptr<const claims> verified,
                const std::vector<token_key>& by);
  void rebuild_keys();

  using recent = std::list<std::pair<digest, std::shared_ptr<const claims>>>;

  const time_source& time_;
  const std::size_t cache_max_;
  mutable std::mutex mutex_; // guards all below
  domain::control_state_ptr state_;
  std::vector<token_key> own_keys_;
  std::vector<token_key> keys_;
  recent recent_; // most recently used first
  std::unordered_map<digest, recent::iterator, digest_hash> by_digest_;
  std::uint64_t checked_ = 0;
};

/// Where the control state permits it, the identity for a token's claims.
/// Fails with `unauthenticated`.
result<domain::identity> identity_of(const claims& verified,
                                     const domain::control_state& state);

} // namespace acgs::auth
