// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// RFC 6962 hashing with OpenSSL's EVP digest: a leaf is SHA-256(0x00 || data),
// a node SHA-256(0x01 || left || right), the empty tree SHA-256(""). One
// hasher keeps one digest context, so that a hash costs no allocation: it
// belongs to one thread at a time.

#include "merkle/types.hpp"

#include <memory>

namespace merkle {

/// Hashes leaves and nodes; reuses one digest context.
class hasher {
public:
  /// Throws std::bad_alloc when OpenSSL has no memory for a context.
  hasher();
  ~hasher();
  hasher(hasher&&) noexcept;
  hasher& operator=(hasher&&) noexcept;

  /// The hash of a leaf that holds `data`.
  hash leaf(bytes_view data);

  /// The hash of a node over two subtrees.
  hash node(const hash& left, const hash& right);

  /// Plain SHA-256, without a prefix.
  hash plain(bytes_view data);

private:
  struct context;
  std::unique_ptr<context> context_;
};

/// The root of the tree without leaves.
const hash& empty_root();

} // namespace merkle
