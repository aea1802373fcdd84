// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/test_report.hpp"

#include <cstdio>

#include "builtins/base64.hpp"
#include "cli/test_failure.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

using outcome = test_result::outcome_type;

constexpr const char* outcome_names[] = {"PASS", "FAIL", "ERROR", "SKIPPED"};
const std::string rule_line(80, '-');

std::string headline(const test_result& t) {
  auto out = t.path() + ": " + outcome_names[static_cast<int>(t.outcome)];
  if (t.is(outcome::skip))
    return out;
  return out + " (" + duration_text(t.nanoseconds) + ")";
}

// Go wants names that begin with "Benchmark", and words with capitals.
std::string benchmark_name(const test_result& t, bool for_go) {
  if (!for_go)
    return t.path();
  std::string out = "Benchmark";
  bool first = true;
  for (char c : t.path()) {
    bool between = c == '.' || c == '_';
    if (!between)
      out +=
          first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = between;
  }
  return out;
}

std::string case_outcome(const sub_result& r) {
  return r.name + ": " + (r.fail ? "FAIL" : "PASS") + "\n";
}

void list_cases(const sub_results& cases, size_t depth, bool all,
                std::string& out) {
  for (auto& [name, r] : cases) {
    if (r.fail || all)
      out += std::string(2 * depth, ' ') + case_outcome(r);
    list_cases(r.below, depth + 1, all, out);
  }
}

kept_trace shown_trace(const kept_trace& all, const report_style& style) {
  return style.explain == explain_mode::off ? notes_and_fails(all)
                                            : chosen(all, style.explain);
}

std::string trace_part(const test_result& t, const report_style& style) {
  if (!style.verbose)
    return "";
  return "\n"
         + indented(trace_text(shown_trace(t.trace, style), style.var_values),
                    2);
}

std::string failure_part(const kept_trace& trace, const report_style& style,
                         size_t indent) {
  if (!style.var_values)
    return "";
  return "\n" + failure_text(trace, style.sources, indent);
}

// The innermost cases that failed, each below those that it is in.
void case_failures(const sub_results& cases,
                   const std::vector<std::string>& around,
                   const report_style& style, std::string& out) {
  for (auto& [name, r] : cases) {
    if (!r.fail)
      continue;
    auto lines = around;
    lines.push_back(std::string(2 * around.size() + 2, ' ') + case_outcome(r));
    if (!r.below.empty()) {
      case_failures(r.below, lines, style, out);
      continue;
    }
    for (auto& l : lines)
      out += l;
    out += failure_part(r.trace, style, 2 * lines.size() + 2);
  }
}

std::string failures(const std::vector<test_result>& list,
                     const report_style& style) {
  auto out = rule_line + "\nFAILURES\n" + rule_line + "\n";
  for (auto& t : list) {
    if (!t.is(outcome::fail))
      continue;
    out += headline(t) + "\n" + trace_part(t, style);
    if (t.cases.empty()) {
      out += failure_part(t.trace, style, 2);
    } else {
      out += "\n";
      case_failures(t.cases, {}, style, out);
    }
    out += "\n";
  }
  return out;
}

struct totals {
  size_t count[4] = {};
  size_t all() const { return count[0] + count[1] + count[2] + count[3]; }
};

// Of a test with cases the innermost cases count.
void count_cases(const sub_results& cases, totals& n) {
  for (auto& [name, r] : cases)
    if (r.below.empty())
      ++n.count[r.fail ? 1 : 0];
    else
      count_cases(r.below, n);
}

std::string totals_text(const std::vector<test_result>& list) {
  totals n;
  for (auto& t : list)
    if (t.cases.empty() || t.is(outcome::error))
      ++n.count[static_cast<int>(t.outcome)];
    else
      count_cases(t.cases, n);
  std::string out;
  for (int i : {0, 1, 3, 2})
    if (n.count[i])
      out += std::string(outcome_names[i]) + ": " + std::to_string(n.count[i])
             + "/" + std::to_string(n.all()) + "\n";
  return out;
}

std::string prints_text(const test_result& t) {
  std::string out;
  for (auto& p : t.prints)
    out += p + "\n";
  return out;
}

} // namespace

std::string pretty_report(const std::vector<test_result>& list,
                          const report_style& style) {
  std::string out, file;
  bool any = false, failed = false;
  for (auto& t : list) {
    failed |= t.is(outcome::fail);
    if (t.is(outcome::pass) && style.bench) {
      any = true;
      out += benchmark_name(t, style.gobench) + "\t"
             + benchmark_text(t.iterations, t.nanoseconds,
                              style.benchmem ? &t.taken : nullptr)
             + "\n";
      continue;
    }
    if (t.is(outcome::pass) && !style.verbose)
      continue;
    any = true;
    if (!file.empty() && file != t.rule.file)
      out += "\n";
    file = t.rule.file;
    out += file + ":" + std::to_string(t.rule.row) + ":\n" + headline(t) + "\n";
    std::string cases;
    list_cases(t.cases, 0, style.verbose, cases);
    out += indented(cases, 2);
    if (!t.prints.empty())
      out += "\n" + indented(prints_text(t), 2) + "\n";
    for (auto& e : t.errors)
      out += "  " + to_string(e) + "\n";
  }
  if (failed && (style.verbose || style.var_values))
    out += failures(list, style);
  if (any)
    out += rule_line + "\n";
  return out + totals_text(list);
}

namespace {

value cases_value(arena& a, const sub_results& cases) {
  object_builder out(a);
  for (auto& [name, r] : cases) {
    object_builder o(a);
    o.add("name", make_string(a, r.name));
    if (r.fail)
      o.add("fail", value::boolean(true));
    if (!r.below.empty())
      o.add("sub_results", cases_value(a, r.below));
    out.add(name, o.finish());
  }
  return out.finish();
}

value result_value(arena& a, const test_result& t, const report_style& style) {
  object_builder o(a), at(a);
  at.add("file", make_string(a, t.rule.file));
  at.add("row", value::integer(t.rule.row));
  at.add("col", value::integer(t.rule.col));
  o.add("location", at.finish());
  o.add("package", make_string(a, t.rule.package));
  o.add("name", make_string(a, t.name));
  o.add("duration", value::integer(t.nanoseconds));
  if (t.is(outcome::fail))
    o.add("fail", value::boolean(true));
  if (t.is(outcome::skip))
    o.add("skip", value::boolean(true));
  if (!t.errors.empty())
    o.add("error", errors_value(a, {t.errors.front()}).items()[0]);
  if (!t.prints.empty())
    o.add("output",
          make_string(a, base64_encode(prints_text(t), base64_form::standard)));
  if (!t.cases.empty())
    o.add("sub_results", cases_value(a, t.cases));
  if (!t.trace.empty() && style.verbose)
    o.add("trace", trace_value(a, shown_trace(t.trace, style)));
  return o.finish();
}

} // namespace

std::string json_report(const std::vector<test_result>& list,
                        const report_style& style) {
  arena a;
  array_builder out(a);
  for (auto& t : list)
    out.push(result_value(a, t, style));
  return to_json(out.array(), {.indent = 2}) + "\n";
}

} // namespace rego::cli
