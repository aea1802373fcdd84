// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/cosignature.hpp"

#include <algorithm>

namespace merkle {

std::string cosignature_message(std::uint64_t timestamp,
                                std::string_view checkpoint_text) {
  return "cosignature/v1\ntime " + std::to_string(timestamp) + '\n'
         + std::string{checkpoint_text};
}

bytes format_cosignature(const cosignature& what) {
  bytes out;
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::byte>(what.timestamp >> shift));
  out.insert(out.end(), what.signature.begin(), what.signature.end());
  return out;
}

result<cosignature> parse_cosignature(bytes_view data) {
  if (data.size() != 8 + sizeof(ed25519_signature))
    return failure{"a cosignature of " + std::to_string(data.size())
                   + " bytes: expected 72"};
  cosignature out;
  for (auto byte : data.first(8))
    out.timestamp = out.timestamp << 8 | std::to_integer<std::uint64_t>(byte);
  if (out.timestamp >> 63 != 0)
    return failure{"a cosignature whose time is beyond 2^63 - 1"};
  std::copy(data.begin() + 8, data.end(), out.signature.begin());
  return out;
}

bool verify_cosignature(const verifier_key& key,
                        std::string_view checkpoint_text,
                        bytes_view signature) {
  auto parsed = parse_cosignature(signature);
  return parsed
         && verify_ed25519(
             key.key,
             as_bytes(cosignature_message(parsed->timestamp, checkpoint_text)),
             parsed->signature);
}

outcome cosign_note(note& what, const verifier_key& key,
                    std::uint64_t timestamp, const sign_function& sign) {
  if (key.type != signature_type::cosignature)
    return failure{"the key " + key.name + " is not a cosigner's"};
  if (timestamp >> 63 != 0)
    return failure{"a cosignature's time must be below 2^63"};
  auto signature = sign(as_bytes(cosignature_message(timestamp, what.text)));
  if (!signature)
    return failure{"the key " + key.name + " could not sign"};
  what.signatures.push_back(
      {key.name, key.id, format_cosignature({timestamp, *signature})});
  return ok();
}

} // namespace merkle
