// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// --capabilities, and rego capabilities, which prints them.

#include "cli/capabilities.hpp"

#include <cstdio>
#include <filesystem>

namespace rego::cli {

namespace {

constexpr const char* capabilities_help =
    "usage: rego capabilities [OPTION]...\n"
    "\n"
    "Lists the versions whose capabilities are known, which is this program's\n"
    "own; or prints capabilities as JSON. A file of them, changed, says by\n"
    "--capabilities what policies may use.\n"
    "\n"
    "      --current          print those of this program\n"
    "      --version VERSION  print those of that version\n"
    "      --file FILE        print those that a file says, if it is right\n"
    "      --v0-compatible    those for policies in Rego v0\n"
    "\n"
    "Exit codes: 0 done, 2 usage, or what cannot be read.\n"
    "\n"
    "example: rego capabilities --current > capabilities.json\n"
    "         rego check --capabilities capabilities.json policies/\n";

// OPA's versions are other ones.
constexpr const char* own_version = "v" REGO_VERSION;

capabilities read_checked(const std::string& text, const std::string& name) {
  auto read = read_capabilities(text);
  if (read)
    return std::move(*read);
  throw usage_error{"--capabilities: " + name + ": "
                    + read.error_list()[0].message};
}

std::string capabilities_text(const std::string& file) {
  auto text = read_file(file);
  if (!text)
    throw usage_error{"--capabilities: " + to_string(text.error_list())};
  return std::move(*text);
}

std::string version_text(const std::string& name, bool v0) {
  if (name == own_version)
    return to_text(own_capabilities(v0));
  throw usage_error{"no such file or capabilities version found: " + name
                    + "; known is " + own_version
                    + ", this program's own, other versions are files"};
}

} // namespace

std::shared_ptr<const capabilities> capabilities_of(const parsed_options& o) {
  auto name = o.last("--capabilities");
  if (!o.has("--capabilities"))
    return nullptr;
  auto text = std::filesystem::exists(name)
                  ? capabilities_text(name)
                  : version_text(name, o.has("--v0-compatible"));
  return std::make_shared<capabilities>(read_checked(text, name));
}

int capabilities_command(const arguments& args) {
  auto o = parse(args, {"--version", "--file"},
                 {"--current", "--v0-compatible", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(capabilities_help, stdout);
    return 0;
  }
  if (!o.rest.empty())
    throw usage_error{"capabilities: no argument expected, but got '"
                      + o.rest[0] + "'"};
  std::string text = own_version;
  if (o.has("--version")) {
    text = version_text(o.last("--version"), o.has("--v0-compatible"));
  } else if (o.has("--file")) {
    text = capabilities_text(o.last("--file"));
    read_checked(text, o.last("--file"));
  } else if (o.has("--current")) {
    text = to_text(own_capabilities(o.has("--v0-compatible")));
  }
  std::printf("%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
  return 0;
}

} // namespace rego::cli
