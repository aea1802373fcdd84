// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego test: rules named test_... pass when they are true.

#include <chrono>
#include <cstdio>
#include <re2/re2.h>

#include "cli/cli.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

struct test_result {
  rule_info rule;
  enum class outcome_type { pass, fail, error, skip } outcome;
  std::string message;
  std::vector<std::string> prints;
  int64_t nanoseconds = 0;
};

constexpr const char* outcome_names[] = {"PASS", "FAIL", "ERROR", "SKIPPED"};

std::string rule_name(const std::string& path) {
  return path.substr(path.rfind('.') + 1);
}

bool is_test(const rule_info& r) {
  auto name = rule_name(r.path);
  return !r.is_function && !r.is_default
         && (name.rfind("test_", 0) == 0 || name.rfind("todo_test_", 0) == 0);
}

test_result run_one(evaluator& e, policy_ptr p, const snapshot& data,
                    const rule_info& r, std::chrono::nanoseconds timeout) {
  test_result out{r, test_result::outcome_type::pass, "", {}, 0};
  using enum test_result::outcome_type;
  if (rule_name(r.path).rfind("todo_", 0) == 0) {
    out.outcome = skip;
    return out;
  }
  auto q = prepare(p, r.path, {.entry = true, .imports = {}});
  if (!q) {
    out.outcome = test_result::outcome_type::error;
    out.message = to_string(q.error_list()[0]);
    return out;
  }
  evaluate_options o;
  o.limits.wall = timeout;
  auto start = std::chrono::steady_clock::now();
  auto a = e.evaluate(**q, data, value(), o);
  out.nanoseconds = (std::chrono::steady_clock::now() - start).count();
  out.prints = a.prints;
  if (!a.errors.empty()) {
    out.outcome = test_result::outcome_type::error;
    out.message = to_string(a.errors[0]);
  } else if (!a.defined() || a.result.is_false()) {
    out.outcome = fail;
  }
  return out;
}

std::string duration_text(int64_t ns) {
  char buffer[40];
  if (ns < 1000000)
    std::snprintf(buffer, sizeof buffer, "%.3fµs",
                  static_cast<double>(ns) / 1e3);
  else
    std::snprintf(buffer, sizeof buffer, "%.6fms",
                  static_cast<double>(ns) / 1e6);
  return buffer;
}

void print_pretty(const std::vector<test_result>& list, bool verbose) {
  std::string file;
  for (auto& t : list) {
    bool ok = t.outcome == test_result::outcome_type::pass;
    if (ok && !verbose)
      continue;
    if (t.rule.file != file)
      std::printf("%s:\n", t.rule.file.c_str());
    file = t.rule.file;
    auto name = outcome_names[static_cast<int>(t.outcome)];
    if (t.outcome == test_result::outcome_type::skip)
      std::printf("%s: %s\n", t.rule.path.c_str(), name);
    else
      std::printf("%s: %s (%s)\n", t.rule.path.c_str(), name,
                  duration_text(t.nanoseconds).c_str());
    if (!t.message.empty())
      std::printf("  %s\n", t.message.c_str());
    for (auto& p : t.prints)
      std::printf("  %s\n", p.c_str());
  }
}

void print_totals(const std::vector<test_result>& list) {
  size_t count[4] = {};
  for (auto& t : list)
    ++count[static_cast<int>(t.outcome)];
  std::puts("---------------------------------------------------------------"
            "-----------------");
  auto total = list.size();
  for (int i = 0; i < 4; ++i)
    if (count[i])
      std::printf("%s: %zu/%zu\n", outcome_names[i], count[i], total);
}

void print_json(const std::vector<test_result>& list) {
  arena a;
  array_builder out(a);
  for (auto& t : list) {
    object_builder o(a), at(a);
    at.add("file", make_string(a, t.rule.file));
    at.add("row", value::integer(t.rule.row));
    at.add("col", value::integer(1));
    auto path = t.rule.path;
    o.add("location", at.finish());
    o.add("package", make_string(a, path.substr(0, path.rfind('.'))));
    o.add("name", make_string(a, rule_name(path)));
    o.add("duration", value::integer(t.nanoseconds));
    if (t.outcome == test_result::outcome_type::fail)
      o.add("fail", value::boolean(true));
    if (t.outcome == test_result::outcome_type::skip)
      o.add("skip", value::boolean(true));
    if (!t.message.empty())
      o.add("error", make_string(a, t.message));
    out.push(o.finish());
  }
  std::printf("%s\n", to_json(out.array(), {.indent = 2}).c_str());
}

std::chrono::nanoseconds parse_duration(const std::string& s) {
  if (s.empty())
    return std::chrono::seconds(5);
  size_t used = 0;
  auto n = std::stod(s, &used);
  auto unit = s.substr(used);
  double scale = unit == "ms"   ? 1e6
                 : unit == "us" ? 1e3
                 : unit == "m"  ? 6e10
                                : 1e9;
  return std::chrono::nanoseconds(static_cast<int64_t>(n * scale));
}

} // namespace

int test(const arguments& args) {
  auto o = parse(args,
                 {"-r", "--run", "-f", "--format", "--timeout", "-d", "--data",
                  "-b"},
                 {"-v", "--verbose", "--v0-compatible", "--v1-compatible"});
  auto paths = o.rest;
  for (auto& name : {"-d", "--data", "-b"})
    for (auto& p : o.all(name))
      paths.push_back(p);
  if (paths.empty())
    throw usage_error{"test: name at least one file or folder"};
  auto files = load(paths);
  if (!files) {
    print_errors(files.error_list());
    return 2;
  }
  auto p = compile(files->modules, {o.has("--v0-compatible"), false, false});
  if (!p) {
    print_errors(p.error_list());
    return 2;
  }
  re2::RE2 pattern(o.last("-r", o.last("--run")));
  if (!pattern.ok())
    throw usage_error{"test: the pattern is no regular expression"};
  auto timeout = parse_duration(o.last("--timeout"));
  evaluator e;
  std::vector<test_result> list;
  std::string last;
  for (auto& r : (*p)->rules()) {
    if (!is_test(r) || r.path == last
        || !re2::RE2::PartialMatch(r.path, pattern))
      continue;
    last = r.path;
    list.push_back(run_one(e, *p, *files->data, r, timeout));
  }
  if (o.last("-f", o.last("--format")) == "json") {
    print_json(list);
  } else {
    print_pretty(list, o.has("-v") || o.has("--verbose"));
    print_totals(list);
  }
  for (auto& t : list)
    if (t.outcome == test_result::outcome_type::fail
        || t.outcome == test_result::outcome_type::error)
      return 1;
  return 0;
}

} // namespace rego::cli
