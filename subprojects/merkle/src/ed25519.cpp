// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/ed25519.hpp"

#include "raw.hpp"

#include <openssl/evp.h>

#include <memory>

namespace merkle {

bool verify_ed25519(const ed25519_public_key& key, bytes_view message,
                    bytes_view signature) {
  if (signature.size() != sizeof(ed25519_signature))
    return false;
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> owner{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                  detail::raw(key.data()), key.size()),
      EVP_PKEY_free};
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> state{EVP_MD_CTX_new(),
                                                           EVP_MD_CTX_free};
  return owner && state
         && EVP_DigestVerifyInit(state.get(), nullptr, nullptr, nullptr,
                                 owner.get())
                == 1
         && EVP_DigestVerify(state.get(), detail::raw(signature.data()),
                             signature.size(), detail::raw(message.data()),
                             message.size())
                == 1;
}

} // namespace merkle
