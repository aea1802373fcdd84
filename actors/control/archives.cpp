// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/archives.hpp"

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/tables.hpp"

namespace acgs::control {

namespace {

std::string digest_part(std::string_view digest) {
  return std::string{digest.substr(0, 2 * sizeof(acgs::digest))};
}

/// Null where there is no such table or record.
result<domain::shared_text> read(store::environment& in, const char* name,
                                 byte_view key) {
  auto table = in.find_table(name);
  if (!table)
    return table.error();
  if (!*table)
    return domain::shared_text{};
  auto reading = in.read();
  if (!reading)
    return reading.error();
  auto found = (*reading)->get(**table, key);
  if (!found)
    return found.error();
  return *found ? std::make_shared<const std::string>(as_text(**found))
                : domain::shared_text{};
}

} // namespace

archives::archives(std::shared_ptr<store::environment> state,
                   std::shared_ptr<store::environment> ledger)
    : state_{std::move(state)}, ledger_{std::move(ledger)} {
  // Reads when asked.
}

result<domain::shared_text> archives::find(std::string_view digest) const {
  auto found = read(*state_, store::state::bundles_name, as_byte_view(digest));
  auto raw = from_hex(digest);
  if (found && !*found && ledger_ && raw)
    found = read(*ledger_, store::blobs::name, *raw);
  if (!found)
    return found.error();
  if (!*found)
    return make_error(ec::not_found,
                      "there is no archive " + digest_part(digest)
                          + " of a bundle: neither control state nor the "
                            "ledger keeps it");
  if (to_hex(crypto::sha256_of(as_byte_view(**found))) != digest)
    return make_error(ec::store_corrupt, "the archive " + digest_part(digest)
                                             + " of a bundle is damaged");
  return found;
}

result<bundle_ptr> archives::open(std::string_view digest) const {
  auto archive = find(digest);
  if (!archive)
    return archive.error();
  auto unreadable = [&](const rego::errors& why) {
    return make_error(ec::store_corrupt, "the archive " + digest_part(digest)
                                             + " cannot be read as a bundle: "
                                             + rego::to_string(why));
  };
  auto files = rego::bundle::unpack(**archive);
  if (!files)
    return unreadable(files.error_list());
  auto content = rego::bundle::read(*files);
  if (!content)
    return unreadable(content.error_list());
  return std::make_shared<const rego::bundle::content>(std::move(*content));
}

} // namespace acgs::control
