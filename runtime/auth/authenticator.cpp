// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/authenticator.hpp"

#include "runtime/crypto/sha256.hpp"

#include <algorithm>
#include <cstring>

namespace acgs::auth {

namespace {

caf::error refused(std::string why) {
  return make_error(ec::unauthenticated, std::move(why));
}

/// agent and viewer stand side by side; the others each above.
unsigned rank(domain::role of) {
  return of == domain::role::agent ? 1 : static_cast<unsigned>(of);
}

} // namespace

result<domain::identity> identity_of(const claims& verified,
                                     const domain::control_state& state) {
  if (verified.kind == domain::token_kind::refresh)
    return refused("a refresh token is not sent with calls; exchange it first");
  auto token = state.tokens.find(verified.token_id);
  if (token == state.tokens.end())
    return refused("the token is not one that was issued here");
  const auto& issued = token->second;
  if (issued.subject != verified.subject || issued.role_ != verified.role_
      || issued.tenant != verified.tenant || issued.kind != verified.kind)
    return refused("the token does not say what was issued");
  if (issued.revoked)
    return refused("the token was revoked");
  auto user = state.users.find(issued.subject);
  if (user != state.users.end()) {
    if (user->second.revoked)
      return refused("the user was revoked");
    if (rank(issued.role_) > rank(user->second.role_))
      return refused("the user's role was lowered; log in again");
  }
  domain::identity out;
  out.subject = issued.subject;
  out.role_ = issued.role_;
  out.tenant = issued.tenant;
  out.method = domain::auth_method::token;
  out.token_id = verified.token_id;
  return out;
}

authenticator::authenticator(const time_source& time, std::size_t cache_max)
    : time_{time}, cache_max_{cache_max} {
  // Nobody is known before `update`.
}

std::size_t
authenticator::digest_hash::operator()(const digest& of) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, of.data(), sizeof out);
  return out;
}

void authenticator::update(domain::control_state_ptr state) {
  std::lock_guard lock{mutex_};
  if (state_ && state && state->revision < state_->revision)
    return;
  state_ = std::move(state);
  rebuild_keys();
}

void authenticator::set_keys(std::vector<token_key> keys) {
  std::lock_guard lock{mutex_};
  own_keys_ = std::move(keys);
  rebuild_keys();
}

void authenticator::rebuild_keys() {
  auto keys = own_keys_;
  auto same = [](const token_key& a, const token_key& b) {
    return a.key == b.key;
  };
  if (state_) {
    for (const auto& [name, record] : state_->keys) {
      auto key = record.purpose == "token"
                     ? read_verifier_key(record.verifier_key)
                     : make_error(ec::not_found);
      if (!key)
        continue; // of another purpose: `apply` lets none in that is malformed
      auto known = std::find_if(keys.begin(), keys.end(),
                                [&](const auto& k) { return same(k, *key); });
      if (record.revoked && known != keys.end())
        keys.erase(known);
      else if (!record.revoked && known == keys.end())
        keys.push_back(*key);
    }
  }
  if (std::equal(keys.begin(), keys.end(), keys_.begin(), keys_.end(), same))
    return;
  // What a key no longer in use has signed must not be remembered as good.
  keys_ = std::move(keys);
  by_digest_.clear();
  recent_.clear();
}

std::shared_ptr<const claims> authenticator::recall(const digest& key) {
  auto found = by_digest_.find(key);
  if (found == by_digest_.end())
    return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->second;
}

void authenticator::remember(const digest& key,
                             std::shared_ptr<const claims> verified,
                             const std::vector<token_key>& by) {
  auto unchanged =
      std::equal(by.begin(), by.end(), keys_.begin(), keys_.end(),
                 [](const auto& a, const auto& b) { return a.key == b.key; });
  if (!unchanged || by_digest_.contains(key) || cache_max_ == 0)
    return;
  if (recent_.size() >= cache_max_) {
    by_digest_.erase(recent_.back().first);
    recent_.pop_back();
  }
  recent_.emplace_front(key, std::move(verified));
  by_digest_.emplace(key, recent_.begin());
}

result<domain::identity> authenticator::check(std::string_view token,
                                              std::string_view address) {
  if (token.size() > token_bytes_max)
    return refused("the token is longer than " + std::to_string(token_bytes_max)
                   + " characters");
  auto now = time_.now();
  auto key = crypto::sha256_of(as_byte_view(token));
  std::unique_lock lock{mutex_};
  if (!state_)
    return make_error(ec::unavailable,
                      "the node is starting and cannot check tokens yet");
  auto state = state_;
  auto verified = recall(key);
  if (!verified) {
    auto keys = keys_;
    ++checked_;
    lock.unlock(); // a signature takes long
    auto read = verify_token(token, keys, now);
    if (!read)
      return read.error();
    verified = std::make_shared<const claims>(std::move(*read));
    lock.lock();
    remember(key, verified, keys);
  }
  lock.unlock();
  if (auto wrong = check_times(*verified, now))
    return wrong;
  auto out = identity_of(*verified, *state);
  if (out)
    out->address = address;
  return out;
}

std::uint64_t authenticator::signatures_checked() const {
  std::lock_guard lock{mutex_};
  return checked_;
}

} // namespace acgs::auth
