// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/time_zone.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace rego {

bool find_zone(std::string_view name, zone_ref& to) {
  to = {};
  if (name.empty() || name == "UTC" || name == "Local")
    return true;
  try {
    to.zone = date::locate_zone(std::string(name));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

zone_span zone_at(const zone_ref& z, int64_t unix_seconds) {
  if (!z.zone)
    return {};
  auto i =
      z.zone->get_info(date::sys_seconds(std::chrono::seconds(unix_seconds)));
  return {static_cast<int>(i.offset.count()), i.abbrev,
          i.begin.time_since_epoch().count(), i.end.time_since_epoch().count()};
}

} // namespace rego
