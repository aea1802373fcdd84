// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego eval.

#include <chrono>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "cli/bytecode.hpp"
#include "cli/capabilities.hpp"
#include "cli/coverage.hpp"
#include "cli/eval_output.hpp"
#include "cli/eval_partial.hpp"
#include "cli/network.hpp"
#include "cli/schemas.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr const char* eval_help =
    "usage: rego eval [OPTION]... QUERY\n"
    "\n"
    "Evaluates a query and prints OPA's result object.\n"
    "\n"
    "  -d, --data PATH          policies and data: a file or a folder; or a "
    "file\n"
    "                           of bytecode (.rgc, see rego build), whose "
    "entry\n"
    "                           points can be asked for\n"
    "  -b, --bundle PATH        a bundle: a tar.gz, or a folder in which only\n"
    "                           data.json and data.yaml are data\n"
    "      --ignore PATTERN     leave out files and folders of such a name\n"
    "  -i, --input FILE         the input document, JSON or YAML\n"
    "  -I, --stdin-input        the input document from standard input\n"
    "      --stdin              the query from standard input\n"
    "  -s, --schema PATH        check types by JSON Schemas: a file is that of "
    "the\n"
    "                           input, those in a folder are named by\n"
    "                           annotations\n"
    "  -f, --format FORMAT      json, values, bindings, pretty, raw, source,\n"
    "                           discard\n"
    "      --package NAME       the package that names are looked up in\n"
    "      --import PATH        an import in force, e.g. data.lib\n"
    "      --explain MODE       off, full, notes, fails, debug\n"
    "      --var-values         values in a pretty explanation\n"
    "      --profile            time and evaluations by line\n"
    "      --profile-limit N    at most N lines (10)\n"
    "      --profile-sort NAME  total_time_ns, num_eval, num_redo,\n"
    "                           num_gen_expr, file, line; may be repeated\n"
    "      --metrics            timers\n"
    "      --coverage           lines reached, as JSON\n"
    "      --count N            evaluate N times, with statistics\n"
    "      --pretty-limit N     cut values in tables after N bytes (80)\n"
    "      --timeout D          end after that time, e.g. 500ms\n"
    "      --instruction-limit N\n"
    "                           end after so many instructions\n"
    "      --memory-limit N     end beyond so many bytes of values (1 GiB)\n"
    "      --allow-net HOST     let http.send reach that host, a name or an\n"
    "                           address without port; may be repeated (none)\n"
    "      --fail               exit with 1 where the result is undefined, "
    "as it\n"
    "                           always is with --partial\n"
    "      --fail-defined       exit with 1 where it is defined\n"
    "  -p, --partial            partial evaluation: what is left to know\n"
    "  -u, --unknowns REF       what is not known, e.g. input.user (input);\n"
    "                           may be repeated\n"
    "      --disable-inlining REF\n"
    "                           a rule that stays a rule then; may be "
    "repeated\n"
    "      --capabilities FILE  what policies may use, see rego capabilities\n"
    "  -S, --strict             the compiler's strict checks\n"
    "      --strict-builtin-errors\n"
    "                           an error of a built-in ends the evaluation\n"
    "      --show-builtin-errors\n"
    "                           tell of errors of built-ins, beside the "
    "result\n"
    "      --disable-indexing   look at every rule of a name\n"
    "      --disable-early-exit look at every rule of a name that has its "
    "value\n"
    "  -t, --target rego        how it is evaluated; there is no wasm\n"
    "      --v0-compatible      modules are Rego v0\n"
    "\n"
    "Exit codes: 0 done, 1 by --fail or --fail-defined, 2 errors.\n"
    "\n"
    "example: rego eval -d policy.rego -i input.json data.acgs.main.decision\n"
    "         rego eval -d policy.rgc -d data.json data.acgs.main.decision\n"
    "         rego eval -d policy.rego -s input-schema.json data.app.allow\n"
    "         rego eval -d policy.rego --allow-net users.example.com "
    "data.app.allow\n";

const std::vector<std::string> eval_valued = {"-d",
                                              "--data",
                                              "-i",
                                              "--input",
                                              "--allow-net",
                                              "--capabilities",
                                              "-f",
                                              "--format",
                                              "-b",
                                              "--bundle",
                                              "-u",
                                              "--disable-inlining",
                                              "--unknowns",
                                              "--ignore",
                                              "--import",
                                              "--instruction-limit",
                                              "--memory-limit",
                                              "--package",
                                              "--explain",
                                              "--count",
                                              "--profile-limit",
                                              "--timeout",
                                              "--profile-sort",
                                              "--pretty-limit",
                                              "-s",
                                              "--schema",
                                              "-t",
                                              "--target"};
const std::vector<std::string> eval_flags = {"-h",
                                             "--help",
                                             "-p",
                                             "--partial",
                                             "-I",
                                             "--stdin-input",
                                             "--stdin",
                                             "--v0-compatible",
                                             "--v1-compatible",
                                             "--fail",
                                             "--fail-defined",
                                             "--json",
                                             "-S",
                                             "--strict",
                                             "--strict-builtin-errors",
                                             "--show-builtin-errors",
                                             "--disable-indexing",
                                             "--disable-early-exit",
                                             "--profile",
                                             "--metrics",
                                             "--coverage",
                                             "--var-values"};

using clock = std::chrono::steady_clock;

struct request {
  parsed_options options;
  output_style style;
  explain_mode explain = explain_mode::off;
  bool profile = false;
  bool metrics = false;
  bool coverage = false;
  bool partial = false;
  bool bytecode = false;
  size_t count = 1;
  size_t profile_limit = 10;
  std::vector<std::string> profile_sort;
  bool instrument = false;
  std::shared_ptr<const capabilities> allowed;
  policy_ptr policy;
  snapshot_ptr data;
  prepared_ptr query;
  std::string text; // the query's
  std::string input;
  std::string input_name;
  bool has_input = false;
  timers times;
};

template <class Run>
auto timed(timers& into, const char* name, Run run) {
  auto start = clock::now();
  auto out = run();
  into[name].push_back((clock::now() - start).count());
  return out;
}

void read_style(request& r) {
  auto& o = r.options;
  r.style.format = o.last("-f", o.last("--format", "json"));
  r.partial = o.has("-p") || o.has("--partial");
  bool known = false;
  for (auto* f :
       {"json", "values", "bindings", "pretty", "raw", "discard", "source"})
    known |= r.style.format == f;
  bool tree = r.style.format == "json" || r.style.format == "pretty";
  if (known
      && (r.partial ? !tree && r.style.format != "source"
                    : r.style.format == "source"))
    throw usage_error{"eval: --format source is for partial evaluation, which "
                      "has json and pretty besides"};
  if (!known)
    throw usage_error{"eval: --format: '" + r.style.format
                      + "' is none of json, values, bindings, pretty, raw, "
                        "source, discard"};
  r.style.pretty_limit =
      parse_count("--pretty-limit", o.last("--pretty-limit", "80"));
  r.style.var_values = o.has("--var-values");
}

void read_options(request& r) {
  auto& o = r.options;
  if (o.rest.size() > 1 || (o.rest.size() == 1) == o.has("--stdin"))
    throw usage_error{"eval: one query expected, as an argument or --stdin"};
  bool stdin_input = o.has("-I") || o.has("--stdin-input");
  if (stdin_input && (o.has("--stdin") || o.has("-i") || o.has("--input")))
    throw usage_error{"eval: --stdin-input excludes --stdin and --input"};
  if (o.has("--fail") && o.has("--fail-defined"))
    throw usage_error{"eval: --fail and --fail-defined exclude one another"};
  check_target(o, "eval");
  if (o.has("--strict-builtin-errors") && o.has("--show-builtin-errors"))
    throw usage_error{"eval: --show-builtin-errors tells of errors that do not "
                      "end the evaluation, --strict-builtin-errors has the "
                      "first one end it"};
  read_style(r);
  r.allowed = capabilities_of(o);
  r.explain = parse_explain(o.last("--explain"));
  r.coverage = o.has("--coverage");
  r.profile =
      o.has("--profile") || o.has("--profile-limit") || o.has("--profile-sort");
  r.metrics = o.has("--metrics") || r.profile;
  r.count = parse_count("--count", o.last("--count", "1"), 1);
  r.profile_limit =
      parse_count("--profile-limit", o.last("--profile-limit", "10"));
  r.profile_sort = o.all("--profile-sort");
  for (auto& name : r.profile_sort)
    check_criterion(name);
  if (r.partial && (r.profile || r.coverage || o.has("--show-builtin-errors")))
    throw usage_error{"eval: --partial has no profile, coverage or "
                      "--show-builtin-errors"};
  r.instrument = r.explain != explain_mode::off || r.profile || r.coverage;
}

rego::errors read_input(request& r) {
  auto& o = r.options;
  auto file = o.last("-i", o.last("--input"));
  if (o.has("-I") || o.has("--stdin-input"))
    file = "-";
  r.has_input = !file.empty();
  if (!r.has_input)
    return {};
  auto text = cli::read_input(file);
  if (!text)
    return text.error_list();
  r.input = std::move(*text);
  r.input_name = file == "-" ? "<stdin>" : file;
  return {};
}

rego::errors prepare_text(request& r, const loaded& files) {
  auto& o = r.options;
  bool v0 = o.has("--v0-compatible");
  compile_options co;
  co.v0_compatible = v0;
  co.strict = o.has("-S") || o.has("--strict");
  co.instrument = r.instrument;
  co.index = !o.has("--disable-indexing");
  co.early_exit = !o.has("--disable-early-exit");
  co.capabilities = r.allowed;
  if (auto wrong = add_schemas(o, co); !wrong.empty())
    return wrong;
  auto p = timed(r.times, "timer_rego_module_compile_ns",
                 [&] { return compile(files.modules, co); });
  if (!p)
    return p.error_list();
  if (auto hidden = path_conflicts(**p, files.data->root()); !hidden.empty())
    return hidden;
  r.policy = *p;
  if (r.partial)
    return {};
  prepare_options po;
  po.v0_compatible = v0;
  po.imports = o.all("--import");
  po.package = o.last("--package");
  po.instrument = r.instrument;
  auto q = timed(r.times, "timer_rego_query_compile_ns",
                 [&] { return prepare(r.policy, r.text, po); });
  if (!q)
    return q.error_list();
  r.query = *q;
  return {};
}

rego::errors prepare_bytecode(request& r, const loaded& files) {
  refuse_with_bytecode(r.options, "eval",
                       {"-p", "--partial", "--explain", "--profile",
                        "--profile-limit", "--profile-sort", "--coverage",
                        "--package", "--import", "-s", "--schema",
                        "--capabilities", "--disable-indexing",
                        "--disable-early-exit"});
  auto q = query_in(files, r.text);
  if (!q)
    return q.error_list();
  r.query = *q;
  return {};
}

rego::errors prepare_request(request& r) {
  auto& o = r.options;
  auto paths = o.all("-d", "--data");
  load_options lo;
  lo.bundles = o.all("-b", "--bundle");
  lo.ignored = ignored_of(o);
  lo.bytecode = true;
  lo.v0_compatible = o.has("--v0-compatible");
  auto files = timed(r.times, "timer_rego_load_files_ns",
                     [&] { return load(paths, lo); });
  if (!files)
    return files.error_list();
  r.data = files->data;
  auto text = o.has("--stdin") ? cli::read_input("-") : o.rest[0];
  if (!text)
    return text.error_list();
  r.text = *text;
  r.bytecode = files->code.has_value();
  if (auto wrong =
          r.bytecode ? prepare_bytecode(r, *files) : prepare_text(r, *files);
      !wrong.empty())
    return wrong;
  return read_input(r);
}

limits limits_of(const request& r) {
  limits out;
  auto instructions = r.options.last("--instruction-limit");
  if (!instructions.empty())
    out.instructions = parse_count("--instruction-limit", instructions);
  auto memory = r.options.last("--memory-limit");
  if (!memory.empty())
    out.memory_bytes = parse_count("--memory-limit", memory);
  auto timeout = r.options.last("--timeout");
  if (!timeout.empty())
    out.wall = parse_duration("--timeout", timeout);
  return out;
}

/// Undefined where there is none.
result<value> parse_input(request& r, arena& memory) {
  if (!r.has_input)
    return value();
  auto got = timed(r.times, "timer_rego_input_parse_ns",
                   [&] { return parse_json(memory, r.input); });
  if (got)
    return got;
  auto why = got.error_list();
  for (auto& each : why)
    each.file = r.input_name;
  return why;
}

void keep_explanation(const request& r, trace_keeper& from, eval_output& out) {
  if (r.explain != explain_mode::off)
    out.explanation = chosen(from.take(), r.explain);
  if (from.dropped())
    std::fprintf(stderr, "rego: %zu events more than --explain keeps\n",
                 from.dropped());
}

void evaluate_partially(request& r, arena& memory, eval_output& out) {
  auto& o = r.options;
  partial_options po;
  po.unknowns = o.all("-u", "--unknowns");
  po.not_inlined = o.all("--disable-inlining");
  if (po.unknowns.empty())
    po.unknowns.push_back("input");
  po.v0_compatible = o.has("--v0-compatible");
  po.imports = o.all("--import");
  po.package = o.last("--package");
  po.bounds = po.total = limits_of(r);
  auto known = parse_input(r, memory);
  if (!known) {
    out.errors = known.error_list();
    return;
  }
  trace_keeper keeper;
  if (r.explain != explain_mode::off)
    po.trace = &keeper;
  auto left = timed(r.times, "timer_rego_partial_eval_ns", [&] {
    return partially(r.policy, r.text, *r.data, *known, po);
  });
  if (!left) {
    out.errors = left.error_list();
    return;
  }
  keep_explanation(r, keeper, out);
  out.explained = left->told;
  auto trees = syntax_trees(memory, *left);
  if (!trees) {
    out.errors = trees.error_list();
    return;
  }
  out.partial = *trees;
  out.partial_text =
      r.style.format == "pretty" ? partial_table(*left) : partial_source(*left);
}

// One evaluation into the output, whose values live until the next one.
void evaluate_once(request& r, evaluator& e, arena& memory, eval_output& out,
                   cli::coverage& covered) {
  evaluate_options eo;
  eo.limits = limits_of(r);
  eo.strict_builtin_errors = r.options.has("--strict-builtin-errors");
  eo.keep_builtin_errors = r.options.has("--show-builtin-errors");
  trace_fan fan;
  trace_keeper keeper;
  profiler lines;
  if (r.explain != explain_mode::off)
    fan.add(&keeper);
  if (r.profile)
    fan.add(&lines);
  if (r.coverage)
    fan.add(&covered);
  if (!fan.empty())
    eo.trace = &fan;
  auto input = parse_input(r, memory);
  if (!input) {
    out.errors = input.error_list();
    return;
  }
  auto a = timed(r.times, "timer_rego_query_eval_ns",
                 [&] { return e.evaluate(*r.query, *r.data, *input, eo); });
  for (auto& line : a.prints)
    std::fprintf(stderr, "%s\n", line.c_str());
  out.errors = a.errors;
  out.builtin_errors = a.builtin_errors;
  out.result = value();
  auto solutions = r.bytecode ? as_solutions(memory, a.result) : a.result;
  if (solutions.defined())
    out.result = result_set(memory, *r.query, solutions);
  keep_explanation(r, keeper, out);
  if (r.profile)
    out.profiles.push_back(lines.top(r.profile_limit, r.profile_sort));
}

} // namespace

int eval(const arguments& args) {
  request r;
  r.options = parse(args, eval_valued, eval_flags);
  auto& o = r.options;
  if (o.has("-h") || o.has("--help")) {
    std::fputs(eval_help, stdout);
    return 0;
  }
  read_options(r);
  eval_output out;
  arena memory;
  out.errors = prepare_request(r);
  if (!out.errors.empty()) {
    print_output(out, r.style);
    return 2;
  }
  evaluator e(world_of(o, r.allowed.get()));
  cli::coverage covered;
  for (size_t i = 0; i < r.count && out.errors.empty(); ++i)
    if (r.partial)
      evaluate_partially(r, memory, out);
    else
      evaluate_once(r, e, memory, out, covered);
  if (r.coverage) {
    out.coverage = covered.report(memory, *r.policy);
    out.coverage_percent = covered.percent(*r.policy);
  }
  out.show_metrics = r.metrics;
  out.metrics = std::move(r.times);
  out.show_explanation = r.explain != explain_mode::off;
  bool failed = !out.errors.empty();
  out.errors.insert(out.errors.end(), out.builtin_errors.begin(),
                    out.builtin_errors.end());
  print_output(out, r.style);
  if (failed)
    return 2;
  bool defined = out.result.defined(); // as OPA, which a partial one is not
  return (o.has("--fail") && !defined) || (o.has("--fail-defined") && defined);
}

} // namespace rego::cli
