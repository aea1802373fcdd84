// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego build: a bundle from policies and data, or from bundles.

#include <cstdio>
#include <filesystem>
#include <set>

#include "cli/bundle_files.hpp"
#include "cli/capabilities.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* build_help =
    "usage: rego build [OPTION]... PATH...\n"
    "\n"
    "Makes a bundle in OPA's format of policies and data, which must compile;\n"
    "or bytecode of the policies, which eval and bench take with -d, without "
    "data.\n"
    "The same files give the same bytes.\n"
    "\n"
    "  -t, --target NAME      rego, a bundle (rego); or bytecode\n"
    "  -e, --entrypoint PATH  a rule or package that can be asked of "
    "bytecode,\n"
    "                         acgs/main/decision or data.acgs.main.decision; "
    "one\n"
    "                         at least\n"
    "  -b, --bundle           the paths are bundles, folders or tar.gz, whose\n"
    "                         manifests hold; several become one\n"
    "  -o, --output FILE      where to write it (bundle.tar.gz, or\n"
    "                         policy.rgc)\n"
    "  -r, --revision TEXT    the revision that its manifest says\n"
    "      --ignore PATTERN   leave out files and folders of such a name\n"
    "      --capabilities FILE\n"
    "                         what policies may use, see rego capabilities\n"
    "      --v0-compatible    the policies are in Rego v0\n"
    "      --signing-key KEY  sign it: a private key in PEM, or a secret; a "
    "file\n"
    "                         or the text itself\n"
    "      --signing-alg NAME how it is signed, and those that are verified\n"
    "                         (RS256)\n"
    "      --claims-file FILE further members of what is signed, JSON, such "
    "as\n"
    "                         keyid and scope\n"
    "      --verification-key KEY\n"
    "                         what bundles that are read are signed with: a\n"
    "                         public key or certificate in PEM, or a secret\n"
    "      --verification-key-id NAME\n"
    "                         the key's name (default)\n"
    "      --scope TEXT       the scope that they must be signed for\n"
    "      --exclude-files-verify PATTERN\n"
    "                         files that need no signature\n"
    "\n"
    "Exit codes: 0 done, 1 the policies are not right or a signature does not\n"
    "hold, 2 usage or what cannot be read or written.\n"
    "\n"
    "example: rego build -b policies/ -r 1.4.0 -o authz.tar.gz\n"
    "         rego build -t bytecode -e acgs/main/decision -o policy.rgc "
    "policies/\n";

struct parts {
  bundle::manifest about;
  std::vector<module_source> modules;
  snapshot_ptr data;
};

// A module's place in the bundle: where it was named, without what leads out.
std::string place_of(const std::string& name) {
  fs::path out;
  for (auto& step : fs::path(name).lexically_normal().relative_path())
    if (step != ".." && step != ".")
      out /= step;
  return out.generic_string();
}

result<parts> from_files(const parsed_options& o) {
  load_options lo;
  lo.ignored = ignored_of(o);
  auto files = load(o.rest, lo);
  if (!files)
    return files.error_list();
  parts out;
  for (auto& m : files->modules)
    out.modules.push_back({place_of(m.name), m.text});
  out.data = files->data;
  return out;
}

/// Bundles become one; each keeps what is below its roots.
class joining {
public:
  explicit joining(const parsed_options& o)
      : options_(o), owner_(std::make_unique<arena>()),
        data_(object_builder(*owner_).finish()) {
    out_.about.roots.clear();
  }

  rego::errors add(const std::string& path) {
    auto files = bundle_files(path, ignored_of(options_));
    if (!files)
      return files.error_list();
    if (auto wrong = check_signature(options_, *files, path); !wrong.empty())
      return wrong;
    auto content = bundle::read(
        *files, {.v0_compatible = options_.has("--v0-compatible")});
    if (!content)
      return content.error_list();
    if (content->is_delta)
      return {{"bundle_error", "a delta bundle is not built into another", path,
               0, 0}};
    if (auto wrong = add_roots(content->about.roots, path); !wrong.empty())
      return wrong;
    // Several may have the same names.
    auto folder = options_.rest.size() > 1 ? place_of(path) + "/" : "";
    for (auto& m : content->modules)
      out_.modules.push_back({folder + m.path, m.text, m.v0});
    auto joined = bundle::replace_roots(*owner_, data_, content->about.roots,
                                        content->data->root());
    if (!joined)
      return joined.error_list();
    data_ = deep_copy(*owner_, *joined);
    if (options_.rest.size() == 1) {
      out_.about.revision = content->about.revision;
      out_.about.metadata = content->about.metadata;
    }
    return {};
  }

  parts finish() {
    out_.data = std::make_shared<snapshot>(std::move(owner_), data_);
    return std::move(out_);
  }

private:
  rego::errors add_roots(const std::vector<std::string>& roots,
                         const std::string& path) {
    for (auto& root : roots)
      for (auto& taken : out_.about.roots)
        if (bundle::overlap(root, taken))
          return {{"bundle_error",
                   "root '" + root + "' overlaps root '" + taken
                       + "' of another bundle",
                   path, 0, 0}};
    out_.about.roots.insert(out_.about.roots.end(), roots.begin(), roots.end());
    return {};
  }

  const parsed_options& options_;
  std::unique_ptr<arena> owner_;
  value data_;
  parts out_;
};

result<parts> from_bundles(const parsed_options& o) {
  joining all(o);
  for (auto& path : o.rest)
    if (auto wrong = all.add(path); !wrong.empty())
      return wrong;
  return all.finish();
}

result<policy_ptr> check(const parts& from, bool v0,
                         std::shared_ptr<const capabilities> allowed) {
  auto p = compile(from.modules,
                   {.v0_compatible = v0, .capabilities = std::move(allowed)});
  if (!p)
    return p;
  if (auto hidden = path_conflicts(**p, from.data->root()); !hidden.empty())
    return hidden;
  return p;
}

result<bundle::file_list> files_of(const parts& from, const parsed_options& o) {
  bool v0 = o.has("--v0-compatible");
  auto about = from.about;
  about.revision = o.last("-r", o.last("--revision", about.revision));
  about.rego_version = v0 ? 0 : 1;
  bundle::file_list out;
  std::set<std::string> names;
  for (auto& m : from.modules) {
    if (!names.insert(m.name).second)
      return error{"bundle_error", "two policies have this place in the bundle",
                   m.name, 0, 0};
    if (m.v0.value_or(v0) != v0)
      about.file_rego_versions["/" + m.name] = v0 ? 1 : 0;
    out.push_back({m.name, m.text});
  }
  out.push_back({"data.json", to_json(from.data->root()) + "\n"});
  out.push_back({".manifest", bundle::to_text(about)});
  return out;
}

int refused(const rego::errors& list, int code) {
  print_errors(list);
  return code;
}

parsed_options parse_build(const arguments& args) {
  std::vector<std::string> valued = {
      "-o", "--output", "-r", "--revision",   "--ignore",
      "-t", "--target", "-e", "--entrypoint", "--capabilities"};
  valued.insert(valued.end(), signing_valued.begin(), signing_valued.end());
  valued.insert(valued.end(), verifying_valued.begin(), verifying_valued.end());
  return parse(
      args, valued,
      {"-b", "--bundle", "--v0-compatible", "--v1-compatible", "-h", "--help"});
}

// "bytecode" or "rego", with the options that go with it.
std::string target_of(const parsed_options& o) {
  auto target = o.last("-t", o.last("--target", "rego"));
  if (target != "rego" && target != "bytecode")
    throw usage_error{"build: --target: '" + target
                      + "' is none of rego, bytecode"};
  bool entries = o.has("-e") || o.has("--entrypoint");
  if (entries != (target == "bytecode"))
    throw usage_error{entries ? "build: --entrypoint is for --target bytecode"
                              : "build: --target bytecode needs --entrypoint, "
                                "such as acgs/main/decision"};
  for (auto name : {"-r", "--revision", "--signing-key"})
    if (entries && o.has(name))
      throw usage_error{"build: " + std::string(name)
                        + " is for bundles; expected --target rego"};
  return target;
}

int build_bytecode(const parts& from, const policy_ptr& p,
                   const parsed_options& o) {
  if (from.data->root().size())
    std::fputs("rego: bytecode has no data: name its files with -d where the "
               "bytecode is used\n",
               stderr);
  auto bytes = write_bytecode(p, o.all("-e", "--entrypoint"));
  if (!bytes)
    return refused(bytes.error_list(), 1);
  // What was made must be what others take.
  if (auto made = load_bytecode(*bytes); !made)
    return refused(made.error_list(), 4);
  auto written =
      write_file(o.last("-o", o.last("--output", "policy.rgc")), *bytes);
  return written ? 0 : refused(written.error_list(), 2);
}

} // namespace

int build(const arguments& args) {
  auto o = parse_build(args);
  if (o.has("-h") || o.has("--help")) {
    std::fputs(build_help, stdout);
    return 0;
  }
  if (o.rest.empty())
    throw usage_error{"build: name at least one file or folder"};
  auto target = target_of(o);
  auto allowed = capabilities_of(o);
  auto from =
      o.has("-b") || o.has("--bundle") ? from_bundles(o) : from_files(o);
  if (!from)
    return refused(from.error_list(), refusal_code(from.error_list()));
  auto p = check(*from, o.has("--v0-compatible"), std::move(allowed));
  if (!p)
    return refused(p.error_list(), 1);
  if (target == "bytecode")
    return build_bytecode(*from, *p, o);
  auto files = files_of(*from, o);
  if (!files)
    return refused(files.error_list(), 2);
  if (o.has("--signing-key")) {
    auto with = read_signing(o);
    auto text = with ? bundle::sign(*files, *with)
                     : result<std::string>(with.error_list());
    if (!text)
      return refused(text.error_list(), 2);
    files->push_back({".signatures.json", *text});
  }
  // What was made must be a bundle that others take.
  auto archive = bundle::pack(*files);
  if (auto made = bundle::read(*files); archive && !made)
    return refused(made.error_list(), 1);
  auto written =
      archive ? write_file(o.last("-o", o.last("--output", "bundle.tar.gz")),
                           *archive)
              : result<bool>(archive.error_list());
  return written ? 0 : refused(written.error_list(), 2);
}

} // namespace rego::cli
