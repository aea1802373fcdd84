// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/state.hpp"

#include "runtime/backup/manifest.hpp"
#include "runtime/crypto/sha256.hpp"

#include <merkle/checkpoint.hpp>

namespace acgs::signer {

result<signature> state::sign(const struct sign& what) const {
  auto at = static_cast<std::size_t>(what.with);
  if (at >= keys_.size())
    return make_error(ec::invalid_argument,
                      "no key serves purpose " + std::to_string(at));
  const auto& key = keys_[at];
  if (what.with == purpose::checkpoint) {
    auto text = as_text(what.message);
    auto head = merkle::parse_checkpoint(text);
    if ((!head || head->origin != key.name)
        && !backup::is_manifest_of(text, key.name))
      return make_error(ec::invalid_argument,
                        "the checkpoint key signs checkpoints of " + key.name
                            + ", manifests of its backups, and nothing else");
  }
  return signature{key.secret.sign(what.message)};
}

key_list state::list() const {
  key_list out;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto& key = keys_[i];
    public_key one;
    one.serves = static_cast<purpose>(i);
    one.name = key.name;
    one.value = key.secret.public_part();
    one.created_nanos = key.created_nanos;
    one.made_now = key.made_now;
    auto verifier = merkle::make_verifier_key(
        key.name, merkle::signature_type::ed25519, one.value);
    if (verifier)
      one.verifier_key = merkle::format_verifier_key(*verifier);
    out.keys.push_back(std::move(one));
  }
  return out;
}

std::string state::fingerprint() const {
  return to_hex(crypto::sha256_of(keys_.front().secret.public_part()));
}

} // namespace acgs::signer
