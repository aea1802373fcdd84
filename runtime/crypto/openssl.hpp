// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: OpenSSL's objects with owners, and its last error
// as one of ours.

#include "runtime/base/error.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace acgs::crypto::detail {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using x509_owner = std::unique_ptr<X509, deleter<X509_free>>;
using key_owner = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;
using bio_owner = std::unique_ptr<BIO, deleter<BIO_free_all>>;

/// The reason that OpenSSL gives last, after what was being done.
inline caf::error openssl_error(ec code, const std::string& doing) {
  char text[256] = "no reason given";
  if (auto last = ERR_get_error(); last != 0)
    ERR_error_string_n(last, text, sizeof text);
  ERR_clear_error();
  return make_error(code, doing + ": " + text);
}

/// A text as OpenSSL reads it; empty where there is no memory.
inline bio_owner bio_of(std::string_view text) {
  return bio_owner{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

} // namespace acgs::crypto::detail
