// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time zones by name from the system's database, read once. Shared by all
// threads.

#include <cstdint>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace rego {

/// The offset in force at some second since 1970, and from when to when.
struct zone_span {
  int offset = 0; // seconds east of UTC
  std::string name = "UTC";
  int64_t begin = INT64_MIN, end = INT64_MAX;
};

/// A zone; UTC where `zone` is null.
struct zone_ref {
  const date::time_zone* zone = nullptr;
};

/// False where there is no zone of that name. "" and "Local" are UTC: a
/// decision must not hang on where the machine stands.
bool find_zone(std::string_view name, zone_ref& to);

zone_span zone_at(const zone_ref& z, int64_t unix_seconds);

} // namespace rego
