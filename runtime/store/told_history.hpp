// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a log's entries tell of control state's history: up to which revision
// there was one, and what each change was. So that state/ can be held to
// ledger/, which is signed.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/entry.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace acgs::store {

class told_history {
public:
  /// Takes one entry in. Fails where its detail is no JSON.
  caf::error hear(const domain::entry& of);

  /// Takes in that entries which are archived told of changes up to there.
  void hear_archived(std::uint64_t revision) {
    last_ = std::max(last_, revision);
  }

  /// The last revision that was told of; 0 where none was.
  std::uint64_t last() const noexcept { return last_; }

  /// The SHA-256 of each command that was told of, in hexadecimal.
  const std::map<std::uint64_t, std::string>& commands() const noexcept {
    return commands_;
  }

  /// Whether this is the command that was told of, if one was.
  bool is(std::uint64_t revision, byte_view command) const;

private:
  std::map<std::uint64_t, std::string> commands_;
  std::uint64_t last_ = 0;
};

} // namespace acgs::store
