// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/http_reply.hpp"

#include <map>

#include "builtins/utf8.hpp"
#include "core/unicode.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

enum class notation { none, json, yaml };

// application/json, application/scim+json; application/yaml, application/x-yaml
notation notation_of(const http_response& r) {
  auto h = find_header(r.headers, "Content-Type");
  if (!h)
    return notation::none;
  auto type = lower_text(h->value.substr(0, h->value.find(';')));
  type.erase(0, type.find_first_not_of(" \t"));
  type.erase(type.find_last_not_of(" \t") + 1);
  if (type == "application/json"
      || (type.starts_with("application/") && type.ends_with("+json")))
    return notation::json;
  bool yaml = type == "application/yaml" || type == "application/x-yaml";
  return yaml ? notation::yaml : notation::none;
}

// Null where the text is none of its notation.
value decoded(call_context& c, const http_response& r, const http_call& call,
              const value& raw) {
  auto as = call.force_json   ? notation::json
            : call.force_yaml ? notation::yaml
                              : notation_of(r);
  if (as == notation::json)
    if (auto v = parse_json(c.memory(), raw.as_string()))
      return *v;
  if (as == notation::yaml) {
    auto* read = builtin_table::instance().find("yaml.unmarshal");
    auto v = read->call(c, {&raw, 1});
    if (!c.failed() && v.defined())
      return v;
    c.clear_failure();
  }
  return value::null();
}

value headers_of(call_context& c, const http_response& r) {
  std::map<std::string, array_builder> by_name;
  for (auto& h : r.headers)
    by_name.try_emplace(lower_text(h.name), c.memory())
        .first->second.push(c.string(repair_utf8(h.value)));
  object_builder out(c.memory());
  for (auto& [name, values] : by_name)
    out.add(repair_utf8(name), values.array());
  return out.finish();
}

} // namespace

value make_reply(call_context& c, const http_response& r,
                 const http_call& call) {
  auto raw = c.string(repair_utf8(r.body));
  object_builder out(c.memory(), 5);
  out.add("status", c.string(repair_utf8(r.status)));
  out.add("status_code", value::integer(r.status_code));
  out.add("headers", headers_of(c, r));
  out.add("raw_body", raw);
  out.add("body", decoded(c, r, call, raw));
  return out.finish();
}

value error_reply(call_context& c, const std::string& message, bool network) {
  object_builder error(c.memory(), 2), out(c.memory(), 2);
  error.add("code", c.string(network ? "eval_http_send_network_error"
                                     : "eval_http_send_internal_error"));
  error.add("message", c.string(repair_utf8(message)));
  out.add("error", error.finish());
  out.add("status_code", value::integer(0));
  return out.finish();
}

} // namespace rego
