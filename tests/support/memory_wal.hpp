// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A write-ahead log's file in memory. It survives what uses it; a loss of power
// leaves what was synced and, of what was not, any sectors that a test names.

#include "runtime/store/wal_file.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace acgs::test {

class memory_wal final : public store::wal_file {
public:
  static constexpr std::size_t sector = 512;

  explicit memory_wal(std::size_t size = 16 * 4096)
      : durable(size), written(size) {
    // All zeros, as a new file.
  }

  std::uint64_t size() const override { return written.size(); }

  caf::error read(std::uint64_t from, std::span<std::byte> to) override {
    if (from + to.size() > written.size())
      return make_error(ec::store_io, "reading beyond the end");
    std::copy_n(written.begin() + static_cast<std::ptrdiff_t>(from), to.size(),
                to.begin());
    return {};
  }

  caf::error write(std::uint64_t at, byte_view content) override {
    if (at + content.size() > written.size())
      return make_error(ec::store_io, "writing beyond the end");
    if (fails)
      return make_error(ec::store_io, "a simulated failure to write");
    std::ranges::copy(content,
                      written.begin() + static_cast<std::ptrdiff_t>(at));
    return {};
  }

  caf::error sync() override {
    ++syncs;
    if (fails_to_sync)
      return make_error(how_it_fails, "a simulated failure to sync");
    durable = written;
    return {};
  }

  /// What was not synced is gone but for the sectors that `kept` wants.
  void lose_power(const std::function<bool()>& kept = [] { return false; }) {
    for (std::size_t at = 0; at < durable.size(); at += sector)
      if (kept())
        std::copy_n(written.begin() + static_cast<std::ptrdiff_t>(at), sector,
                    durable.begin() + static_cast<std::ptrdiff_t>(at));
    written = durable;
    fails = fails_to_sync = false;
  }

  bytes durable;
  bytes written;
  unsigned syncs = 0;
  bool fails = false;
  bool fails_to_sync = false;
  ec how_it_fails = ec::store_io;
};

} // namespace acgs::test
