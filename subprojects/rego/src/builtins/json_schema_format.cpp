// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The formats of JSON Schema.

#include "builtins/go_regex.hpp"
#include "builtins/go_time.hpp"
#include "builtins/go_url.hpp"
#include "builtins/json_schema.hpp"
#include "builtins/net_address.hpp"

namespace rego::json_schema {

namespace {

bool by_pattern(call_context& c, std::string_view pattern, std::string_view s) {
  auto r = compile_regex(c, pattern);
  return r->error.empty() && regex_match(c, *r, s);
}

bool any_layout(std::initializer_list<std::string_view> layouts,
                std::string_view s) {
  for (auto l : layouts)
    if (parse_time(l, s).error.empty())
      return true;
  return false;
}

bool is_url(std::string_view s, bool absolute) {
  go_url u;
  std::string error;
  return parse_url(s, u, error) && (!absolute || !u.scheme.empty())
         && s.find('\\') == std::string_view::npos;
}

std::string path_of(std::string_view s) {
  go_url u;
  std::string error;
  return parse_url(s, u, error) ? u.path : std::string();
}

} // namespace

bool has_format(call_context& c, std::string_view f, std::string_view s) {
  c.tick(1 + s.size() / 16);
  if (f == "date")
    return any_layout({"2006-01-02"}, s);
  if (f == "time")
    return any_layout({"15:04:05Z07:00", "15:04:05"}, s);
  if (f == "date-time")
    return any_layout({"15:04:05", "15:04:05Z07:00", "2006-01-02",
                       "2006-01-02T15:04:05Z07:00"},
                      s);
  if (f == "email" || f == "idn-email")
    return by_pattern(c,
                      "^([^@<>]*<[^@\\s<>]+@[^@\\s<>]+>|"
                      "[^@\\s<>]+@[^@\\s<>]+)$",
                      s);
  if (f == "hostname")
    return s.size() <= 255
           && by_pattern(c,
                         "^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]{0,61}"
                         "[a-zA-Z0-9])(\\.([a-zA-Z0-9]|[a-zA-Z0-9]"
                         "[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9]))*$",
                         s);
  if (f == "ipv4" || f == "ipv6") {
    // An IPv4 address within one of IPv6 is both.
    return parse_address(s).has_value()
           && s.find(f == "ipv6" ? ':' : '.') != std::string_view::npos;
  }
  if (f == "uri" || f == "iri")
    return is_url(s, true);
  if (f == "uri-reference" || f == "iri-reference")
    return is_url(s, false);
  if (f == "uri-template")
    return is_url(s, false)
           && by_pattern(c, "^([^{]*({[^}]*})?)*$", path_of(s));
  if (f == "uuid")
    return by_pattern(c,
                      "^(?i)[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-"
                      "[a-f0-9]{4}-[a-f0-9]{12}$",
                      s);
  if (f == "regex")
    return compile_regex(c, s)->error.empty();
  if (f == "json-pointer")
    return by_pattern(c, "^(?:/(?:[^~/]|~0|~1)*)*$", s);
  if (f == "relative-json-pointer")
    return by_pattern(c, "^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)$", s);
  return true;
}

} // namespace rego::json_schema
