// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego test: the options, and which report is printed.

#include <csignal>
#include <cstdio>
#include <thread>
#include <unistd.h>

#include "cli/capabilities.hpp"
#include "cli/network.hpp"
#include "cli/schemas.hpp"
#include "cli/test_report.hpp"
#include "cli/text.hpp"
#include "cli/watch.hpp"

namespace rego::cli {

namespace {

constexpr const char* test_help =
    "usage: rego test [OPTION]... PATH...\n"
    "\n"
    "Runs the tests of policies: rules whose name begins with test_; those "
    "that\n"
    "begin with todo_test_ are skipped. test_x[case] has a result for each "
    "case.\n"
    "\n"
    "  -v, --verbose            every test, and the trace of those that fail\n"
    "      --var-values         the line that failed, with the values in it\n"
    "      --explain MODE       what the trace shows: notes, fails, full, "
    "debug\n"
    "  -r, --run PATTERN        tests whose path the expression matches\n"
    "      --timeout D          at most that time a test (5s)\n"
    "  -p, --parallel N         tests at the same time (one a core)\n"
    "  -c, --coverage           print OPA's coverage report, as JSON\n"
    "      --threshold N        fail below N percent of coverage\n"
    "      --count N            run everything N times\n"
    "      --bench              time each test that passes, one after the "
    "other\n"
    "      --benchmem=false     do not say what it takes from the heap\n"
    "  -z, --exit-zero-on-skipped\n"
    "                           skipped tests are no failure\n"
    "      --fail-on-empty      no tests are a failure\n"
    "  -f, --format FORMAT      pretty, json, or gobench, Go's format of "
    "benchmarks\n"
    "  -b, --bundle             the paths are bundles: a tar.gz, or a folder "
    "in\n"
    "                           which only data.json and data.yaml are data\n"
    "  -s, --schema PATH        check types by JSON Schemas: a file is that of "
    "the\n"
    "                           input, those in a folder are named by\n"
    "                           annotations\n"
    "      --allow-net HOST     let http.send reach that host, a name or an\n"
    "                           address without port; may be repeated (none)\n"
    "  -m, --max-errors N       stop after N errors in what can be parsed "
    "(10);\n"
    "                           0: never\n"
    "      --ignore PATTERN     leave out files and folders of such a name\n"
    "  -t, --target rego        how they are run; there is no wasm\n"
    "  -w, --watch              run again whenever the files change, until "
    "Ctrl-C\n"
    "      --capabilities FILE  what policies may use, see rego capabilities\n"
    "      --v0-compatible      modules are Rego v0\n"
    "\n"
    "Exit codes: 0 all passed, 1 a test failed or was skipped, or coverage is\n"
    "below the threshold, 2 policies that do not compile; of --watch 0.\n"
    "\n"
    "example: rego test policies/ -v --run 'data.acgs.*test_refuses'\n"
    "         rego test policies/ --schema schemas/\n"
    "         rego test policies/ --watch\n";

struct test_request {
  test_options run;
  report_style style;
  std::vector<std::string> paths;
  load_options load;
  bool json = false;
  bool skipped_is_fine = false;
  bool fail_on_empty = false;
  double threshold = 0;
  size_t count = 1;
};

double parse_percent(const std::string& text) {
  size_t used = 0;
  double n = -1;
  try {
    n = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size() || !(n >= 0 && n <= 100))
    throw usage_error{"Code coverage threshold must be between 0 and 100"};
  return n;
}

test_request read_request(const parsed_options& o) {
  test_request r;
  r.paths = o.rest;
  for (auto& p : o.all("-d", "--data"))
    r.paths.push_back(p);
  r.load.all_bundles = o.has("-b") || o.has("--bundle");
  r.load.ignored = ignored_of(o);
  r.load.v0_compatible = o.has("--v0-compatible");
  if (r.paths.empty())
    throw usage_error{"test: name at least one file or folder"};
  auto format = o.last("-f", o.last("--format", "pretty"));
  if (format != "pretty" && format != "json" && format != "gobench")
    throw usage_error{"test: --format: '" + format
                      + "' is none of pretty, json, gobench"};
  r.json = format == "json";
  check_target(o, "test");
  r.run.compiling.capabilities = capabilities_of(o);
  r.run.world = world_of(o, r.run.compiling.capabilities.get());
  r.run.compiling.v0_compatible = o.has("--v0-compatible");
  r.run.compiling.errors_max = errors_max_of(o);
  r.run.pattern = o.last("-r", o.last("--run"));
  if (auto d = o.last("--timeout"); !d.empty())
    r.run.timeout = parse_duration("--timeout", d);
  auto cores =
      std::to_string(std::max(1u, std::thread::hardware_concurrency()));
  r.run.parallel =
      parse_count("--parallel", o.last("-p", o.last("--parallel", cores)), 1);
  r.run.bench = r.style.bench = o.has("--bench");
  r.style.gobench = format == "gobench";
  if (r.style.gobench && !r.run.bench)
    throw usage_error{"test: cannot use output format gobench without running "
                      "benchmarks (--bench)"};
  r.style.benchmem = o.last("--benchmem", "true") != "false";
  r.count = parse_count("--count", o.last("--count", "1"), 1);
  r.threshold = parse_percent(o.last("--threshold", "0"));
  r.run.coverage = o.has("-c") || o.has("--coverage") || r.threshold > 0;
  r.style.explain = parse_explain(o.last("--explain"));
  r.style.verbose =
      o.has("-v") || o.has("--verbose") || r.style.explain != explain_mode::off;
  r.style.var_values = o.has("--var-values");
  r.run.keep_traces = r.style.verbose || r.style.var_values;
  r.skipped_is_fine = o.has("-z") || o.has("--exit-zero-on-skipped");
  r.fail_on_empty = o.has("--fail-on-empty");
  if (r.run.bench && r.run.coverage)
    throw usage_error{"test: no coverage while tests are timed"};
  return r;
}

using outcome = test_result::outcome_type;

int exit_code(const test_request& r, const test_report& report) {
  if (report.results.empty() && r.fail_on_empty) {
    std::fputs("no tests were run\n", stderr);
    return 1;
  }
  for (auto& t : report.results)
    if (!t.is(outcome::pass) && !(t.is(outcome::skip) && r.skipped_is_fine))
      return 1;
  return 0;
}

// The coverage report takes the place of the tests', of which those are shown
// that did not pass.
int report_coverage(const test_request& r, const test_report& report) {
  auto wrong = report.results;
  std::erase_if(wrong, [](auto& t) {
    return !t.is(outcome::fail) && !t.is(outcome::error);
  });
  if (!wrong.empty()) {
    std::fputs(pretty_report(wrong, r.style).c_str(), stdout);
    return 1;
  }
  auto percent = report.covered.percent(*report.instrumented);
  if (percent < r.threshold) {
    std::fprintf(stderr,
                 "Code coverage threshold not met: got %.2f instead of %.2f\n",
                 percent, r.threshold);
    if (r.style.verbose)
      std::fprintf(stderr, "Lines not covered:%s\n",
                   report.covered.gaps(*report.instrumented).c_str());
    return 1;
  }
  arena a;
  auto v = report.covered.report(a, *report.instrumented);
  std::printf("%s\n", to_json(v, {.indent = 2}).c_str());
  return exit_code(r, report);
}

int run_once(const test_request& r, const loaded& files) {
  auto report = run_tests(files, r.run);
  if (!report) {
    print_errors(report.error_list());
    return 2;
  }
  if (r.run.coverage)
    return report_coverage(r, *report);
  std::fputs((r.json ? json_report(report->results, r.style)
                     : pretty_report(report->results, r.style))
                 .c_str(),
             stdout);
  return exit_code(r, *report);
}

int load_and_run(const parsed_options& o, test_request r) {
  if (auto wrong = add_schemas(o, r.run.compiling); !wrong.empty()) {
    print_errors(wrong);
    return 2;
  }
  auto files = load(r.paths, r.load);
  if (!files) {
    print_errors(files.error_list());
    return 2;
  }
  if (r.style.var_values)
    r.style.sources = files->modules;
  for (size_t i = 0; i < r.count; ++i)
    if (int code = run_once(r, *files))
      return code;
  return 0;
}

// Until a signal ends it.
[[noreturn]] void watch_and_run(const parsed_options& o,
                                const test_request& r) {
  for (int number : {SIGINT, SIGTERM})
    std::signal(number, [](int) { ::_exit(0); });
  auto paths = r.paths;
  for (auto& p : o.all("-s", "--schema"))
    paths.push_back(p);
  for (;;) {
    file_watch changes(paths);
    load_and_run(o, r);
    std::printf("%s\nWatching for changes ...\n", std::string(80, '*').c_str());
    std::fflush(stdout);
    changes.wait();
  }
}

} // namespace

int test(const arguments& args) {
  auto o =
      parse(args,
            {"-r",
             "--run",
             "-f",
             "--format",
             "--timeout",
             "-d",
             "--data",
             "--ignore",
             "-p",
             "--parallel",
             "--allow-net",
             "--threshold",
             "--count",
             "--explain",
             "-s",
             "--schema",
             "-m",
             "--max-errors",
             "--capabilities",
             "-t",
             "--target"},
            {"-h", "--help", "-b", "--bundle", "-v", "--verbose",
             "--v0-compatible", "--v1-compatible", "-c", "--coverage",
             "--var-values", "--bench", "--benchmem", "-z",
             "--exit-zero-on-skipped", "--fail-on-empty", "-w", "--watch"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(test_help, stdout);
    return 0;
  }
  auto r = read_request(o);
  if (o.has("-w") || o.has("--watch"))
    watch_and_run(o, r);
  return load_and_run(o, r);
}

} // namespace rego::cli
