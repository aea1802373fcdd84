// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Policies, compiled and evaluated: within the bounds there is an answer or an
// error, and plain, optimised and instrumented code agree where none of them
// has an error.

#include "fuzz/target.hpp"
#include "rego/build.hpp"
#include "rego/engine.hpp"
#include "rego/explain.hpp"
#include "rego/partial.hpp"

namespace {

rego::evaluate_options bounds() {
  rego::evaluate_options o;
  o.limits.instructions = 200000;
  o.limits.memory_bytes = size_t{64} << 20;
  o.limits.depth = 100;
  return o;
}

// The document of all rules; empty where there was an error or no policy.
std::string answer_of(const std::string& text,
                      const rego::compile_options& options) {
  auto p = rego::compile({{"fuzz.rego", text}}, options);
  if (!p) {
    if (p.error_list().empty())
      rego::fuzz::contradiction("neither a policy nor an error");
    // What the compiler writes is verified.
    for (auto& e : p.error_list())
      if (e.message.starts_with("internal error"))
        rego::fuzz::contradiction(rego::to_string(e));
    return "";
  }
  auto q = rego::prepare(*p, "data", {.entry = true});
  if (!q) {
    for (auto& e : q.error_list())
      if (e.message.starts_with("internal error"))
        rego::fuzz::contradiction(rego::to_string(e));
    return "";
  }
  static const auto data = rego::load_data(R"({"d": [1, {"a": "b"}]})");
  static rego::evaluator e;
  auto a = e.evaluate(**q, **data,
                      rego::json_input{R"({"x": 1, "l": ["a", 2]})"}, bounds());
  return a.defined() && !a.nondeterministic ? rego::to_json(a.result) : "";
}

// Equal as values: which of 1 and 1.0 a set keeps is left open.
bool same(const std::string& a, const std::string& b) {
  rego::arena memory;
  auto x = rego::parse_json(memory, a), y = rego::parse_json(memory, b);
  return x && y && rego::equal(*x, *y);
}

void check_residual(const std::string& text) {
  auto p = rego::compile({{"fuzz.rego", text}}, {.instrument = true});
  if (!p)
    return;
  static const auto data = rego::load_data("{}");
  rego::trace_keeper told(1000, 1 << 16);
  rego::partial_options o;
  o.unknowns = {"input.x"};
  o.bodies_max = 20;
  o.bounds = bounds().limits;
  o.trace = &told;
  auto left = rego::partially(*p, "data.p = x", **data, rego::value(), o);
  if (!left)
    return;
  if (!rego::compile(left->support))
    rego::fuzz::contradiction("support that does not compile");
  rego::arena memory;
  auto events = told.take();
  rego::trace_text(events, true);
  rego::trace_events(memory, events);
}

} // namespace

void rego::fuzz::try_input(std::string_view bytes) {
  std::string text(bytes);
  auto fast = answer_of(text, {});
  if (fast.empty())
    return;
  for (auto& o : {rego::compile_options{.reference = true},
                  rego::compile_options{.instrument = true},
                  rego::compile_options{.schema_annotations = true}}) {
    auto other = answer_of(text, o);
    if (!other.empty() && !same(fast, other))
      contradiction(fast + "\n" + other);
  }
  check_residual(text);
}
