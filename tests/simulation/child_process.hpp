// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A short life in a process of its own, which may end in any way, and what it
// acknowledged until then.

#include "tests/simulation/small_node.hpp"

#include <functional>
#include <string>

namespace acgs::test {

/// What parent and child share.
struct shared_book {
  promises kept;
  std::uint64_t counted = 0; ///< as the child wants
  char said[512] = "";       ///< why it gave up
};

/// How a child ended.
struct ending {
  int code = 0;   ///< its exit code
  int signal = 0; ///< what killed it; 0: nothing
};

/// The code with which a child ends that was told an error; as `acgsd`.
inline constexpr int gave_up = 4;

/// Memory that a child shares with this process.
class shared_memory {
public:
  shared_memory();
  ~shared_memory();
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;

  shared_book& book() { return *book_; }

private:
  shared_book* book_;
};

/// Runs it in a child, which ends at once afterwards: with 0, or with
/// `gave_up` where it returned an error, having said why in `book.said`.
ending run_child(shared_book& book, const std::function<caf::error()>& what);

/// What is wrong with how it ended: anything but 0, or `gave_up` with a
/// sentence.
std::string check_ending(const ending& how, const shared_book& book);

} // namespace acgs::test
