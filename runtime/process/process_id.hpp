// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which process: the PID and the time it was started, since a PID alone is
// given again to a stranger. The text form, "PID START\n", is what the lock
// file holds; START is field 22 of /proc/PID/stat, in ticks since boot.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::process {

struct process_id {
  std::int64_t pid = 0;
  std::uint64_t start_ticks = 0;
  friend bool operator==(const process_id&, const process_id&) = default;
};

/// This process.
process_id self();

/// The living process of that PID, or nothing; a zombie does not live.
std::optional<process_id> find_process(std::int64_t pid);

/// Whether exactly this process lives.
bool is_alive(const process_id& which);

std::string to_text(const process_id& which);
std::optional<process_id> parse_process_id(std::string_view text);

} // namespace acgs::process
