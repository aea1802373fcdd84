// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/eval_output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "builtins/ast_json.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void put_json(const value& v) {
  put(to_json(v, {.indent = 2}) + "\n");
}

value field(const value& object, std::string_view key) {
  arena a;
  return lookup(object, make_string(a, key));
}

double quantile(const std::vector<int64_t>& sorted, double q) {
  auto at = q * static_cast<double>(sorted.size() + 1);
  if (at < 1)
    return static_cast<double>(sorted.front());
  if (at >= static_cast<double>(sorted.size()))
    return static_cast<double>(sorted.back());
  auto i = static_cast<size_t>(at);
  auto low = static_cast<double>(sorted[i - 1]);
  return low + (at - std::floor(at)) * (static_cast<double>(sorted[i]) - low);
}

double mean(const std::vector<int64_t>& list) {
  double sum = 0;
  for (auto x : list)
    sum += static_cast<double>(x);
  return sum / static_cast<double>(list.size());
}

struct named_quantile {
  const char* name;
  double q;
};
constexpr named_quantile quantiles[] = {
    {"median", 0.5}, {"75%", 0.75},    {"90%", 0.9},      {"95%", 0.95},
    {"99%", 0.99},   {"99.9%", 0.999}, {"99.99%", 0.9999}};

value statistics(arena& a, std::vector<int64_t> list) {
  std::sort(list.begin(), list.end());
  object_builder o(a);
  auto m = mean(list);
  double squares = 0;
  for (auto x : list)
    squares += (static_cast<double>(x) - m) * (static_cast<double>(x) - m);
  o.add("count", value::integer(static_cast<int64_t>(list.size())));
  o.add("min", value::integer(list.front()));
  o.add("max", value::integer(list.back()));
  o.add("mean", real_value(a, m));
  o.add("stddev",
        real_value(a, std::sqrt(squares / static_cast<double>(list.size()))));
  for (auto& q : quantiles)
    o.add(q.name, real_value(a, quantile(list, q.q)));
  return o.finish();
}

// The same row of each evaluation's profile.
value aggregated_profile(arena& a,
                         const std::vector<std::vector<line_profile>>& all) {
  array_builder out(a);
  for (auto& first : all.front()) {
    std::vector<int64_t> times;
    for (auto& profile : all)
      for (auto& l : profile)
        if (l.file == first.file && l.row == first.row)
          times.push_back(l.total_time_ns);
    auto plain = profile_value(a, {first}).items()[0];
    object_builder o(a);
    for (size_t i = 0; i < plain.size(); ++i)
      if (plain.keys()[i].as_string() != "total_time_ns")
        o.add(plain.keys()[i], plain.values()[i]);
    o.add("total_time_ns_stats", statistics(a, times));
    out.push(o.finish());
  }
  return out.array();
}

value metrics_value(arena& a, const eval_output& o) {
  object_builder out(a);
  for (auto& [name, samples] : o.metrics)
    out.add(name, samples.size() > 1 ? statistics(a, samples)
                                     : value::integer(samples.front()));
  return out.finish();
}

bool repeated(const eval_output& o) {
  return std::any_of(o.metrics.begin(), o.metrics.end(),
                     [](auto& m) { return m.second.size() > 1; });
}

value whole(arena& a, const eval_output& o) {
  object_builder root(a);
  if (!o.errors.empty())
    root.add("errors", errors_value(a, o.errors));
  if (o.result.defined())
    root.add("result", o.result);
  if (o.partial.defined())
    root.add("partial", o.partial);
  if (o.show_metrics)
    root.add(repeated(o) ? "aggregated_metrics" : "metrics",
             metrics_value(a, o));
  if (o.show_explanation && !o.explanation.empty())
    root.add("explanation", trace_value(a, o.explanation));
  if (o.profiles.size() == 1)
    root.add("profile", profile_value(a, o.profiles[0]));
  else if (!o.profiles.empty())
    root.add("aggregated_profile", aggregated_profile(a, o.profiles));
  if (o.coverage.defined())
    root.add("coverage", o.coverage);
  return root.finish();
}

void print_pretty_errors(const rego::errors& list) {
  if (list.size() == 1) {
    std::fprintf(stderr, "1 error occurred: ");
  } else {
    std::fprintf(stderr, "%zu errors occurred:\n", list.size());
  }
  print_errors(list);
}

// Bindings by name, then the values that are no booleans; all expressions
// where nothing is bound.
void print_table(const value& result, size_t limit) {
  auto first = result.items()[0];
  auto bindings = field(first, "bindings");
  auto expressions = field(first, "expressions");
  auto all_boolean =
      std::all_of(expressions.items().begin(), expressions.items().end(),
                  [](auto& e) { return field(e, "value").is_boolean(); });
  if (result.size() == 1 && bindings.size() == 0
      && (expressions.size() == 1 || all_boolean))
    return put_json(field(expressions.items()[0], "value"));
  std::vector<std::string> header;
  std::vector<uint32_t> columns;
  for (uint32_t i = 0; i < bindings.size(); ++i)
    header.emplace_back(bindings.keys()[i].as_string());
  for (uint32_t i = 0; i < expressions.size(); ++i) {
    auto& e = expressions.items()[i];
    if (field(e, "value").is_boolean() && bindings.size())
      continue;
    columns.push_back(i);
    header.emplace_back(field(e, "text").as_string());
  }
  std::vector<std::vector<std::string>> rows;
  for (auto& s : result.items()) {
    std::vector<std::string> row;
    if (bindings.size())
      for (auto& v : field(s, "bindings").values())
        row.push_back(shortened(to_json(v), limit));
    for (auto i : columns)
      row.push_back(shortened(
          to_json(field(field(s, "expressions").items()[i], "value")), limit));
    rows.push_back(std::move(row));
  }
  put(table_text(header, rows));
}

void print_metrics(const eval_output& o) {
  std::vector<std::vector<std::string>> rows;
  bool many = repeated(o);
  for (auto& [name, samples] : o.metrics) {
    rows.push_back({name});
    if (!many) {
      rows.back().push_back(std::to_string(samples.front()));
      continue;
    }
    auto sorted = samples;
    std::sort(sorted.begin(), sorted.end());
    char text[64];
    rows.back().push_back(std::to_string(sorted.front()));
    rows.back().push_back(std::to_string(sorted.back()));
    for (double x :
         {mean(sorted), quantile(sorted, 0.9), quantile(sorted, 0.99)}) {
      std::snprintf(text, sizeof text, "%.0f", x);
      rows.back().push_back(text);
    }
  }
  if (many)
    put(table_text({"Metric", "Min", "Max", "Mean", "90%", "99%"}, rows));
  else
    put(table_text({"Metric", "Value"}, rows));
}

void print_pretty(const eval_output& o, const output_style& style) {
  if (!o.explanation.empty())
    put(trace_text(o.explanation, style.var_values));
  if (!o.errors.empty())
    print_pretty_errors(o.errors);
  else if (o.partial.defined())
    put(o.partial_text);
  else if (!o.result.defined())
    put("undefined\n");
  else
    print_table(o.result, style.pretty_limit);
  if (o.show_metrics)
    print_metrics(o);
  if (!o.profiles.empty() && !o.profiles[0].empty())
    put(profile_text(o.profiles[0]));
  if (o.coverage.defined()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.02f", o.coverage_percent);
    put(table_text({}, {{"Overall Coverage", text}}));
  }
}

void print_lines(const eval_output& o, const std::string& format) {
  if (!o.result.defined())
    return;
  for (auto& s : o.result.items()) {
    arena a;
    auto bindings = field(s, "bindings");
    if (format == "bindings") {
      put_json(bindings.defined() ? bindings : object_builder(a).finish());
      continue;
    }
    array_builder values(a);
    for (auto& e : field(s, "expressions").items())
      values.push(field(e, "value"));
    auto list = values.array();
    if (format == "values") {
      put_json(list);
      continue;
    }
    std::string line;
    for (auto& v : list.items())
      line += (line.empty() ? "" : " ")
              + (v.is_string() ? std::string(v.as_string()) : to_json(v));
    put(line + "\n");
  }
}

} // namespace

value result_set(arena& a, const prepared& q, const value& result) {
  if (!result.defined())
    return {};
  auto shown = q.expressions();
  array_builder out(a);
  for (auto& s : result.items()) {
    array_builder list(a);
    auto values = field(s, "expressions");
    for (size_t i = 0; i < values.size(); ++i) {
      object_builder e(a), at(a);
      at.add("row", value::integer(shown[i].row));
      at.add("col", value::integer(shown[i].col));
      e.add("value", values.items()[i]);
      e.add("text", make_string(a, shown[i].text));
      e.add("location", at.finish());
      list.push(e.finish());
    }
    object_builder one(a);
    one.add("expressions", list.array());
    auto bindings = field(s, "bindings");
    if (bindings.size())
      one.add("bindings", bindings);
    out.push(one.finish());
  }
  return out.array();
}

void print_output(const eval_output& o, const output_style& style) {
  if (style.format == "json" || style.format == "discard") {
    arena a;
    a.allow_deeper(tree_levels); // of `partial`
    auto shown = o;
    if (style.format == "discard" && o.result.defined())
      shown.result = make_string(a, "discarded");
    return put_json(whole(a, shown));
  }
  if (style.format == "pretty")
    return print_pretty(o, style);
  if (!o.errors.empty())
    return print_pretty_errors(o.errors);
  if (style.format == "source")
    return put(o.partial_text);
  print_lines(o, style.format);
}

} // namespace rego::cli
