// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a policy may be called. Ids are shown, logged, completed in shells and
// used as file names by those who export policies: none leads up a path or
// looks like another.

#include <algorithm>
#include <string_view>

namespace acgs::domain {

inline constexpr std::size_t policy_id_bytes_max = 255;

/// Files of the constitution are shown under this, beside the policies.
inline constexpr std::string_view constitution_prefix = "constitution/";

/// The rule in words, for errors.
inline constexpr std::string_view policy_id_form =
    "1 to 255 bytes: steps of letters, digits and . _ : @ + - joined by single "
    "slashes, none of them . or ..";

constexpr bool is_policy_id(std::string_view id) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':'
           || c == '@' || c == '+' || c == '-';
  };
  if (id.size() > policy_id_bytes_max)
    return false;
  for (;;) {
    auto slash = id.find('/');
    auto step = id.substr(0, slash);
    if (step.empty() || step == "." || step == ".."
        || !std::all_of(step.begin(), step.end(), fits))
      return false;
    if (slash == std::string_view::npos)
      return true;
    id.remove_prefix(slash + 1);
  }
}

} // namespace acgs::domain
