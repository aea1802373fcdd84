// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego deps: which documents a query depends on.

#include <algorithm>
#include <cstdio>

#include "builtins/ast_json.hpp"
#include "cli/text.hpp"
#include "compiler/dependencies.hpp"
#include "parser/annotation.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr const char* deps_help =
    "usage: rego deps [OPTION]... QUERY\n"
    "\n"
    "Prints the documents that a query depends on, itself or by rules: base\n"
    "documents, of input and data, and virtual ones, which rules give. Each "
    "up\n"
    "to its first key that is not constant.\n"
    "\n"
    "  -d, --data PATH        policies and data: a file or a folder\n"
    "  -b, --bundle PATH      a bundle: a tar.gz, or a folder in which only\n"
    "                         data.json and data.yaml are data\n"
    "      --ignore PATTERN   leave out files and folders of such a name\n"
    "  -f, --format FORMAT    pretty, or json, references as syntax trees\n"
    "      --v0-compatible    modules are Rego v0\n"
    "\n"
    "Exit codes: 0 done, 1 policies or the query are not right, 2 usage, or a\n"
    "file that cannot be read.\n"
    "\n"
    "example: rego deps -d policy.rego data.acgs.main.decision\n";

std::string table_of(const query_dependencies& d) {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  auto column = [&](const char* name, const std::vector<term>& list) {
    if (list.empty())
      return;
    header.push_back(name);
    rows.resize(std::max(rows.size(), list.size()));
    for (auto& row : rows)
      row.resize(header.size());
    for (size_t i = 0; i < list.size(); ++i)
      rows[i].back() = ref_text(list[i]);
  };
  column("BASE DOCUMENTS", d.base);
  column("VIRTUAL DOCUMENTS", d.virtual_ones);
  return header.empty() ? "" : table_text(header, rows);
}

std::string json_of(const query_dependencies& d) {
  arena a;
  object_builder o(a);
  auto add = [&](const char* name, const std::vector<term>& list) {
    array_builder all(a);
    for (auto& ref : list)
      all.push(tree_of(a, quoted_term{"", ref.args}, {}));
    if (all.size())
      o.add(name, all.array());
  };
  add("base", d.base);
  add("virtual", d.virtual_ones);
  return to_json(o.finish(), {.indent = 2}) + "\n";
}

result<query_dependencies> read_deps(const parsed_options& o) {
  load_options lo;
  lo.bundles = o.all("-b", "--bundle");
  lo.ignored = ignored_of(o);
  lo.v0_compatible = o.has("--v0-compatible");
  auto files = load(o.all("-d", "--data"), lo);
  if (!files)
    return files.error_list();
  auto p = compile(files->modules, {.v0_compatible = lo.v0_compatible});
  if (!p)
    return p.error_list();
  return dependencies_of(*p, o.rest[0], {.v0_compatible = lo.v0_compatible});
}

} // namespace

int deps(const arguments& args) {
  auto o = parse(
      args, {"-d", "--data", "-b", "--bundle", "--ignore", "-f", "--format"},
      {"--v0-compatible", "--v1-compatible", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(deps_help, stdout);
    return 0;
  }
  if (o.rest.size() != 1)
    throw usage_error{"deps: one query expected"};
  auto format = o.last("-f", o.last("--format", "pretty"));
  if (format != "pretty" && format != "json")
    throw usage_error{"deps: --format: '" + format
                      + "' is none of pretty, json"};
  auto found = read_deps(o);
  if (!found) {
    print_errors(found.error_list());
    return refusal_code(found.error_list());
  }
  auto text = format == "json" ? json_of(*found) : table_of(*found);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

} // namespace rego::cli
