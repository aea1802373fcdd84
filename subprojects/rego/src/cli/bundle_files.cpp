// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bundles from and to disk.

#include "cli/bundle_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <fstream>

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

error failed(std::string why, const std::string& path) {
  return {"load_error", std::move(why), path, 0, 0};
}

bool is_ignored(const fs::path& p, const std::vector<std::string>& patterns) {
  auto name = p.filename().string();
  return std::any_of(patterns.begin(), patterns.end(), [&](auto& pattern) {
    return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

bool belongs(const fs::path& p) {
  auto name = p.filename().string();
  constexpr std::string_view own[] = {"data.json", "data.yaml",
                                      "data.yml",  "patch.json",
                                      ".manifest", ".signatures.json"};
  return name.ends_with(".rego")
         || std::find(std::begin(own), std::end(own), name) != std::end(own);
}

result<bundle::file_list> files_in(const fs::path& folder,
                                   const std::vector<std::string>& ignored) {
  bundle::file_list out;
  fs::recursive_directory_iterator at(folder), end;
  for (; at != end; ++at) {
    bool skip = is_ignored(at->path(), ignored);
    if (skip && at->is_directory())
      at.disable_recursion_pending();
    if (skip || !at->is_regular_file() || !belongs(at->path()))
      continue;
    auto bytes = read_file(at->path().string());
    if (!bytes)
      return bytes.error_list();
    out.push_back({at->path().lexically_relative(folder).generic_string(),
                   std::move(*bytes)});
  }
  // As `unpack` has them.
  std::sort(out.begin(), out.end(),
            [](auto& a, auto& b) { return a.path < b.path; });
  return out;
}

// A file's text without the line's end that editors add, which would be part
// of a secret; or, where there is no such file, the text itself.
result<std::string> read_key(const std::string& key) {
  std::error_code none;
  if (!fs::is_regular_file(key, none))
    return key;
  auto text = read_file(key);
  while (text && (text->ends_with('\n') || text->ends_with('\r')))
    text->pop_back();
  return text;
}

} // namespace

bool is_bundle(const std::string& path) {
  if (fs::is_directory(path))
    return fs::is_regular_file(fs::path(path) / ".manifest");
  std::ifstream in(path, std::ios::binary);
  return in.get() == 0x1f && in.get() == 0x8b;
}

result<bundle::file_list>
bundle_files(const std::string& path, const std::vector<std::string>& ignored) {
  if (fs::is_directory(path))
    return files_in(path, ignored);
  if (!fs::is_regular_file(path))
    return failed("no such file or folder", path);
  auto archive = read_file(path);
  if (!archive)
    return archive.error_list();
  auto files = bundle::unpack(*archive);
  if (!files)
    return failed(files.error_list()[0].message, path);
  std::erase_if(*files, [&](auto& f) { return is_ignored(f.path, ignored); });
  return files;
}

result<bool> write_file(const std::string& to, const std::string& bytes) {
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out)
    return failed("cannot write the file", to);
  return true;
}

const std::vector<std::string> signing_valued = {
    "--signing-key", "--signing-alg", "--claims-file"};

result<bundle::signing> read_signing(const parsed_options& o) {
  bundle::signing out;
  auto key = read_key(o.last("--signing-key"));
  if (!key)
    return key.error_list();
  out.key = *key;
  out.algorithm = o.last("--signing-alg", out.algorithm);
  if (auto file = o.last("--claims-file"); !file.empty()) {
    auto claims = read_file(file);
    if (!claims)
      return claims.error_list();
    out.claims = *claims;
  }
  return out;
}

const std::vector<std::string> verifying_valued = {
    "--verification-key", "--verification-key-id", "--scope",
    "--exclude-files-verify"};

rego::errors check_signature(const parsed_options& o,
                             const bundle::file_list& files,
                             const std::string& path) {
  auto named = o.last("--verification-key");
  if (named.empty() && !bundle::is_signed(files))
    return {};
  if (named.empty())
    return {failed("the bundle is signed; --verification-key names the key to "
                   "verify it by",
                   path)};
  auto key = read_key(named);
  if (!key)
    return key.error_list();
  bundle::verification by;
  by.key_id = o.last("--verification-key-id", "default");
  by.keys = {{by.key_id, *key, o.last("--signing-alg", "RS256")}};
  by.scope = o.last("--scope");
  by.exclude = o.all("--exclude-files-verify");
  auto signer = bundle::verify(files, by);
  return signer ? rego::errors{} : signer.error_list();
}

} // namespace rego::cli
