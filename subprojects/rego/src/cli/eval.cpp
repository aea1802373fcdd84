// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego eval and rego check.

#include <cstdio>
#include <iostream>
#include <iterator>

#include "cli/cli.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

const std::vector<std::string> eval_valued = {
    "-d",      "--data",   "-i",
    "--input", "-f",       "--format",
    "-b",      "--bundle", "--instruction-limit",
    "--import"};
const std::vector<std::string> eval_flags = {
    "-I",      "--stdin-input",  "--v0-compatible", "--strict-builtin-errors",
    "--fail",  "--fail-defined", "--v1-compatible", "--json",
    "--strict"};

struct request {
  parsed_options options;
  policy_ptr policy;
  snapshot_ptr data;
  prepared_ptr query;
  std::string input;
  bool has_input = false;
};

int report(const parsed_options& o, const rego::errors& list) {
  auto format = o.last("-f", o.last("--format", "json"));
  if (format == "json")
    std::printf("%s\n", errors_json(list).c_str());
  else
    print_errors(list);
  return 2;
}

// 0, or the exit code of what went wrong.
int prepare_request(request& r) {
  auto& o = r.options;
  if (o.rest.size() != 1)
    throw usage_error{"eval: one query expected"};
  auto paths = o.all("-d");
  for (auto& name : {"--data", "-b", "--bundle"})
    for (auto& p : o.all(name))
      paths.push_back(p);
  auto files = load(paths);
  if (!files)
    return report(o, files.error_list());
  bool v0 = o.has("--v0-compatible");
  auto p = compile(files->modules, {v0, o.has("--strict"), false});
  if (!p)
    return report(o, p.error_list());
  r.policy = *p;
  r.data = files->data;
  prepare_options po;
  po.v0_compatible = v0;
  po.imports = o.all("--import");
  auto q = prepare(r.policy, o.rest[0], po);
  if (!q)
    return report(o, q.error_list());
  r.query = *q;
  auto input = o.last("-i", o.last("--input"));
  if (!input.empty()) {
    auto text = read_file(input);
    if (!text)
      return report(o, text.error_list());
    r.input = *text;
    r.has_input = true;
  } else if (o.has("-I") || o.has("--stdin-input")) {
    r.input.assign(std::istreambuf_iterator<char>(std::cin), {});
    r.has_input = true;
  }
  return 0;
}

// OPA's result: expressions with text and place, bindings where there are any.
value shape(arena& a, const prepared& q, const value& result) {
  object_builder root(a);
  if (!result.defined())
    return root.finish();
  auto shown = q.expressions();
  array_builder out(a);
  for (auto& s : result.items()) {
    array_builder list(a);
    auto values = lookup(s, make_string(a, "expressions"));
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
    auto bindings = lookup(s, make_string(a, "bindings"));
    if (bindings.size())
      one.add("bindings", bindings);
    out.push(one.finish());
  }
  root.add("result", out.array());
  return root.finish();
}

void print_result(const request& r, const value& result,
                  const std::string& format) {
  arena a;
  json_style pretty{.indent = 2};
  auto first = [&](const char* key) {
    return lookup(result.items()[0], make_string(a, key));
  };
  if (format == "json") {
    std::printf("%s\n", to_json(shape(a, *r.query, result), pretty).c_str());
  } else if (!result.defined()) {
    std::puts(format == "raw" ? "" : "undefined");
  } else if (format == "values") {
    for (auto& s : result.items())
      std::printf(
          "%s\n",
          to_json(lookup(s, make_string(a, "expressions")), pretty).c_str());
  } else if (format == "bindings") {
    for (auto& s : result.items())
      std::printf(
          "%s\n",
          to_json(lookup(s, make_string(a, "bindings")), pretty).c_str());
  } else {
    auto values = first("expressions");
    for (auto& v : values.items())
      if (format == "raw" && v.is_string())
        std::printf("%s\n", std::string(v.as_string()).c_str());
      else
        std::printf(
            "%s\n",
            to_json(v, format == "raw" ? json_style{} : pretty).c_str());
  }
}

} // namespace

int eval(const arguments& args) {
  request r;
  r.options = parse(args, eval_valued, eval_flags);
  auto& o = r.options;
  if (int code = prepare_request(r))
    return code;
  evaluate_options eo;
  eo.strict_builtin_errors = o.has("--strict-builtin-errors");
  auto limit = o.last("--instruction-limit");
  if (!limit.empty())
    eo.limits.instructions = std::stoull(limit);
  evaluator e;
  auto a = r.has_input ? e.evaluate(*r.query, *r.data, json_input{r.input}, eo)
                       : e.evaluate(*r.query, *r.data, value(), eo);
  for (auto& line : a.prints)
    std::fprintf(stderr, "%s\n", line.c_str());
  if (!a.errors.empty())
    return report(o, a.errors);
  auto format = o.last("-f", o.last("--format", "json"));
  print_result(r, a.result, format);
  if (o.has("--fail") && !a.defined())
    return 1;
  return o.has("--fail-defined") && a.defined() ? 1 : 0;
}

int check(const arguments& args) {
  auto o =
      parse(args, {"-f", "--format"},
            {"--strict", "-S", "--v0-compatible", "--v1-compatible", "--json"});
  if (o.rest.empty())
    throw usage_error{"check: name at least one file or folder"};
  auto files = load(o.rest);
  auto list = files ? rego::errors{} : files.error_list();
  if (files) {
    auto p = compile(files->modules, {o.has("--v0-compatible"),
                                      o.has("--strict") || o.has("-S"), false});
    if (p)
      return 0;
    list = p.error_list();
  }
  if (o.has("--json") || o.last("-f", o.last("--format")) == "json") {
    std::printf("%s\n", errors_json(list).c_str());
  } else {
    std::fprintf(stderr, "%zu error%s occurred:\n", list.size(),
                 list.size() == 1 ? "" : "s");
    print_errors(list);
  }
  return 1;
}

} // namespace rego::cli
