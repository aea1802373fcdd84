// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/bundle_files.hpp"

#include "actors/shell/audit_offline.hpp"
#include "actors/shell/environment.hpp"

#include <rego/engine.hpp>

#include <filesystem>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

constexpr rego::bundle::bounds bounds;

/// Of a folder, what a bundle is made of. Other files stay behind, a hidden
/// folder such as .git too.
bool belongs(const fs::path& file) {
  auto name = file.filename().string();
  return name.ends_with(".rego") || name == "data.json" || name == "data.yaml"
         || name == "data.yml" || name == "patch.json" || name == ".manifest"
         || name == ".signatures.json";
}

result<rego::bundle::file_list> files_in(const fs::path& folder) {
  rego::bundle::file_list out;
  std::error_code failed;
  fs::recursive_directory_iterator at{folder, failed};
  for (; !failed && at != fs::recursive_directory_iterator{};
       at.increment(failed)) {
    auto hidden = at->path().filename().string().starts_with('.');
    if (at->is_directory() && hidden)
      at.disable_recursion_pending();
    if (!at->is_regular_file() || at->is_symlink() || !belongs(at->path()))
      continue;
    if (out.size() >= bounds.files)
      return make_error(ec::too_large,
                        "'" + folder.string() + "' has more than "
                            + std::to_string(bounds.files) + " files",
                        "file");
    auto bytes = read_file(at->path().string(), bounds.file_bytes);
    if (!bytes)
      return bytes.error();
    out.push_back(
        {fs::relative(at->path(), folder).generic_string(), std::move(*bytes)});
  }
  if (failed)
    return make_error(
        ec::invalid_argument,
        "cannot read '" + folder.string() + "': " + failed.message(), "file");
  return out;
}

/// Compiles what the bundle brings, by itself.
caf::error compiles(const rego::bundle::content& what) {
  std::vector<rego::module_source> sources;
  for (const auto& each : what.modules)
    sources.push_back({each.path, each.text, each.v0});
  auto compiled = rego::compile(sources);
  return compiled ? caf::error{} : bundle_error(compiled.error_list());
}

/// Who signed, by the key that was given; or that nobody need have.
result<std::string> signer_of(invocation& in,
                              const rego::bundle::file_list& files) {
  auto file = in.value("key");
  if (file.empty() && !rego::bundle::is_signed(files))
    return std::string{};
  if (file.empty())
    return make_error(ec::invalid_argument,
                      "the bundle is signed; expected --key with the key to "
                      "verify it by",
                      "key");
  auto text = read_file(file);
  if (!text)
    return text.error();
  while (text->ends_with('\n') || text->ends_with('\r'))
    text->pop_back();
  auto id = in.has("key-id") ? in.value("key-id") : "default";
  rego::bundle::verification by;
  by.keys = {{id, *text, in.value("algorithm")}};
  by.key_id = id;
  by.scope = in.value("scope");
  by.exclude = in.all("exclude");
  auto signer = rego::bundle::verify(files, by);
  return signer ? result<std::string>{*signer}
                : bundle_error(signer.error_list());
}

} // namespace

caf::error bundle_error(const rego::errors& errors) {
  std::string text;
  for (const auto& each : errors) {
    text += text.empty() ? "" : "\n";
    text += each.row > 0
                ? rego::to_string(each)
                : (each.file.empty() ? "" : each.file + ": ") + each.message;
  }
  return make_error(ec::policy_invalid, text, "file");
}

result<std::string> read_archive(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored))
    return read_file(path, bounds.archive_bytes);
  auto files = files_in(path);
  if (!files)
    return files.error();
  auto packed = rego::bundle::pack(std::move(*files));
  return packed ? result<std::string>{std::move(*packed)}
                : bundle_error(packed.error_list());
}

int bundle_verify(invocation& in) {
  auto archive = read_archive(in.value("file"));
  if (!archive)
    return in.fail(archive.error());
  auto files = rego::bundle::unpack(*archive);
  if (!files)
    return not_verified(in, sentence_of(bundle_error(files.error_list())));
  auto signer = signer_of(in, *files);
  if (!signer)
    return code_of(signer.error()) == ec::policy_invalid
               ? not_verified(in, sentence_of(signer.error()))
               : in.fail(signer.error());
  auto content = rego::bundle::read(*files);
  if (!content)
    return not_verified(in, sentence_of(bundle_error(content.error_list())));
  if (auto wrong = compiles(*content))
    return not_verified(in, sentence_of(wrong));
  in.out().record({{"verified", boolean(true)},
                   {"signed_by", text(*signer)},
                   {"bundle_revision", text(content->about.revision)},
                   {"roots", text(quoted_list(content->about.roots))},
                   {"delta", boolean(content->is_delta)},
                   {"files", number(files->size())},
                   {"policies", number(content->modules.size())}});
  return 0;
}

} // namespace acgs::shell
