// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 and HMAC-SHA-256 by OpenSSL, which is four times as fast here as
// libsodium. A `sha256` keeps its context: it belongs to one thread at a time;
// the free functions may be called from any.

#include "runtime/base/bytes.hpp"

#include <memory>

namespace acgs::crypto {

/// Digests one message after the other without allocating.
class sha256 {
public:
  /// Throws std::bad_alloc when there is no memory for a context.
  sha256();
  ~sha256();
  sha256(sha256&&) noexcept;
  sha256& operator=(sha256&&) noexcept;

  /// Adds to the message.
  sha256& add(byte_view part);

  /// The digest of what was added; starts a new message.
  digest finish();

private:
  struct context;
  std::unique_ptr<context> context_;
};

/// The digest of one message.
digest sha256_of(byte_view message);

/// HMAC-SHA-256 (RFC 2104) of a message under a key of any length.
digest hmac_sha256(byte_view key, byte_view message);

} // namespace acgs::crypto
