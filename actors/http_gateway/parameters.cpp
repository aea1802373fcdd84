// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/parameters.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace acgs::http_gateway {

namespace {

using known_names = std::span<const std::string_view>;

constexpr std::size_t query_bytes_max = 64 * 1024;

/// Of /audit/events, our one route that takes any.
constexpr std::array<std::string_view, 10> of_events{
    "event_type", "agent_id", "request_id", "decision_id", "path",
    "start_time", "end_time", "limit",      "offset",      "before"};

/// Paths of OPA's API, each with all below it where it ends in a slash.
constexpr std::array<std::string_view, 11> of_opa{
    "/v0/data/", "/v1/data",    "/v1/data/",  "/v1/policies", "/v1/policies/",
    "/v1/query", "/v1/compile", "/v1/config", "/v1/status",   "/health",
    "/"};

bool is_opas(std::string_view pattern) {
  return std::any_of(of_opa.begin(), of_opa.end(), [&](std::string_view path) {
    bool below = path.size() > 1 && path.back() == '/';
    return below ? pattern.starts_with(path) : pattern == path;
  });
}

caf::error unknown(const std::string& name, known_names known) {
  std::string expected;
  for (auto each : known)
    expected += (expected.empty() ? "" : ", ") + std::string{each};
  return make_error(
      ec::invalid_argument,
      "unknown parameter '" + name + "' of the query; "
          + (expected.empty() ? "there are none here" : "expected " + expected),
      name);
}

caf::error check_only(const http::query_parameters& given, known_names known) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : given.items()) {
    auto shown = name.substr(0, 64);
    if (std::find(known.begin(), known.end(), name) == known.end())
      return unknown(shown, known);
    if (!seen.insert(name).second)
      return make_error(ec::invalid_argument,
                        "the parameter '" + shown + "' stands twice", shown);
  }
  return {};
}

} // namespace

caf::error check_parameters(std::string_view pattern,
                            const http::query_parameters& given) {
  if (is_opas(pattern))
    return {};
  if (pattern == "/audit/events")
    return check_only(given, of_events);
  return check_only(given, {});
}

caf::error check_query_text(std::string_view text) {
  if (text.size() <= query_bytes_max)
    return {};
  return make_error(ec::too_large,
                    "the query has " + std::to_string(text.size())
                        + " bytes; at most " + std::to_string(query_bytes_max)
                        + " are taken",
                    "query");
}

} // namespace acgs::http_gateway
