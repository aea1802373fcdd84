// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/decide_batch.hpp"

#include "actors/shell/environment.hpp"
#include "actors/shell/json_difference.hpp"
#include "runtime/base/code_named.hpp"
#include "runtime/base/json.hpp"

#include <algorithm>

namespace acgs::shell {

namespace {

/// The lines that hold something; each must be JSON.
result<std::vector<std::string>> inputs_in(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    if (auto read = json::parse(line); !read)
      return make_error(code_of(read.error()),
                        "line " + std::to_string(number) + ": "
                            + sentence_of(read.error()),
                        "batch");
    out.emplace_back(line);
  }
  if (out.empty())
    return make_error(ec::invalid_argument,
                      "there is no input; expected one as JSON on each line",
                      "batch");
  return out;
}

/// A line of a table is not the place for a whole document; JSON has it.
cell brief_json(std::string_view value) {
  auto out = json(value);
  out.shown = brief(out.shown, 100);
  return out;
}

row row_of(std::size_t line, const client::decided& got) {
  const auto& decision = *got.decision;
  row out{{"input", number(line)},
          {"decision_id", text(decision.decision_id)},
          {"outcome", text(to_string_view(decision.outcome))},
          {"ledger_index", number(got.index)}};
  if (decision.outcome == domain::verdict::error)
    out.emplace_back("error", text(decision.error_message));
  else if (decision.outcome != domain::verdict::undefined)
    out.emplace_back("result", brief_json(decision.result));
  return out;
}

row row_of(std::size_t line, const caf::error& why) {
  return {{"input", number(line)},
          {"outcome", text("not recorded")},
          {"error", text(sentence_of(why))}};
}

int show_all(invocation& in, const std::vector<result<client::decided>>& got) {
  int out = 0;
  std::vector<row> rows;
  for (std::size_t i = 0; i < got.size(); ++i) {
    out = std::max(out, got[i] ? ending_of(*got[i]->decision)
                               : exit_code_of(code_of(got[i].error())));
    rows.push_back(got[i] ? row_of(i + 1, *got[i])
                          : row_of(i + 1, got[i].error()));
  }
  in.out().list(rows);
  return out;
}

} // namespace

int ending_of(const domain::decision& decision) {
  if (decision.outcome == domain::verdict::error)
    return exit_code_of(code_named(decision.error_code));
  return decision.outcome == domain::verdict::allow ? 0 : 1;
}

int decide_batch(invocation& in) {
  for (auto other : {"input", "data", "idempotency-key"})
    if (in.has(other))
      return in.fail(make_error(
          ec::invalid_argument,
          std::string{"--"} + other + " is not taken with --batch", other));
  auto content = in.env().read_named(in.value("batch"));
  if (!content)
    return in.fail(content.error());
  auto inputs = inputs_in(*content);
  if (!inputs)
    return in.fail(inputs.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  client::batch batch;
  batch.path = in.has("path") ? in.value("path") : "acgs/main/decision";
  batch.inputs = std::move(*inputs);
  batch.pinned_hash = in.value("constitution");
  batch.request_id = in.value("request-id");
  batch.strict_builtin_errors = in.has("strict-builtin-errors");
  if (in.value("durability") == "quorum")
    batch.durability = domain::durability::quorum;
  return show(in, node->decide(batch),
              [&](const auto& got) { return show_all(in, got); });
}

} // namespace acgs::shell
