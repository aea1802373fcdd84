// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Partial evaluation: what is left of a query where parts of the input or of
// the data are not known. The bounds of an evaluation hold for all of it. What
// hangs on http.send is left open: no request is made.

#include "actors/evaluator/failed.hpp"
#include "actors/evaluator/input.hpp"
#include "actors/evaluator/state.hpp"
#include "runtime/base/json.hpp"

#include <rego/partial.hpp>

namespace acgs::evaluator {

namespace {

/// A text is that large a part of its syntax tree at most, but for literals.
constexpr std::size_t tree_factor = 4;

std::vector<std::string> texts_of(const json::value& from, const char* key) {
  std::vector<std::string> out;
  const auto* found = from.find(key);
  const auto* items = found ? found->if_array() : nullptr;
  if (items)
    for (const auto& item : *items)
      if (const auto* text = item.if_string())
        out.push_back(*text);
  return out;
}

/// An error of the engine's: the query's, unless it came while evaluating.
answer refused(const rego::errors& errors) {
  if (errors.front().code.starts_with("rego_"))
    return failed(ec::invalid_argument, errors);
  return failed(errors);
}

} // namespace

answer state::compile(const domain::decide_request& request,
                      std::string_view input) {
  auto asked = json::parse(request.partial);
  if (!asked)
    return failed(ec::invalid_argument,
                  "what is left open: " + sentence_of(asked.error()));
  input_arena_.reset();
  auto known = reader_.read(input_arena_, input);
  if (!known)
    return failed(ec::invalid_argument,
                  "input: " + rego::to_string(known.error_list().front()));
  rego::partial_options options;
  options.unknowns = texts_of(*asked, "unknowns");
  options.not_inlined = texts_of(*asked, "disableInlining");
  options.total = limits();
  options.text_bytes_max = config_.result_bytes_max / tree_factor;
  options.strict_builtin_errors = request.strict_builtin_errors;
  options.world = world();
  options.world.http = {};
  options.compiling = query_limits();
  options.cancel = config_.cancel;
  bool explained = request.explain != domain::explanation::off;
  rego::trace_keeper events{explanation_events_max, config_.result_bytes_max};
  if (explained)
    options.trace = &events;
  auto left = rego::partially(explained ? instrumented() : present_->policies(),
                              request.path, *present_->data(), *known, options);
  if (!left)
    return refused(left.error_list());
  auto trees = rego::syntax_trees(input_arena_, *left);
  if (!trees)
    return refused(trees.error_list());
  answer out;
  out.outcome = domain::verdict::value;
  if (!rego::append_json_within(out.result, *trees, config_.result_bytes_max))
    return failed(ec::limit_exceeded,
                  "what is left of the query is over "
                      + std::to_string(config_.result_bytes_max)
                      + " bytes long");
  if (explained)
    explain(out, request, events);
  out.agent = agent_of(*known, request.caller);
  out.request_type = "other";
  return out;
}

} // namespace acgs::evaluator
