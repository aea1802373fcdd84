// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/known.hpp"

#include "partial/source_text.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

constexpr size_t term_bytes_max = 4096;

bool fits(const value& v) {
  std::string text;
  return append_json_within(text, v, term_bytes_max);
}

} // namespace

// The query's result set, if there was no error; an empty array for none.
std::optional<value> known_parts::ask(const std::string& text) {
  left_.spend(budget::step);
  auto q = prepare(policy_, text);
  if (!q)
    return {};
  last_ = *q; // its constants are part of the result
  evaluate_options o;
  o.limits = left_.next();
  o.strict_builtin_errors = options_.strict_builtin_errors;
  o.cancel = options_.cancel;
  auto a = evaluator_.evaluate(**q, data_, input_, o);
  for (auto& e : a.errors) {
    if (left_.ends_all(e.reached))
      throw bound_reached{e.reached};
    if (o.strict_builtin_errors && e.code == "eval_builtin_error")
      throw builtin_failed{e};
  }
  left_.spend(a.instructions);
  if (!a.errors.empty() || a.nondeterministic || !a.prints.empty())
    return {};
  return a.result;
}

std::optional<std::vector<binding_set>>
known_parts::solve(const expr& e, const std::vector<std::string>& variables,
                   size_t most) {
  // Each variable goes out as an element of one array.
  std::string wanted;
  for (auto& v : variables) {
    term t;
    t.kind = term_kind::var;
    t.text = v;
    wanted += (wanted.empty() ? "" : ", ") + source_text(t);
  }
  auto text = "partial__out = {[" + wanted + "] | " + source_text(e) + "}";
  auto result = ask(text);
  if (!result || !result->defined())
    return {};
  arena a;
  auto bindings = lookup(result->items()[0], make_string(a, "bindings"));
  auto set = lookup(bindings, make_string(a, "partial__out"));
  if (!set.is_set() || set.size() > most || !fits(set))
    return {};
  std::vector<binding_set> out;
  for (auto& s : set.keys()) {
    binding_set b;
    for (size_t i = 0; i < variables.size(); ++i)
      b[variables[i]] = term_of(s.items()[i]);
    out.push_back(std::move(b));
  }
  return out;
}

std::optional<term> known_parts::evaluate(const term& t) {
  auto text = source_text(t);
  auto [at, fresh] = remembered_.try_emplace(text);
  if (!fresh)
    return at->second;
  auto result = ask("partial__out = " + text);
  if (result && result->defined() && result->size() == 1) {
    arena a;
    auto bindings = lookup(result->items()[0], make_string(a, "bindings"));
    auto v = lookup(bindings, make_string(a, "partial__out"));
    if (v.defined() && fits(v))
      at->second = term_of(v);
  }
  return at->second;
}

} // namespace rego
