// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego fmt: the canonical text of policies, as opa fmt writes it.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/capabilities.hpp"
#include "rego/format.hpp"
#include "rego/line_diff.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* fmt_help =
    "usage: rego fmt [OPTION]... [FILE|FOLDER]...\n"
    "\n"
    "Writes the canonical text of policies to standard output; of standard\n"
    "input where nothing is named. In folders, all .rego files.\n"
    "\n"
    "  -l, --list         print the names of files that would change\n"
    "  -d, --diff         print what would change\n"
    "  -w, --write        write the files instead\n"
    "  --fail             exit with 2 where something would change\n"
    "  --v0-compatible    v0 in, v0 out\n"
    "  --v0-v1, --rego-v1 v0 in, valid as v0 and v1 out\n"
    "  --v1-compatible    v1 in; with --v0-v1, valid as both out\n"
    "  --check-result=false\n"
    "                     print also what would not parse\n"
    "  --drop-v0-imports  without rego.v1 and future.keywords where v1 has "
    "them\n"
    "  --capabilities FILE\n"
    "                     what policies may use, see rego capabilities\n"
    "\n"
    "Exit codes: 0 done, 1 not readable, 2 not parseable, or --fail.\n"
    "\n"
    "example: rego fmt --fail -l policies/\n";

const std::vector<std::string> flags = {"-l",
                                        "--list",
                                        "-d",
                                        "--diff",
                                        "-w",
                                        "--write",
                                        "--fail",
                                        "--v0-v1",
                                        "--rego-v1",
                                        "--v0-compatible",
                                        "--help",
                                        "-h",
                                        "--v1-compatible",
                                        "--drop-v0-imports",
                                        "--check-result"};

struct settings {
  format_options format;
  bool list = false;
  bool diff = false;
  bool write = false;
  bool fail = false;
};

settings settings_of(const parsed_options& o) {
  settings s;
  bool both = o.has("--v0-v1") || o.has("--rego-v1");
  bool v0 = o.has("--v0-compatible");
  if (both)
    s.format.to = rego_version::v0_v1;
  else if (v0)
    s.format.to = rego_version::v0;
  if (v0 || (both && !o.has("--v1-compatible")))
    s.format.from = rego_version::v0;
  s.format.drop_v0_imports = o.has("--drop-v0-imports");
  s.format.check_result = o.last("--check-result", "true") != "false";
  s.format.capabilities = capabilities_of(o);
  s.list = o.has("-l") || o.has("--list");
  s.diff = o.has("-d") || o.has("--diff");
  s.write = o.has("-w") || o.has("--write");
  s.fail = o.has("--fail");
  return s;
}

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return code;
}

int format_input(const settings& s) {
  auto text = cli::read_input("-");
  if (!text)
    return complain(to_string(text.error_list()), 1);
  auto out = format("stdin", *text, s.format);
  if (!out)
    return complain(to_string(out.error_list()), 1);
  std::fwrite(out->data(), 1, out->size(), stdout);
  return 0;
}

int write_back(const std::string& name, const std::string& text) {
  std::ofstream file(name, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? 0 : complain("failed to write " + name, 2);
}

int refuse(const errors& list) {
  if (list[0].code == "format_error")
    return complain(list[0].message, 2);
  return complain("failed to format Rego source file: " + to_string(list), 2);
}

int format_file(const settings& s, const std::string& name) {
  auto text = read_file(name);
  if (!text)
    return complain("failed to open file: " + name, 2);
  auto out = format(name, *text, s.format);
  if (!out)
    return refuse(out.error_list());
  bool changed = *out != *text;
  if (s.list && changed)
    std::printf("%s\n", name.c_str());
  else if (s.diff && !s.list && changed)
    std::printf("%s",
                line_diff(name, name + " (formatted)", *text, *out).c_str());
  if (s.fail && changed)
    return complain("unexpected diff", 2);
  if (s.list || s.diff)
    return 0;
  if (s.write)
    return changed ? write_back(name, *out) : 0;
  std::fwrite(out->data(), 1, out->size(), stdout);
  return 0;
}

int format_path(const settings& s, const std::string& name) {
  fs::path p(name);
  if (!fs::exists(p))
    return complain(name + ": no such file or folder", 1);
  if (!fs::is_directory(p))
    return p.extension() == ".rego" ? format_file(s, name) : 0;
  std::vector<std::string> files;
  for (auto& e : fs::recursive_directory_iterator(p))
    if (e.is_regular_file() && e.path().extension() == ".rego")
      files.push_back(e.path().string());
  std::sort(files.begin(), files.end());
  for (auto& f : files)
    if (int code = format_file(s, f))
      return code;
  return 0;
}

} // namespace

int fmt(const arguments& args) {
  auto o = parse(args, {"--capabilities"}, flags);
  if (o.has("-h") || o.has("--help")) {
    std::fputs(fmt_help, stdout);
    return 0;
  }
  auto s = settings_of(o);
  if (o.rest.empty())
    return format_input(s);
  for (auto& name : o.rest)
    if (int code = format_path(s, name))
      return code;
  return 0;
}

} // namespace rego::cli
