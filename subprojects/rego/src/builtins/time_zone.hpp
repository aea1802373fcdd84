// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time zones by name from the system's compiled database (TZif, RFC 8536),
// with the rule for the years behind its last entry. A zone is read once, is
// immutable and shared by all threads.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rego {

/// The offset in force at some second since 1970, and from when to when.
struct zone_span {
  int offset = 0; // seconds east of UTC
  std::string name = "UTC";
  int64_t begin = INT64_MIN, end = INT64_MAX;
};

struct zone_data;

/// A zone; UTC where `data` is null.
struct zone_ref {
  std::shared_ptr<const zone_data> data;
};

/// False where there is no zone of that name. "" and "Local" are UTC: a
/// decision must not hang on where the machine stands.
bool find_zone(std::string_view name, zone_ref& to);

zone_span zone_at(const zone_ref& z, int64_t unix_seconds);

/// The bytes of a TZif file as zone; null where they are none.
std::shared_ptr<const zone_data> read_zone(std::string_view bytes);

} // namespace rego
