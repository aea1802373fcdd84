// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the engine's tests share: one call from source to an answer's text.

#include <string>

#include "rego/engine.hpp"
#include "rego/partial.hpp"

namespace support {

struct run {
  std::string module;
  std::string query = "data.test.p";
  std::string input = "null";
  std::string data = "{}";
  rego::evaluate_options options = {};
  bool v0 = false;
};

/// The message with the lines of the details below.
inline std::string told(const rego::error& e) {
  auto out = e.message;
  if (e.details)
    for (auto& line : e.details->lines)
      out += "\n\t" + line;
  return out;
}

inline std::string show(const rego::errors& list) {
  std::string out;
  for (auto& e : list)
    out += (out.empty() ? "" : "; ") + e.code + ": " + told(e);
  return out;
}

/// What a partial evaluation leaves: queries with bars between them ("yes" for
/// one that holds), then the support modules; or the errors.
inline std::string show(rego::result<rego::partial_result> r) {
  if (!r)
    return show(r.error_list());
  std::string out;
  for (auto& q : r->queries)
    out += (out.empty() ? "" : " | ") + (q.empty() ? "yes" : q);
  for (auto& m : r->support)
    out += "\n" + m.text;
  return out;
}

/// The errors with their positions: "row:col message".
inline std::string placed(const rego::errors& list) {
  std::string out;
  for (auto& e : list)
    out += (out.empty() ? "" : "; ") + std::to_string(e.row) + ":"
           + std::to_string(e.col) + " " + e.message;
  return out;
}

/// JSON of a document, "undefined", or the errors as "code: message".
inline std::string document(const run& r) {
  auto p = rego::compile({{"test.rego", r.module}}, {.v0_compatible = r.v0});
  if (!p)
    return show(p.error_list());
  auto q = rego::prepare(*p, r.query, {.entry = true});
  if (!q)
    return show(q.error_list());
  auto d = rego::load_data(r.data);
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::json_input{r.input}, r.options);
  if (!a.errors.empty())
    return show(a.errors);
  return a.defined() ? rego::to_json(a.result) : "undefined";
}

/// The same for `p` of a package `test` with the body given.
inline std::string outcome(const std::string& body) {
  return document({.module = "package test\n" + body});
}

/// The compile errors of a module with positions: "row:col code: message".
inline std::string problems(const std::string& module, bool v0 = false) {
  auto p = rego::compile({{"test.rego", module}}, {.v0_compatible = v0});
  std::string out;
  if (!p)
    for (auto& e : p.error_list())
      out += (out.empty() ? "" : "; ") + std::to_string(e.row) + ":"
             + std::to_string(e.col) + " " + e.code + ": " + told(e);
  return out;
}

} // namespace support
