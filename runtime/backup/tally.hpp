// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was handed out of a backup so far, for its manifest.

#include "runtime/backup/plan.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/tables.hpp"

namespace acgs::backup {

class tally {
public:
  /// A block with its header.
  void add(byte_view block) {
    sum_.add(block.first(header_size));
    ++blocks_;
    auto header = read_header(block.first(header_size));
    if (!header || header->kind != block_kind::ring)
      return;
    if (auto text = open_block(*header, block.subspan(header_size)))
      ring_ = as_text(*text);
  }

  /// What the backup holds of the log's keys; empty: nothing.
  const std::string& ring() const { return ring_; }

  /// The text to be signed. Nothing may be added afterwards.
  std::string finish(const plan& of, std::int64_t time_nanos) {
    manifest out;
    out.of = of.of;
    out.time_nanos = time_nanos;
    out.schema_ledger = store::ledger_schema().version;
    out.schema_state = store::state_schema().version;
    out.blocks = blocks_;
    out.headers = sum_.finish();
    return format_manifest(out);
  }

private:
  crypto::sha256 sum_;
  std::uint64_t blocks_ = 0;
  std::string ring_;
};

} // namespace acgs::backup
