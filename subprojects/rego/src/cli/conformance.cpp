// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego conformance: runs OPA's conformance cases (YAML) and counts.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <yaml-cpp/yaml.h>

#include "builtins/extra.hpp"
#include "cli/cli.hpp"
#include "cli/yaml_json.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

namespace fs = std::filesystem;

// Why a case fails; empty where it passes.
using verdict = std::string;

std::string text(const YAML::Node& n, const char* key) {
  return n[key] && n[key].IsScalar() ? n[key].Scalar() : "";
}

bool flag(const YAML::Node& n, const char* key) {
  return text(n, key) == "true";
}

std::string show(const errors& list) {
  std::string out;
  for (auto& e : list)
    out += (out.empty() ? "" : "; ") + to_string(e);
  return out;
}

class case_runner {
public:
  case_runner(const YAML::Node& c, bool v0, bool instrument)
      : c_(c), v0_(v0), instrument_(instrument) {}

  verdict run() {
    try {
      return judge();
    } catch (const YAML::Exception& e) {
      return std::string("the case cannot be read: ") + e.what();
    }
  }

private:
  verdict judge() {
    std::vector<module_source> modules;
    int n = 0;
    for (auto m : c_["modules"])
      modules.push_back({"test-" + std::to_string(n++) + ".rego", m.Scalar()});
    auto p =
        compile(modules, {.v0_compatible = v0_, .instrument = instrument_});
    if (!p)
      return judge_errors(p.error_list());
    auto q = prepare(*p, text(c_, "query"), {.instrument = instrument_});
    if (!q)
      return judge_errors(q.error_list());
    auto data = load_data(
        c_["data"] && !c_["data"].IsNull() ? yaml_to_json(c_["data"]) : "{}");
    if (!data)
      return "data: " + show(data.error_list());
    value input;
    auto bad = read_input(input);
    if (!bad.empty())
      return bad;
    evaluate_options o;
    o.strict_builtin_errors = flag(c_, "strict_error");
    o.limits.wall = std::chrono::seconds(10);
    auto a = evaluator_.evaluate(**q, **data, input, o);
    return a.errors.empty() ? judge_result(a.result) : judge_errors(a.errors);
  }

  verdict read_input(value& input) {
    if (c_["input"]) {
      auto v = parse_json(memory_, yaml_to_json(c_["input"]));
      if (!v)
        return "input: " + show(v.error_list());
      input = *v;
    } else if (c_["input_term"]) {
      auto p = compile({});
      auto q = prepare(*p, text(c_, "input_term"));
      if (!q)
        return "input_term: " + show(q.error_list());
      auto d = load_data("{}");
      evaluator e;
      auto a = e.evaluate(**q, **d, value());
      if (!a.defined())
        return "input_term: " + show(a.errors);
      auto first =
          lookup(a.result.items()[0], make_string(memory_, "expressions"));
      input = deep_copy(memory_, first.items()[0]);
    }
    return "";
  }

  verdict judge_errors(const errors& list) {
    auto code = text(c_, "want_error_code");
    auto message = text(c_, "want_error");
    if (code.empty() && message.empty())
      return "unexpected error: " + show(list);
    bool code_ok = code.empty(), message_ok = message.empty();
    for (auto& e : list) {
      code_ok |= e.code == code;
      message_ok |= to_string(e).find(message) != std::string::npos;
    }
    if (code_ok && message_ok)
      return "";
    return "want error " + code + " " + message + ", have " + show(list);
  }

  // Sets become arrays; arrays are sorted where the case asks for it.
  value comparable(const value& binding, bool sort) {
    object_builder b(memory_);
    auto json = parse_json(memory_, to_json(binding));
    if (!json || !json->is_object())
      return {};
    for (size_t i = 0; i < json->size(); ++i) {
      auto v = json->values()[i];
      if (sort && v.is_array())
        v = sorted_array(memory_, v.items());
      b.add(json->keys()[i], v);
    }
    return b.finish();
  }

  verdict judge_result(const value& result) {
    if (c_["want_error"] || c_["want_error_code"])
      return "want error " + text(c_, "want_error_code") + " "
             + text(c_, "want_error") + ", have "
             + (result.defined() ? to_json(result) : "undefined");
    if (!c_["want_result"])
      return "";
    auto sort = flag(c_, "sort_bindings");
    array_builder want(memory_), have(memory_);
    for (auto w : c_["want_result"]) {
      auto v = parse_json(memory_, yaml_to_json(w));
      if (v)
        want.push(comparable(*v, sort));
    }
    auto key = make_string(memory_, "bindings");
    if (result.defined())
      for (auto& s : result.items())
        have.push(comparable(lookup(s, key), sort));
    auto w = want.set(), h = have.set();
    if (equal(w, h))
      return "";
    return "want " + to_json(w) + ", have " + to_json(h);
  }

  const YAML::Node& c_;
  bool v0_;
  bool instrument_; // with events in the code, which nobody listens to
  arena memory_;
  evaluator evaluator_;
};

std::vector<fs::path> case_files(const std::string& dir) {
  std::vector<fs::path> out;
  if (fs::is_regular_file(dir))
    return {dir};
  for (auto& e : fs::recursive_directory_iterator(dir))
    if (e.path().extension() == ".yaml" || e.path().extension() == ".yml")
      out.push_back(e.path());
  std::sort(out.begin(), out.end());
  return out;
}

YAML::Node cases_of(const fs::path& file) {
  try {
    return YAML::LoadFile(file.string())["cases"];
  } catch (const YAML::Exception& e) {
    throw usage_error{"conformance: " + file.string()
                      + " is no file of cases: " + e.what()};
  }
}

// The suite calls a function of OPA's test harness. Time stands still during an
// evaluation, which is what its cases are about, so there is nothing to wait
// for.
void add_harness_functions() {
  builtin b;
  b.name = "test.sleep";
  b.arguments = "string";
  b.result = "null";
  b.arity = 1;
  b.call = [](call_context&, std::span<const value>) { return value::null(); };
  add_builtin(std::move(b));
}

constexpr std::string_view help_text =
    "usage: rego conformance [OPTION]... FOLDER|FILE...\n"
    "\n"
    "Runs conformance cases of OPA's format, YAML files below the folders, "
    "and\n"
    "prints how many passed. Those below a folder named v0 are Rego v0.\n"
    "\n"
    "  --list-failures   each case that fails, and why\n"
    "  --at-least N      succeed where at least N cases pass\n"
    "  --instrument      compile with events of a trace in the code\n"
    "  -h, --help        this text\n"
    "\n"
    "Exit codes: 0 all passed, or as many as asked for; 1 they did not;\n"
    "2 usage, or a file that cannot be read.\n"
    "\n"
    "example: rego conformance --list-failures conformance/v0 conformance/v1\n";

bool is_v0(const fs::path& p) {
  return std::any_of(p.begin(), p.end(), [](auto& x) { return x == "v0"; });
}

} // namespace

int conformance(const arguments& args) {
  auto o = parse(args, {"--at-least"},
                 {"--list-failures", "--instrument", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(help_text.data(), stdout);
    return 0;
  }
  if (o.rest.empty())
    throw usage_error{"conformance: name at least one folder of cases"};
  add_harness_functions();
  size_t passed = 0, failed = 0;
  for (auto& dir : o.rest)
    for (auto& file : case_files(dir)) {
      auto absolute = fs::absolute(file);
      for (auto c : cases_of(file)) {
        auto v = case_runner(c, is_v0(absolute), o.has("--instrument")).run();
        ++(v.empty() ? passed : failed);
        if (!v.empty() && o.has("--list-failures"))
          std::printf("%s: %s: %s\n", file.parent_path().filename().c_str(),
                      text(c, "note").c_str(), v.substr(0, 600).c_str());
      }
    }
  if (passed + failed == 0)
    throw usage_error{"conformance: there are no cases below " + o.rest[0]};
  std::printf("%zu passed, %zu failed\n", passed, failed);
  // A floor for CI: what passed once has to go on passing.
  auto floor = o.last("--at-least");
  if (!floor.empty())
    return passed >= std::stoul(floor) ? 0 : 1;
  return failed ? 1 : 0;
}

} // namespace rego::cli
