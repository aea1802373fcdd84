// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Room for the bodies of all requests that a server holds at a time, so that
// many connections with large bodies do not take all memory. The first bytes of
// each body are free: whoever fills the room keeps no small request out. What
// has come in is counted, not what was announced. Used on the server's loop.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

namespace acgs::http {

class body_room {
public:
  /// Of each body that many bytes are not counted.
  static constexpr std::size_t free_bytes = 16 * 1024;

  explicit body_room(std::size_t most = std::numeric_limits<std::size_t>::max())
      : most_{most} {}
  body_room(const body_room&) = delete;
  body_room& operator=(const body_room&) = delete;

  std::size_t most() const { return most_; }
  /// Bytes that are held now, but for the free ones.
  std::size_t used() const { return used_; }
  /// How often there was no room.
  std::uint64_t refused() const { return refused_; }

private:
  friend class body_share;

  const std::size_t most_;
  std::size_t used_ = 0;
  std::uint64_t refused_ = 0;
};

/// What one request takes of the room; given back with its owner, who may live
/// longer than the server.
class body_share {
public:
  explicit body_share(std::shared_ptr<body_room> of) : of_{std::move(of)} {}
  body_share(const body_share&) = delete;
  body_share& operator=(const body_share&) = delete;
  ~body_share() { release(); }

  /// Takes so many bytes more. False, and nothing is taken, where there is no
  /// room.
  bool grow(std::size_t by) {
    auto more = counted(held_ + by) - counted(held_);
    if (more > of_->most_ - of_->used_) {
      ++of_->refused_;
      return false;
    }
    of_->used_ += more;
    held_ += by;
    return true;
  }

  void release() {
    of_->used_ -= counted(held_);
    held_ = 0;
  }

private:
  static std::size_t counted(std::size_t bytes) {
    return bytes > body_room::free_bytes ? bytes - body_room::free_bytes : 0;
  }

  const std::shared_ptr<body_room> of_;
  std::size_t held_ = 0;
};

} // namespace acgs::http
