// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego inspect: reads what there is to tell.

#include "cli/inspect.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/bundle_files.hpp"
#include "compiler/needed.hpp"
#include "compiler/read_annotations.hpp"
#include "parser/parse.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* inspect_help =
    "usage: rego inspect [OPTION]... BUNDLE|FOLDER|POLICY\n"
    "\n"
    "Prints what a bundle has, a tar.gz or a folder, or a policy: its "
    "manifest,\n"
    "the packages and the places of data with their files; as JSON also the\n"
    "built-in functions and features of Rego that the policies need.\n"
    "\n"
    "  -a, --annotations      the metadata of packages and rules as well\n"
    "  -f, --format FORMAT    pretty or json\n"
    "      --v0-compatible    the policies are in Rego v0, where a manifest\n"
    "                         does not say\n"
    "\n"
    "Exit codes: 0 done, 1 a policy or the bundle is not right, 2 usage, or a\n"
    "file that cannot be read.\n"
    "\n"
    "example: rego inspect -a authz.tar.gz\n";

// The steps below data, as a reference.
std::string namespace_of(const std::string& path) {
  std::string out = "data";
  for (auto& step : fs::path(path).relative_path().parent_path())
    out += "." + step.string();
  return out;
}

class inspection {
public:
  explicit inspection(bool v0) : v0_(v0) {}

  rego::errors policy(const std::string& path) {
    auto text = read_file(path);
    if (!text)
      return text.error_list();
    return add(fs::path(path).lexically_normal().string(), *text, v0_);
  }

  rego::errors bundle(const std::string& path) {
    auto files = bundle_files(path);
    auto read = files ? bundle::read(*files, {v0_})
                      : result<bundle::content>(files.error_list());
    if (!read)
      return read.error_list();
    out.about = read->about;
    bool folder = fs::is_directory(path);
    auto shown = [&](const std::string& name) {
      auto whole = folder ? fs::path(path) / name : fs::path("/" + name);
      return whole.lexically_normal().string();
    };
    for (auto& m : read->modules)
      if (auto wrong = add(shown(m.path), m.text, m.v0); !wrong.empty())
        return wrong;
    for (auto& f : *files) {
      auto name = fs::path(f.path).filename();
      if (name == "data.json" || name == "data.yaml")
        out.namespaces[namespace_of(f.path)].push_back(shown(f.path));
      if (f.path == ".signatures.json")
        out.signatures = f.bytes;
    }
    return {};
  }

  inspected out;

private:
  rego::errors add(const std::string& file, const std::string& text, bool v0) {
    block_reader blocks(out.memory, file, text.size());
    auto m =
        parse_module(file, text, {.v1 = !v0, .check_comments = blocks.check()});
    if (!m)
      return m.error_list();
    rego::errors wrong;
    auto& notes = out.notes.emplace_back(blocks.attach(*m, wrong));
    if (!wrong.empty())
      return wrong;
    out.namespaces[ref_text(m->package)].push_back(file);
    add_needed(*m, out.needed);
    for (auto& a : notes)
      place(*m, a);
    return {};
  }

  void place(const module& m, const annotation& a) {
    placed_annotation p{m.file, m.package.at, {}, "", "", &a};
    for (size_t i = 1; i < m.package.args.size(); ++i)
      p.path.push_back(m.package.args[i].text);
    auto name = m.package; // without data
    name.args.erase(name.args.begin());
    name.args[0].kind = term_kind::var;
    p.package = ref_text(name);
    if (a.target == note_target::rule) {
      auto& r = m.rules[a.rule];
      p.at = r.at;
      p.path = constant_path(m, r);
      p.rule = ref_text(r.head.ref);
    }
    out.annotations.push_back(std::move(p));
  }

  bool v0_;
};

// Of one rule the annotation that stands first, as its place is compared.
bool stands_before(const placed_annotation& a, const placed_annotation& b) {
  return std::tie(a.path, a.file, a.about->at.row, a.about->at.col)
         < std::tie(b.path, b.file, b.about->at.row, b.about->at.col);
}

} // namespace

int inspect(const arguments& args) {
  auto o = parse(args, {"-f", "--format"},
                 {"-a", "--annotations", "--v0-compatible", "--v1-compatible",
                  "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(inspect_help, stdout);
    return 0;
  }
  if (o.rest.size() != 1)
    throw usage_error{"inspect: one bundle, folder or policy expected"};
  auto format = o.last("-f", o.last("--format", "pretty"));
  if (format != "pretty" && format != "json")
    throw usage_error{"inspect: --format: '" + format
                      + "' is none of pretty, json"};
  inspection i(o.has("--v0-compatible"));
  auto& path = o.rest[0];
  bool policy = path.ends_with(".rego") && !fs::is_directory(path);
  if (auto wrong = policy ? i.policy(path) : i.bundle(path); !wrong.empty()) {
    print_errors(wrong);
    return refusal_code(wrong);
  }
  std::stable_sort(i.out.annotations.begin(), i.out.annotations.end(),
                   stands_before);
  bool all = o.has("-a") || o.has("--annotations");
  auto text = format == "json" ? inspected_json(i.out, all)
                               : inspected_text(i.out, all);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

} // namespace rego::cli
