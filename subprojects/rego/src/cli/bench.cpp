// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego bench: a query measured, the policy prepared and the input parsed
// beforehand; with --e2e the input is parsed and the result encoded each time.

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cli/allocations.hpp"
#include "cli/bytecode.hpp"
#include "cli/capabilities.hpp"
#include "cli/network.hpp"
#include "cli/schemas.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

using clock = std::chrono::steady_clock;

constexpr const char* bench_help =
    "usage: rego bench [OPTION]... QUERY\n"
    "\n"
    "Measures a query for about a second and a half, and prints nanoseconds,\n"
    "and what an operation takes from the heap.\n"
    "\n"
    "  -d, --data PATH       policies and data: a file or a folder; or a file "
    "of\n"
    "                        bytecode (.rgc, see rego build), whose entry "
    "points\n"
    "                        can be asked for\n"
    "  -b, --bundle PATH     a bundle: a tar.gz, or a folder in which only\n"
    "                        data.json and data.yaml are data\n"
    "      --ignore PATTERN  leave out files and folders of such a name\n"
    "  -i, --input FILE      the input document, JSON or YAML\n"
    "  -I, --stdin-input     the input document from standard input\n"
    "      --stdin           the query from standard input\n"
    "  -s, --schema PATH     check types by JSON Schemas: a file is that of "
    "the\n"
    "                        input, those in a folder are named by "
    "annotations\n"
    "      --package NAME    the package that names are looked up in\n"
    "      --import PATH     an import in force, e.g. data.lib\n"
    "      --count N         measure N times\n"
    "      --e2e             read the input and write the result each time\n"
    "      --fail=false      measure also what is undefined\n"
    "      --benchmem=false  do not say what it takes from the heap\n"
    "  -t, --target rego     how it is evaluated; there is no wasm\n"
    "  -f, --format FORMAT   pretty, or text, the same; json, or gobench, Go's "
    "format of "
    "benchmarks\n"
    "      --allow-net HOST  let http.send reach that host, a name or an "
    "address\n"
    "                        without port; may be repeated (none)\n"
    "      --capabilities FILE\n"
    "                        what policies may use, see rego capabilities\n"
    "      --v0-compatible   modules are Rego v0\n"
    "\n"
    "Exit codes: 0 done, 1 the query is undefined, 2 errors.\n"
    "\n"
    "example: rego bench -d policy.rego -i input.json data.acgs.main.allow\n"
    "         rego bench -d policy.rgc -i input.json data.acgs.main.allow\n";

struct figures {
  std::vector<int64_t> samples; // ns an operation, sorted
  size_t iterations = 0;
  int64_t total = 0;
  allocations taken; // by all of them
};

int64_t at(const figures& f, double q) {
  auto i = static_cast<size_t>(q * static_cast<double>(f.samples.size()));
  return f.samples[std::min(i, f.samples.size() - 1)];
}

template <class Run>
figures measure(Run run) {
  figures f;
  auto begin = clock::now();
  // Batches of about 20 microseconds, so that the clock does not count.
  auto once = [&](size_t n) {
    auto start = clock::now();
    for (size_t i = 0; i < n; ++i)
      run();
    return (clock::now() - start).count();
  };
  once(3);
  auto one = std::max<int64_t>(1, once(1));
  f.samples.reserve(100'000); // seldom more: they count as allocations else
  auto batch = std::clamp<size_t>(static_cast<size_t>(20000 / one), 1, 1000);
  auto before = allocated();
  while (clock::now() - begin < std::chrono::milliseconds(1500)
         || f.samples.size() < 5) {
    auto ns = once(batch);
    f.total += ns;
    f.iterations += batch;
    f.samples.push_back(ns / static_cast<int64_t>(batch));
  }
  auto after = allocated();
  f.taken = {after.count - before.count, after.bytes - before.bytes};
  std::sort(f.samples.begin(), f.samples.end());
  return f;
}

void print(const figures& f, const std::string& format, bool heap) {
  auto n = [](auto x) { return static_cast<long long>(x); };
  if (format == "gobench") {
    std::printf("BenchmarkOPAEval\t%s\n",
                benchmark_text(f.iterations, f.total, heap ? &f.taken : nullptr)
                    .c_str());
    return;
  }
  auto mean = f.total / static_cast<int64_t>(f.iterations);
  bool json = format == "json";
  std::printf(json ? "{\"iterations\":%zu,\"ns_per_op\":%lld,\"min_ns\":%lld,"
                     "\"p50_ns\":%lld,\"p90_ns\":%lld,\"p99_ns\":%lld"
                   : "iterations %zu\nns_per_op %lld\nmin_ns %lld\n"
                     "p50_ns %lld\np90_ns %lld\np99_ns %lld\n",
              f.iterations, n(mean), n(f.samples.front()), n(at(f, 0.5)),
              n(at(f, 0.9)), n(at(f, 0.99)));
  if (heap)
    std::printf(json ? ",\"allocs_per_op\":%lld,\"bytes_per_op\":%lld"
                     : "allocs_per_op %lld\nbytes_per_op %lld\n",
                n(f.taken.count / f.iterations),
                n(f.taken.bytes / f.iterations));
  if (json)
    std::printf("}\n");
}

result<prepared_ptr> query_of(const loaded& files, const parsed_options& o,
                              const std::string& text,
                              std::shared_ptr<const capabilities> allowed) {
  if (files.code) {
    refuse_with_bytecode(
        o, "bench",
        {"-s", "--schema", "--package", "--import", "--capabilities"});
    return query_in(files, text);
  }
  compile_options co;
  co.v0_compatible = o.has("--v0-compatible");
  co.capabilities = std::move(allowed);
  if (auto wrong = add_schemas(o, co); !wrong.empty())
    return wrong;
  auto p = compile(files.modules, co);
  if (!p)
    return p.error_list();
  prepare_options po;
  po.v0_compatible = co.v0_compatible;
  po.imports = o.all("--import");
  po.package = o.last("--package");
  return prepare(*p, text, po);
}

struct bench_request {
  parsed_options options;
  std::string format;
  std::string input; // a file, or "-"
  uint64_t count;
  std::shared_ptr<const capabilities> allowed;
};

bench_request read_bench(parsed_options o) {
  if (o.rest.size() > 1 || (o.rest.size() == 1) == o.has("--stdin"))
    throw usage_error{"bench: one query expected, as an argument or --stdin"};
  auto input = o.last("-i", o.last("--input"));
  if (o.has("-I") || o.has("--stdin-input")) {
    if (o.has("--stdin") || !input.empty())
      throw usage_error{"bench: --stdin-input excludes --stdin and --input"};
    input = "-";
  }
  auto format = o.last("-f", o.last("--format", "text"));
  if (format != "text" && format != "pretty" && format != "json"
      && format != "gobench")
    throw usage_error{"bench: --format: '" + format
                      + "' is none of pretty, text, json, gobench"};
  check_target(o, "bench");
  auto count = parse_count("--count", o.last("--count", "1"), 1);
  auto allowed = capabilities_of(o);
  return {std::move(o), format, input, count, std::move(allowed)};
}

// What is measured, once it has been tried.
rego::errors run_bench(const bench_request& r) {
  auto& o = r.options;
  load_options lo;
  lo.bundles = o.all("-b", "--bundle");
  lo.v0_compatible = o.has("--v0-compatible");
  lo.ignored = ignored_of(o);
  lo.bytecode = true;
  auto files = load(o.all("-d", "--data"), lo);
  if (!files)
    return files.error_list();
  auto query = o.has("--stdin") ? cli::read_input("-") : o.rest[0];
  if (!query)
    return query.error_list();
  auto q = query_of(*files, o, *query, r.allowed);
  if (!q)
    return q.error_list();
  result<std::string> text = std::string("null");
  if (!r.input.empty())
    text = cli::read_input(r.input);
  if (!text)
    return text.error_list();
  arena memory;
  auto v = parse_json(memory, *text);
  if (!v)
    return v.error_list();
  evaluator e(world_of(o, r.allowed.get()));
  auto first = e.evaluate(**q, *files->data, *v);
  if (!first.errors.empty())
    return first.errors;
  if (!first.defined() && o.last("--fail", "true") == "true")
    return {{"undefined", "undefined result", "", 0, 0}};
  std::string out;
  for (uint64_t i = 0; i < r.count; ++i)
    print(o.has("--e2e") ? measure([&] {
            auto a = e.evaluate(**q, *files->data, json_input{*text});
            out.clear();
            append_json(out, a.result);
          })
                         : measure([&] { e.evaluate(**q, *files->data, *v); }),
          r.format, o.last("--benchmem", "true") == "true");
  return {};
}

} // namespace

int bench(const arguments& args) {
  auto o =
      parse(args,
            {"-d", "--data", "-b", "--bundle", "--ignore", "-i", "--input",
             "-f", "--format", "--allow-net", "-s", "--schema", "--package",
             "--import", "--count", "--capabilities", "-t", "--target"},
            {"-h", "--help", "--e2e", "--fail", "--benchmem", "--v0-compatible",
             "--v1-compatible", "-I", "--stdin-input", "--stdin"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(bench_help, stdout);
    return 0;
  }
  auto wrong = run_bench(read_bench(std::move(o)));
  if (!wrong.empty() && wrong[0].code == "undefined") {
    std::fprintf(stderr, "rego: bench: %s\n", wrong[0].message.c_str());
    return 1;
  }
  print_errors(wrong);
  return wrong.empty() ? 0 : 2;
}

} // namespace rego::cli
