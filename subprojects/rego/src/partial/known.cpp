// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/known.hpp"

#include <algorithm>

#include "rego/build.hpp"

namespace rego {

known_parts::answer known_parts::ask(const prepared_ptr& q, const value& input,
                                     tracer* trace) {
  evaluate_options o;
  o.limits = left_.next();
  o.strict_builtin_errors = options_.strict_builtin_errors;
  o.cancel = options_.cancel;
  o.trace = trace;
  auto a = evaluator_.evaluate(*q, data_, input, o);
  for (auto& e : a.errors) {
    if (left_.ends_all(e.reached))
      throw bound_reached{e.reached};
    bool strict = o.strict_builtin_errors && e.code == "eval_builtin_error";
    if (strict || e.code == "eval_conflict_error")
      throw evaluation_failed{e};
  }
  left_.spend(budget::step + a.instructions);
  if (!a.errors.empty() || a.nondeterministic)
    return {};
  if (!a.result.defined() || !a.result.size())
    return value();
  auto bindings = lookup(a.result.items()[0], make_string(memory_, "bindings"));
  auto out = lookup(bindings, make_string(memory_, "partial__out"));
  return deep_copy(memory_, out);
}

known_parts::answer known_parts::document(const std::string& text,
                                          const std::string& withs) {
  auto [at, fresh] = documents_.try_emplace(text + withs);
  if (!fresh)
    return at->second;
  left_.spend(budget::step);
  if (auto q = prepare(policy_, "partial__out = " + text + withs,
                       {.instrument = steps_.told(), .check_types = false}))
    at->second = ask(*q, input_, steps_.of_machine(*q));
  return at->second;
}

known_parts::answer known_parts::call(const std::string& name,
                                      const std::vector<value>& operands,
                                      bool relation) {
  auto [at, fresh] =
      calls_.try_emplace(name + "/" + std::to_string(operands.size()));
  if (fresh) {
    left_.spend(budget::step);
    std::string text = name + "(";
    for (size_t i = 0; i < operands.size(); ++i)
      text += (i ? ", input[" : "input[") + std::to_string(i) + "]";
    if (relation)
      text = "[partial__x | " + text + (operands.empty() ? "" : ", ")
             + "partial__x)]";
    else
      text += ")";
    if (auto q =
            prepare(policy_, "partial__out = " + text, {.check_types = false}))
      at->second = *q;
  }
  if (!at->second)
    return {};
  return ask(at->second, make_array(memory_, operands));
}

known_parts::verdict known_parts::check(const std::string& body) {
  left_.spend(budget::step);
  auto q = prepare(policy_, body);
  if (q)
    return verdict::fine;
  auto all = [&](auto holds) {
    return std::all_of(q.error_list().begin(), q.error_list().end(), holds);
  };
  if (all([](auto& e) {
        return e.code == "rego_type_error"
               && !e.message.starts_with("undefined function");
      }))
    return verdict::never;
  return all([](auto& e) { return e.code == "rego_unsafe_var_error"; })
             ? verdict::unsafe
             : verdict::fine;
}

} // namespace rego
