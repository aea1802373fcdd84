// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Cap'n Proto message as actors pass it: immutable bytes, counted by
// reference, with a plain struct of views into them. Copying one copies a
// pointer; reading one reads in place. Safe to share between threads.
//
// The bytes are the flat, single-segment encoding with its segment table, so
// what is sent to a peer or stored is exactly what an actor was handed.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>

namespace acgs::wire {

/// Bounds for bytes from outside: size and nesting of one message.
inline constexpr std::size_t message_bytes_max = 8u << 20;
inline constexpr int nesting_max = 64;

template <class Domain>
class message {
public:
  /// An empty message; only to be assigned to.
  message() = default;

  /// Encodes the value; afterwards nothing of `value` is referred to.
  explicit message(const Domain& value);

  /// Checks bytes from outside or from disk and takes a copy of them.
  /// Fails with `invalid_argument` (not such a message) or `too_large`.
  static result<message> decode(byte_view encoded);

  /// The values, pointing into this message's bytes.
  const Domain& operator*() const { return frame_->view; }
  const Domain* operator->() const { return &frame_->view; }

  /// The encoded form.
  byte_view encoded() const { return frame_->encoded; }

  explicit operator bool() const { return frame_ != nullptr; }

private:
  struct frame {
    Domain view;
    byte_view encoded;
  };
  std::shared_ptr<const frame> frame_;
};

} // namespace acgs::wire

namespace caf {

/// Messages never leave the process by CAF's own means.
template <class Domain>
struct allowed_unsafe_message_type<acgs::wire::message<Domain>>
    : std::true_type {};

} // namespace caf
