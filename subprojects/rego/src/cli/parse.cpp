// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego parse: the syntax tree of a policy.

#include <cstdio>

#include "builtins/ast_json.hpp"
#include "cli/cli.hpp"
#include "cli/tree_text.hpp"
#include "compiler/read_annotations.hpp"
#include "parser/parse.hpp"
#include "rego/json.hpp"

namespace rego::cli {

namespace {

constexpr const char* parse_help =
    "usage: rego parse [OPTION]... FILE\n"
    "\n"
    "Prints the syntax tree of a policy.\n"
    "\n"
    "  -f, --format pretty|json  a line a node (the default), or OPA's JSON\n"
    "  --json-include LIST       locations, comments, or without them with a\n"
    "                            minus: locations,-comments. Comments are\n"
    "                            included, locations are not.\n"
    "  --v0-compatible           the policy is in Rego v0\n"
    "\n"
    "Exit codes: 0 done, 1 not readable or not parseable, 2 usage.\n"
    "\n"
    "example: rego parse --format json --json-include locations policy.rego\n";

tree_options options_of(const std::string& list) {
  tree_options o{.locations = false, .comments = true};
  for (size_t from = 0; from < list.size();) {
    auto end = std::min(list.find(',', from), list.size());
    auto name = list.substr(from, end - from);
    bool with = !name.starts_with("-");
    name.erase(0, with ? 0 : 1);
    if (name == "locations")
      o.locations = with;
    else if (name == "comments")
      o.comments = with;
    else
      throw usage_error{"parse: --json-include '" + name
                        + "': expected locations or comments"};
    from = end + 1;
  }
  return o;
}

int print_refusal(const errors& list) {
  std::fprintf(stderr, "%s\n", errors_json(list, {.indent = 2}).c_str());
  return 1;
}

} // namespace

int parse_file(const arguments& args) {
  auto o = parse(args, {"-f", "--format", "--json-include"},
                 {"--v0-compatible", "--v1-compatible", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(parse_help, stdout);
    return 0;
  }
  if (o.rest.size() != 1)
    throw usage_error{"parse: one file expected"};
  auto format = o.last("-f", o.last("--format", "pretty"));
  if (format != "pretty" && format != "json")
    throw usage_error{"parse: --format '" + format
                      + "': expected pretty or json"};
  auto wanted = options_of(o.last("--json-include"));
  auto text = read_file(o.rest[0]);
  if (!text)
    return print_refusal(text.error_list());
  arena memory;
  block_reader blocks(memory, o.rest[0], text->size());
  auto m = parse_module(
      o.rest[0], *text,
      {.v1 = !o.has("--v0-compatible"), .check_comments = blocks.check()});
  if (!m)
    return print_refusal(m.error_list());
  errors refused;
  auto annotations = blocks.attach(*m, refused);
  if (!refused.empty())
    return print_refusal(refused);
  wanted.annotations = &annotations;
  memory.allow_deeper(tree_levels);
  auto tree = tree_of(memory, *m, wanted);
  auto put = [](std::string_view s) {
    std::fwrite(s.data(), 1, s.size(), stdout);
  };
  if (format == "json") {
    write_json(tree, {.indent = 2}, put);
    put("\n");
  } else {
    put(tree_text(tree));
  }
  return 0;
}

} // namespace rego::cli
