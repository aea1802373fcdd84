// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where archives of bundles lie between a gateway that received one and
// CONTROL, which takes it when the command comes that names it: too large for a
// message. Any thread may use it. Bounded, and what nobody took makes room for
// what is laid down next.

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace acgs::domain {

class archive_desk {
public:
  using archive = std::shared_ptr<const std::string>;

  /// As many lie here at most; one more pushes out the oldest.
  static constexpr std::size_t archives_max = 4;

  /// Lays down an archive under its digest, SHA-256 in hexadecimal.
  void put(std::string digest, archive what) {
    std::lock_guard guard{mutex_};
    waiting_.emplace_back(std::move(digest), std::move(what));
    if (waiting_.size() > archives_max)
      waiting_.pop_front();
  }

  /// Takes it away; null where it is not here.
  archive take(std::string_view digest) {
    std::lock_guard guard{mutex_};
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
      if (at->first != digest)
        continue;
      auto out = std::move(at->second);
      waiting_.erase(at);
      return out;
    }
    return nullptr;
  }

private:
  std::mutex mutex_;
  std::deque<std::pair<std::string, archive>> waiting_;
};

} // namespace acgs::domain
