// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/tls_files.hpp"

#include "runtime/crypto/certificate.hpp"
#include "runtime/crypto/private_file.hpp"

#include <fstream>
#include <sstream>

namespace acgs::crypto {

namespace {

namespace fs = std::filesystem;

caf::error store(const fs::path& folder, const std::string& name,
                 const credentials& what) {
  auto bad = what.key.read([&](byte_view key) {
    return write_private_file(folder / (name + ".key"), key);
  });
  if (bad)
    return bad;
  // The certificate comes last: where it is, the key is too.
  auto path = folder / (name + ".pem");
  auto beside = path;
  beside += ".new";
  std::ofstream out{beside, std::ios::trunc};
  out << what.certificate;
  out.close();
  std::error_code failed;
  fs::rename(beside, path, failed);
  if (!out || failed)
    return make_error(ec::store_io, "cannot write " + path.string());
  return {};
}

/// Removes the key that a crash left without its certificate.
void forget_half(const fs::path& folder, const std::string& name) {
  std::error_code ignored; // a missing file is the usual case
  fs::remove(folder / (name + ".key"), ignored);
}

result<credentials> load(const fs::path& folder, const std::string& name) {
  auto key = read_private_file(folder / (name + ".key"));
  if (!key)
    return key.error();
  std::ostringstream text;
  text << std::ifstream{folder / (name + ".pem")}.rdbuf();
  return credentials{text.str(), std::move(*key)};
}

} // namespace

result<tls_files> ensure_tls_files(const fs::path& folder,
                                   const std::string& node_name,
                                   const std::vector<std::string>& names,
                                   wall_time now) {
  if (auto bad = ensure_private_folder(folder))
    return bad;
  constexpr std::chrono::days decade{3650};
  if (!fs::exists(folder / "ca.pem")) {
    forget_half(folder, "ca");
    auto made = make_authority("ACGS authority of " + node_name, now, decade);
    if (!made)
      return made.error();
    if (auto bad = store(folder, "ca", *made))
      return bad;
  }
  auto authority = load(folder, "ca");
  if (!authority)
    return authority.error();
  const certificate_request wanted[] = {
      {node_name, names, certificate_use::both, std::chrono::days{365}},
      {"admin", {}, certificate_use::client, std::chrono::days{365}}};
  const std::string file_names[] = {"node", "admin"};
  for (std::size_t i = 0; i < 2; ++i) {
    if (fs::exists(folder / (file_names[i] + ".pem"))) {
      if (auto known = load(folder, file_names[i]); !known)
        return known.error();
      continue;
    }
    forget_half(folder, file_names[i]);
    auto made = issue_certificate(*authority, wanted[i], now);
    if (!made)
      return made.error();
    if (auto bad = store(folder, file_names[i], *made))
      return bad;
  }
  return tls_files{folder / "ca.pem", folder / "node.pem", folder / "node.key"};
}

} // namespace acgs::crypto
