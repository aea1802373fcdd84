// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego check: compiles policies and says what is wrong.

#include <cstdio>

#include "cli/capabilities.hpp"
#include "cli/schemas.hpp"
#include "cli/text.hpp"

namespace rego::cli {

namespace {

constexpr const char* check_help =
    "usage: rego check [OPTION]... FILE|FOLDER...\n"
    "\n"
    "Compiles policies and prints what is wrong with them on standard error.\n"
    "\n"
    "  -S, --strict           refuse unused imports, locals and arguments, "
    "and\n"
    "                         in Rego v0 what v1 always refuses: imports of "
    "one\n"
    "                         name, rules and variables named input or data,\n"
    "                         deprecated built-in functions\n"
    "  -f, --format json      the errors as JSON; --json too\n"
    "  -b, --bundle           the paths are bundles, folders or tar.gz: their\n"
    "                         data must have nothing where a rule is\n"
    "  -s, --schema PATH      check types by JSON Schemas: a file is that of "
    "the\n"
    "                         input, those in a folder are named by "
    "annotations\n"
    "  -m, --max-errors N     stop after N errors in what can be parsed (10);\n"
    "                         0: never\n"
    "      --ignore PATTERN   leave out files and folders of such a name\n"
    "      --capabilities FILE\n"
    "                         what policies may use, see rego capabilities: "
    "other\n"
    "                         built-in functions are undefined, other "
    "features\n"
    "                         of the language refused\n"
    "      --v0-compatible    the policies are in Rego v0\n"
    "      --v0-v1, --rego-v1 they are in v0, and have to be right as v1 too\n"
    "\n"
    "Exit codes: 0 the policies are right, 1 they are not, 2 usage, or a\n"
    "file that cannot be read.\n"
    "\n"
    "example: rego check --strict policies/\n"
    "         rego check --schema schemas/ policies/\n";

} // namespace

int check(const arguments& args) {
  auto o =
      parse(args,
            {"-f", "--format", "--ignore", "-m", "--max-errors", "-s",
             "--schema", "--capabilities"},
            {"--strict", "-S", "-b", "--bundle", "--v0-compatible", "--v0-v1",
             "--rego-v1", "--v1-compatible", "--json", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(check_help, stdout);
    return 0;
  }
  if (o.rest.empty())
    throw usage_error{"check: name at least one file or folder"};
  load_options lo;
  lo.all_bundles = o.has("-b") || o.has("--bundle");
  lo.modules_only = !lo.all_bundles;
  lo.v0_compatible = o.has("--v0-compatible");
  lo.ignored = ignored_of(o);
  compile_options co;
  co.v0_compatible = o.has("--v0-compatible");
  co.v0_v1 = o.has("--v0-v1") || o.has("--rego-v1");
  co.v0_compatible |= co.v0_v1;
  lo.v0_compatible |= co.v0_v1;
  co.strict = o.has("--strict") || o.has("-S");
  co.errors_max = errors_max_of(o);
  co.capabilities = capabilities_of(o);
  auto list = add_schemas(o, co);
  auto files = load(o.rest, lo);
  if (!files)
    list.insert(list.end(), files.error_list().begin(),
                files.error_list().end());
  if (list.empty()) {
    auto p = compile(files->modules, co);
    list = p ? path_conflicts(**p, files->data->root()) : p.error_list();
    if (list.empty())
      return 0;
  }
  auto code = refusal_code(list);
  if (o.has("--json") || o.last("-f", o.last("--format")) == "json")
    std::fprintf(stderr, "%s\n", errors_json(list, {.indent = 2}).c_str());
  else
    std::fprintf(stderr, "%s\n", to_string(list).c_str());
  return code;
}

} // namespace rego::cli
