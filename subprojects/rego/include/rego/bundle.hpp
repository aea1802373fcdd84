// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bundles in OPA's format: a tar.gz of policies (*.rego), data (data.json,
// data.yaml, rooted at their folders), a .manifest and a .signatures.json; or,
// as a delta bundle, a patch.json of changes of data. All from and to memory,
// without I/O; stateless, any thread.
//
//   auto files = rego::bundle::unpack(archive);
//   auto signer = rego::bundle::verify(*files, {.keys = {{"release", pem}}});
//   auto content = rego::bundle::read(*files);
//
// Stricter than OPA where OPA's reading depends on luck or hides a mistake: a
// name twice, links and other special files, a key twice in JSON, unknown
// members of the manifest, a manifest or a patch within a folder, an empty
// patch (it would erase everything) and WebAssembly resolvers are errors.
// Errors have the code bundle_error and name the file.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rego/engine.hpp"

namespace rego::bundle {

/// Bounds of an archive; beyond one it is refused.
struct bounds {
  size_t archive_bytes = size_t{64} << 20; // as it comes
  size_t files = 10000;
  size_t file_bytes = size_t{32} << 20;
  size_t total_bytes = size_t{128} << 20; // of all files, inflated
  /// Inflated bytes a byte of the archive, beyond the first MiB.
  size_t ratio = 200;
  size_t path_bytes = 1024;
};

/// A regular file, its path relative and without "." and "..".
struct file {
  std::string path;
  std::string bytes;
};
using file_list = std::vector<file>;

/// The files of a tar.gz, sorted by path. A leading slash, which OPA writes, is
/// dropped.
result<file_list> unpack(std::string_view archive, const bounds& within = {});

/// A tar.gz of the files, sorted, with slashes before the names as OPA writes
/// them and without times or owners: the same files give the same bytes.
result<std::string> pack(file_list files);

/// What .manifest says.
struct manifest {
  std::string revision;
  std::vector<std::string> roots{""};            // without outer slashes
  std::optional<int> rego_version;               // 0 or 1
  std::map<std::string, int> file_rego_versions; // by glob of paths
  std::string metadata;                          // a JSON object, or empty
};

/// The manifest as the JSON text of a .manifest.
std::string to_text(const manifest& m);

/// Is `path` at or below `root`, step by step? Everything is below "".
bool is_below(std::string_view root, const std::vector<std::string>& path);
/// Is one of two roots at or below the other?
bool overlap(std::string_view a, std::string_view b);

/// The steps of a root; none of "".
std::vector<std::string> steps_of(std::string_view path);

/// A policy file.
struct module {
  std::string path;
  std::string text;
  std::vector<std::string> package; // its path below data
  bool v0 = false;
};

/// The package of a policy's text, its path below data. Fails with
/// rego_parse_error.
result<std::vector<std::string>> package_of(const module_source& m);

/// A change of data: "upsert", "replace" or "remove".
struct operation {
  std::string op;
  std::vector<std::string> path;
  value operand;
};

/// A bundle that was read. `data` is an object and keeps alive what the patch
/// refers to.
struct content {
  manifest about;
  bool has_manifest = false;
  bool is_delta = false;
  std::vector<module> modules; // sorted by path
  snapshot_ptr data;
  std::vector<operation> patch; // of a delta
};

struct read_options {
  bool v0_compatible = false; // modules are v0 where the manifest does not say
};

/// Reads the files as a bundle and checks that all of it lies within its
/// roots. Files that are neither policy nor data nor the bundle's own are
/// passed over, as OPA does.
result<content> read(const file_list& files, const read_options& o = {});

/// `data` after the changes, as OPA's store makes them: "upsert" makes the
/// objects that lead to its place, inserts into arrays and appends at "-".
/// Fails where a place is missing, naming the operation.
result<value> apply(arena& to, const value& data,
                    const std::vector<operation>& patch);

/// `data` with what stands at each root taken from `from`, or gone.
result<value> replace_roots(arena& to, const value& data,
                            const std::vector<std::string>& roots,
                            const value& from);

/// What signatures are checked by: a public key or a certificate in PEM, or a
/// secret for HS256 to HS512. An empty algorithm is any that the key allows.
struct verification_key {
  std::string id;
  std::string text;
  std::string algorithm = {};
  std::string scope = {};
};

struct verification {
  std::vector<verification_key> keys;
  std::string key_id = {}; // else the token's own says which key
  std::string scope = {};  // else the key's
  /// Files that need no signature, as shell patterns of paths.
  std::vector<std::string> exclude = {};
};

/// Checks .signatures.json: one token, signed with a known key, of the scope,
/// that lists exactly the files with their digests. The id of the key.
result<std::string> verify(const file_list& files, const verification& by);

bool is_signed(const file_list& files);

struct signing {
  std::string key; // private key in PEM, or a secret
  std::string algorithm = "RS256";
  std::string key_id = {};
  std::string claims = {}; // a JSON object: further members of the payload
};

/// The text of a .signatures.json for the files. All algorithms of OPA, and
/// EdDSA, which OPA does not take for bundles.
result<std::string> sign(const file_list& files, const signing& with);

/// The digest of a file as it is signed, in hexadecimal; JSON and YAML by what
/// they mean. `algorithm` as in OPA: "SHA-256", "SHA-512-256", ...
result<std::string> digest_of(const file& f, std::string_view algorithm);

/// What a YAML document comes to as JSON, read as yaml.unmarshal reads it, but
/// that an object which names a key twice is refused, as of requests in JSON.
/// An alias may stand for much: the bounds are of the memory meanwhile and of
/// the text. Fails with one error.
result<std::string> json_of_yaml(std::string_view yaml, size_t memory_max,
                                 size_t bytes_max);

} // namespace rego::bundle
