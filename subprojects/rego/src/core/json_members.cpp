// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/json_members.hpp"

#include <algorithm>

#include "rego/json.hpp"

namespace rego {

std::string json_name(const value& key) {
  return key.is_string() ? std::string(key.as_string()) : to_json(key);
}

// Keys are in order, strings beside each other.
bool has_names(const value& object) {
  auto keys = object.keys();
  return keys.empty() || (keys.front().is_string() && keys.back().is_string());
}

std::optional<std::vector<json_member>> json_members(const value& object,
                                                     size_t bytes_max) {
  std::vector<json_member> out;
  size_t bytes = 0;
  for (size_t i = 0; i < object.size(); ++i) {
    std::string name;
    auto& key = object.keys()[i];
    if (key.is_string())
      name = key.as_string();
    else if (!append_json_within(name, key, bytes_max))
      return std::nullopt;
    bytes += name.size();
    if (bytes > bytes_max)
      return std::nullopt;
    out.push_back({std::move(name), object.values()[i]});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](auto& a, auto& b) { return a.name < b.name; });
  // The last of those with one name, which is the first from behind.
  auto kept = std::unique(out.rbegin(), out.rend(),
                          [](auto& a, auto& b) { return a.name == b.name; });
  out.erase(out.begin(), kept.base());
  return out;
}

} // namespace rego
