// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Explanations: an evaluation by policies that tell their steps, and the steps
// as OPA's clients get them.

#include "actors/evaluator/failed.hpp"
#include "actors/evaluator/reference.hpp"
#include "actors/evaluator/state.hpp"
#include "runtime/base/json_text.hpp"

#include <rego/build.hpp>

namespace acgs::evaluator {

namespace {

rego::explain_mode mode_of(domain::explanation from) {
  switch (from) {
  case domain::explanation::notes:
    return rego::explain_mode::notes;
  case domain::explanation::fails:
    return rego::explain_mode::fails;
  case domain::explanation::debug:
    return rego::explain_mode::debug;
  default:
    return rego::explain_mode::full;
  }
}

/// A JSON array of the text's lines.
std::string lines_of(std::string_view text) {
  std::string out = "[";
  while (!text.empty()) {
    auto end = text.find('\n');
    if (out.size() > 1)
      out += ',';
    append_json_string(out, text.substr(0, end));
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return out += ']';
}

/// Says at the end how many steps are left out.
void add_dropped(rego::kept_trace& to, std::size_t dropped) {
  if (dropped == 0)
    return;
  rego::kept_event last{};
  last.op = rego::trace_op::note;
  last.message = std::to_string(dropped) + " further steps are left out";
  to.push_back(std::move(last));
}

} // namespace

const rego::policy_ptr& state::instrumented() {
  if (instrumented_of_ != present_->policies()) {
    instrumented_ = present_->instrumented();
    instrumented_of_ = present_->policies();
  }
  return instrumented_;
}

rego::result<rego::prepared_ptr>
state::explainable(const domain::decide_request& request) {
  bool is_query = request.asks == domain::question::query;
  rego::prepare_options options;
  options.entry = !is_query;
  options.limits = query_limits();
  options.instrument = true;
  return rego::prepare(instrumented(),
                       is_query ? std::string{request.path}
                                : reference_of(request.path),
                       options);
}

void state::explain(answer& to, const domain::decide_request& request,
                    rego::trace_keeper& events) {
  auto dropped = events.dropped();
  auto shown = rego::chosen(events.take(), mode_of(request.explain));
  add_dropped(shown, dropped);
  if (request.explain_lines) {
    to.explanation = lines_of(rego::trace_text(shown, false));
    return;
  }
  rego::arena memory;
  to.explanation.clear();
  if (!rego::append_json_within(to.explanation,
                                rego::trace_events(memory, shown),
                                4 * config_.result_bytes_max))
    to = failed(ec::limit_exceeded,
                "the explanation is over "
                    + std::to_string(4 * config_.result_bytes_max)
                    + " bytes long; explain=notes or explain=fails is shorter");
}

} // namespace acgs::evaluator
