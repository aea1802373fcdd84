// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/tls_files.hpp"

#include "runtime/base/regular_file.hpp"
#include "runtime/crypto/certificate.hpp"
#include "runtime/crypto/private_file.hpp"

#include <algorithm>
#include <fstream>

namespace acgs::crypto {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t certificate_bytes_max = 1u << 20;

/// Writes a certificate in one step.
caf::error store_certificate(const fs::path& folder, const std::string& name,
                             const std::string& text) {
  auto path = folder / (name + ".pem");
  auto beside = path;
  beside += ".new";
  std::ofstream out{beside, std::ios::trunc};
  out << text;
  out.close();
  std::error_code failed;
  fs::rename(beside, path, failed);
  if (!out || failed)
    return make_error(ec::store_io, "cannot write " + path.string());
  return {};
}

caf::error store(const fs::path& folder, const std::string& name,
                 const credentials& what) {
  auto bad = what.key.read([&](byte_view key) {
    return write_private_file(folder / (name + ".key"), key);
  });
  // The certificate comes last: where it is, the key is too.
  return bad ? bad : store_certificate(folder, name, what.certificate);
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
  auto file = folder / (name + ".pem");
  auto text = read_regular_file(file, certificate_bytes_max);
  if (!text)
    return make_error(code_of(text.error()),
                      file.string()
                          + ": cannot be read: " + sentence_of(text.error())
                          + "; expected a certificate");
  return credentials{std::move(*text), std::move(*key)};
}

/// A certificate of ours that is none is what the operator gave us, whatever it
/// would be from a peer.
caf::error unreadable(const fs::path& file, const caf::error& why) {
  return make_error(ec::invalid_argument,
                    file.string() + ": " + sentence_of(why));
}

/// The authority, made where it is missing.
result<credentials> ensure_authority(const fs::path& folder,
                                     const std::string& node_name,
                                     wall_time now) {
  constexpr std::chrono::days decade{3650};
  if (!fs::exists(folder / "ca.pem")) {
    forget_half(folder, "ca");
    auto made = make_authority("ACGS authority of " + node_name, now, decade);
    if (!made)
      return made.error();
    if (auto bad = store(folder, "ca", *made))
      return bad;
  }
  return load(folder, "ca");
}

/// What an authority issues lives no longer than itself.
certificate_request within(const certificate_facts& authority,
                           certificate_request what, wall_time now) {
  auto left = std::chrono::floor<std::chrono::days>(authority.not_after - now);
  what.lifetime = std::clamp(left, std::chrono::days{1}, what.lifetime);
  return what;
}

/// When the certificate of that name runs out, once it was made or renewed.
result<wall_time> ensure_issued(const fs::path& folder, const std::string& name,
                                const credentials& authority,
                                const certificate_request& wanted,
                                wall_time now) {
  if (!fs::exists(folder / (name + ".pem"))) {
    forget_half(folder, name);
    auto made = issue_certificate(authority, wanted, now);
    if (!made)
      return made.error();
    if (auto bad = store(folder, name, *made))
      return bad;
  }
  auto known = load(folder, name);
  if (!known)
    return known.error();
  auto facts = read_certificate(known->certificate);
  if (!facts)
    return unreadable(folder / (name + ".pem"), facts.error());
  auto renewed_until = now + wanted.lifetime;
  if (facts->not_after - now > renew_before || renewed_until <= facts->not_after
      || !is_issued_by(known->certificate, authority.certificate))
    return facts->not_after;
  auto renewed = renew_certificate(authority, *known, wanted, now);
  if (!renewed)
    return renewed.error();
  if (auto bad = store_certificate(folder, name, *renewed))
    return bad;
  return std::chrono::floor<std::chrono::seconds>(renewed_until);
}

} // namespace

result<tls_files> ensure_tls_files(const fs::path& folder,
                                   const std::string& node_name,
                                   const std::vector<std::string>& names,
                                   wall_time now) {
  if (auto bad = ensure_private_folder(folder))
    return bad;
  auto authority = ensure_authority(folder, node_name, now);
  if (!authority)
    return authority.error();
  auto root = read_certificate(authority->certificate);
  if (!root)
    return unreadable(folder / "ca.pem", root.error());
  constexpr std::chrono::days year{365};
  auto node = ensure_issued(
      folder, "node", *authority,
      within(*root, {node_name, names, certificate_use::both, year}, now), now);
  if (!node)
    return node.error();
  auto admin = ensure_issued(
      folder, "admin", *authority,
      within(*root, {"admin", {}, certificate_use::client, year}, now), now);
  if (!admin)
    return admin.error();
  return tls_files{folder / "ca.pem", folder / "node.pem", folder / "node.key",
                   std::min(*node, root->not_after)};
}

} // namespace acgs::crypto
