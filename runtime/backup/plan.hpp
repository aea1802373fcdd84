// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A backup under way: what it will hold, and where the next block of it begins.

#include "runtime/backup/format.hpp"
#include "runtime/backup/manifest.hpp"
#include "runtime/backup/secrets.hpp"

#include <optional>
#include <string>

namespace acgs::backup {

/// From where on; all zero: everything.
struct base {
  std::uint64_t size = 0;
  std::optional<digest> root; ///< what the tree over these entries must be
  std::uint64_t revision = 0;
  sealing seal; ///< not wanted: without what opens payloads
};

/// A backup under way.
struct plan {
  extent of;
  std::string checkpoint; ///< signed, of `of.size`
  sealing seal;           ///< of what opens payloads
};

/// Where its next block begins.
struct place {
  block_kind section = block_kind::checkpoint;
  bytes from; ///< the first key that it may hold

  bool at_end() const { return section == block_kind::manifest; }
};

struct piece {
  bytes block; ///< with its header; empty where none was due
  place next;
};

} // namespace acgs::backup
