// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/relock.hpp"

#include "actors/signer/key_files.hpp"
#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/crypto/random.hpp"

namespace acgs::signer {

namespace {

namespace fs = std::filesystem;

/// A name of its own, as a key's that followed another: a start removes what
/// of such names the ring does not know. No file has it yet.
std::string new_name(const fs::path& folder, std::size_t purpose) {
  constexpr std::size_t bytes_of_name = 4;
  std::string out;
  std::error_code ignored; // then writing fails
  do
    out = std::string{purpose_names[purpose]} + '-'
          + to_hex(crypto::random_bytes(bytes_of_name)) + ".key";
  while (fs::exists(folder / out, ignored));
  return out;
}

} // namespace

caf::error relock_keys(const fs::path& folder,
                       std::shared_ptr<const crypto::key_lock> present,
                       const crypto::key_lock& next) {
  auto text = read_ring_text(folder);
  if (!text && code_of(text.error()) == ec::not_found)
    return make_error(ec::not_found,
                      "there are no keys in " + folder.string()
                          + " yet: what they are to be locked with is named in "
                            "the configuration");
  if (!text)
    return text.error();
  auto known = parse_ring(*text);
  if (!known)
    return known.error();
  config with;
  with.folder = folder;
  with.origin = known->origin;
  with.lock = std::move(present);
  auto all = open_keys(with);
  if (!all)
    return all.error();
  auto changed = all->known;
  for (std::size_t i = 0; i < changed.active.size(); ++i) {
    changed.active[i].file = new_name(folder, i);
    if (auto bad = crypto::save_key(folder / changed.active[i].file,
                                    all->secrets[i], next))
      return bad;
  }
  if (auto bad = crypto::replace_private_file(
          folder / ring_name, as_byte_view(format_ring(changed))))
    return bad;
  std::error_code ignored; // the next start tries it again
  for (const auto& each : all->known.active)
    fs::remove(folder / each.file, ignored);
  return {};
}

} // namespace acgs::signer
