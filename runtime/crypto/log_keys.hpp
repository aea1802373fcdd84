// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The present history of a log's keys, shared by all who verify: SIGNER puts a
// new one in before a new key signs anything. A handle; copies share. Any
// thread.

#include "runtime/crypto/key_history.hpp"

#include <initializer_list>
#include <memory>
#include <mutex>

namespace acgs::crypto {

class log_keys {
public:
  log_keys() : log_keys{std::span<const merkle::verifier_key>{}} {}

  /// Keys that never change.
  log_keys(std::span<const merkle::verifier_key> keys)
      : shared_{std::make_shared<shared>()} {
    publish(key_history{keys});
  }
  log_keys(const std::vector<merkle::verifier_key>& keys)
      : log_keys{std::span{keys}} {}
  log_keys(std::initializer_list<merkle::verifier_key> keys)
      : log_keys{std::span{keys.begin(), keys.size()}} {}

  /// Never null.
  std::shared_ptr<const key_history> now() const {
    std::lock_guard guard{shared_->mutex};
    return shared_->held;
  }

  void publish(key_history next) {
    auto held = std::make_shared<const key_history>(std::move(next));
    std::lock_guard guard{shared_->mutex};
    shared_->held.swap(held);
  }

private:
  struct shared {
    std::mutex mutex;
    std::shared_ptr<const key_history> held;
  };

  std::shared_ptr<shared> shared_;
};

} // namespace acgs::crypto
