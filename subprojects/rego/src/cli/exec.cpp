// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego exec: one decision for each of many inputs.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "cli/network.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* exec_help =
    "usage: rego exec [OPTION]... PATH...\n"
    "\n"
    "Evaluates a decision for each input, and prints all results as JSON: the\n"
    "files that are named, and in folders those in JSON and YAML.\n"
    "\n"
    "  -b, --bundle PATH      a bundle with policies and data: a tar.gz or a\n"
    "                         folder; may be repeated\n"
    "      --decision PATH    what is asked for, e.g. authz/allow\n"
    "                         (/system/main)\n"
    "  -I, --stdin-input      an input from standard input as well\n"
    "      --fail             exit with 1 where a result is undefined\n"
    "      --fail-defined     exit with 1 where one is defined, or fails\n"
    "      --fail-non-empty   the same, but for empty arrays\n"
    "      --timeout D        end after that time, e.g. 500ms\n"
    "  -f, --format json      how results are printed\n"
    "      --allow-net HOST   let http.send reach that host, a name or an\n"
    "                         address without port; may be repeated (none)\n"
    "      --v0-compatible    modules are Rego v0\n"
    "\n"
    "Exit codes: 0 done, 1 by --fail and the like, 2 usage, or policies and\n"
    "paths that are not right; an input that is not right is a result with an\n"
    "error, which --fail and the like count as well.\n"
    "\n"
    "example: rego exec -b policies/ --decision authz/allow inputs/\n";

constexpr const char* input_name = "--stdin-input"; // as opa calls it

struct decision {
  std::string path;
  policy_ptr policy;
  snapshot_ptr data;
  prepared_ptr query;
};

// "/a/b" and "a/b" are data.a.b.
std::string reference_of(const std::string& path) {
  std::string out = "data";
  for (size_t from = 0; from < path.size();) {
    auto end = std::min(path.find('/', from), path.size());
    if (end > from)
      out += "[" + json_string(path.substr(from, end - from)) + "]";
    from = end + 1;
  }
  return out;
}

result<decision> decision_of(const parsed_options& o) {
  decision out;
  out.path = o.last("--decision", "/system/main");
  load_options lo;
  lo.bundles = o.all("-b", "--bundle");
  lo.v0_compatible = o.has("--v0-compatible");
  auto files = load({}, lo);
  if (!files)
    return files.error_list();
  auto p = compile(files->modules, {.v0_compatible = lo.v0_compatible});
  if (!p)
    return p.error_list();
  if (auto hidden = path_conflicts(**p, files->data->root()); !hidden.empty())
    return hidden;
  auto q = prepare(*p, reference_of(out.path), {.entry = true});
  if (!q)
    return q.error_list();
  out.policy = *p;
  out.data = files->data;
  out.query = *q;
  return out;
}

bool is_input(const fs::path& p) {
  auto ext = p.extension();
  return ext == ".json" || ext == ".yaml" || ext == ".yml";
}

result<std::vector<std::string>> inputs_of(const parsed_options& o) {
  std::vector<std::string> out;
  if (o.has("-I") || o.has("--stdin-input"))
    out.push_back(input_name);
  for (auto& named : o.rest) {
    if (!fs::exists(named))
      return error{"load_error", "no such file or folder", named, 0, 0};
    if (!fs::is_directory(named)) {
      if (is_input(named))
        out.push_back(named);
      continue;
    }
    auto first = static_cast<long>(out.size());
    for (auto& e : fs::recursive_directory_iterator(named))
      if (e.is_regular_file() && is_input(e.path()))
        out.push_back(e.path().string());
    std::sort(out.begin() + first, out.end());
  }
  return out;
}

class execution {
public:
  execution(const parsed_options& o, decision what)
      : options_(o), what_(std::move(what)), evaluator_(world_of(o)),
        results_(memory_) {
    auto d = parse_duration("--timeout", o.last("--timeout", "0"));
    if (d.count())
      end_ = clock::now() + d;
  }

  void run(const std::string& input) {
    object_builder one(memory_);
    one.add("path", make_string(memory_, input));
    auto text = cli::read_input(input == input_name ? "-" : input);
    answer a;
    if (text)
      a = decide(*text);
    else
      a.errors = text.error_list();
    for (auto& line : a.prints)
      std::fprintf(stderr, "%s\n", line.c_str());
    if (!a.errors.empty()) {
      one.add("error", errors_value(memory_, a.errors).items()[0]);
      failures_ += fails();
    } else if (!a.defined()) {
      object_builder why(memory_);
      why.add("code", make_string(memory_, "opa_undefined_error"));
      why.add("message",
              make_string(memory_, what_.path + " decision was undefined"));
      one.add("error", why.finish());
      failures_ += options_.has("--fail");
    } else {
      auto kept = deep_copy(memory_, a.result);
      one.add("result", kept);
      bool empty = kept.is_array() && kept.size() == 0;
      failures_ += options_.has("--fail-defined")
                   || (options_.has("--fail-non-empty") && !empty);
    }
    results_.push(one.finish());
  }

  /// The exit code.
  int finish() {
    object_builder whole(memory_);
    whole.add("result", results_.array());
    std::printf("%s\n", to_json(whole.finish(), {.indent = 2}).c_str());
    return failures_ > 0;
  }

private:
  using clock = std::chrono::steady_clock;

  bool fails() const {
    return options_.has("--fail") || options_.has("--fail-defined")
           || options_.has("--fail-non-empty");
  }

  answer decide(const std::string& input) {
    evaluate_options eo;
    auto now = clock::now();
    if (end_ && now >= *end_) {
      answer late;
      late.errors.push_back({"eval_cancel_error",
                             std::string(bound_message(bound::time)), "", 0,
                             0});
      return late;
    }
    if (end_)
      eo.limits.wall = *end_ - now;
    return evaluator_.evaluate(*what_.query, *what_.data, json_input{input},
                               eo);
  }

  const parsed_options& options_;
  decision what_;
  evaluator evaluator_;
  std::optional<clock::time_point> end_;
  arena memory_;
  array_builder results_;
  size_t failures_ = 0;
};

parsed_options parse_exec(const arguments& args) {
  auto o = parse(args,
                 {"-b", "--bundle", "--decision", "-f", "--format", "--timeout",
                  "--allow-net"},
                 {"-I", "--stdin-input", "--fail", "--fail-defined",
                  "--fail-non-empty", "--v0-compatible", "--v1-compatible",
                  "-h", "--help"});
  if (o.has("-h") || o.has("--help"))
    return o;
  if (o.has("--fail") + o.has("--fail-defined") + o.has("--fail-non-empty") > 1)
    throw usage_error{"exec: --fail, --fail-defined and --fail-non-empty "
                      "exclude one another"};
  if (auto f = o.last("-f", o.last("--format", "json")); f != "json")
    throw usage_error{"exec: --format: '" + f + "' is unknown; expected json"};
  if (o.rest.empty() && !o.has("-I") && !o.has("--stdin-input"))
    throw usage_error{"exec: name at least one file or folder, or "
                      "--stdin-input"};
  return o;
}

int refused_exec(const rego::errors& list) {
  print_errors(list);
  return 2;
}

} // namespace

int exec(const arguments& args) {
  auto o = parse_exec(args);
  if (o.has("-h") || o.has("--help")) {
    std::fputs(exec_help, stdout);
    return 0;
  }
  auto what = decision_of(o);
  if (!what)
    return refused_exec(what.error_list());
  auto inputs = inputs_of(o);
  if (!inputs)
    return refused_exec(inputs.error_list());
  execution all(o, std::move(*what));
  for (auto& input : *inputs)
    all.run(input);
  return all.finish();
}

} // namespace rego::cli
