// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes in and out of one accepted TCP connection, in clear or through TLS.
// Used on the loop's thread. One read and one write may be under way at a
// time; each ends in exactly one call of its handler, never inside the call
// that began it, also when the transport is closed meanwhile.

#include "runtime/net/http/message.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acgs::http {

/// How the opening of a connection ended.
struct opening {
  bool well = false;
  /// Of a handshake that failed: what was wrong with what the peer showed
  /// (runtime/net/tls_failure.hpp), where it was asked to prove itself.
  std::optional<std::string> wrong_proof{};
};

class transport {
public:
  /// Bytes moved; 0 where the connection has ended or failed.
  using moved = std::function<void(std::size_t)>;

  virtual ~transport() = default;

  /// Makes the connection ready for use (TLS: the handshake), then calls
  /// `done` with whether it is.
  virtual void open(std::function<void(const opening&)> done) = 0;

  /// Reads what is there, at least one byte.
  virtual void read(std::span<char> into, moved done) = 0;

  /// Writes all of it. The bytes must stand still until `done`.
  virtual void write(std::string_view bytes, moved done) = 0;

  /// Says that nothing more will be written, then waits until the peer ends
  /// the connection, so that it has read the last response: closing with
  /// unread bytes would take that from it. No read may be under way. After a
  /// failed opening it leaves the peer the time to read why.
  virtual void finish(std::function<void()> done) = 0;

  /// Ends the connection at once. What is under way fails.
  virtual void close() = 0;

  /// Who is at the other end; complete after `open`.
  virtual const peer& who() const = 0;
};

} // namespace acgs::http
