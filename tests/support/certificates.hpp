// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS files for tests of who proves itself: right ones, and wrong ones.

#include "runtime/crypto/tls_files.hpp"
#include "tests/support/must.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace acgs::test {

/// Makes in `folder` tls/, a node's own files; other/, those of another
/// authority; and expired.pem, for the key tls/admin.key, which has run out.
/// Returns the node's own. OpenSSL goes by the time of day, and so do they.
inline crypto::tls_files
make_certificates(const std::filesystem::path& folder) {
  auto ensure = [&](const std::string& name, wall_time at) {
    return must(crypto::ensure_tls_files(folder / name, "n1",
                                         {"localhost", "127.0.0.1"}, at));
  };
  // The client's certificate as it was a year ago has run out since.
  auto now = system_clock().now();
  ensure("tls", now - std::chrono::days{400});
  std::filesystem::copy_file(folder / "tls/admin.pem", folder / "expired.pem");
  ensure("other", now);
  return ensure("tls", now);
}

/// Makes in `folder` a certificate for the key tls/admin.key, issued by tls/'s
/// authority, whose subject has no common name; returns its name there.
inline std::string
make_nameless_certificate(const std::filesystem::path& folder) {
  auto open = [&](const char* name, const char* how) {
    std::unique_ptr<BIO, decltype(&BIO_free_all)> out{
        BIO_new_file((folder / name).c_str(), how), BIO_free_all};
    BOOST_REQUIRE(out);
    return out;
  };
  std::unique_ptr<X509, decltype(&X509_free)> named{
      PEM_read_bio_X509(open("tls/admin.pem", "r").get(), nullptr, nullptr,
                        nullptr),
      X509_free};
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> authority{
      PEM_read_bio_PrivateKey(open("tls/ca.key", "r").get(), nullptr, nullptr,
                              nullptr),
      EVP_PKEY_free};
  std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)> subject{X509_NAME_new(),
                                                                X509_NAME_free};
  BOOST_REQUIRE(X509_NAME_add_entry_by_txt(
      subject.get(), "O", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>("ops"), -1, -1, 0));
  BOOST_REQUIRE(X509_set_subject_name(named.get(), subject.get()));
  BOOST_REQUIRE(X509_sign(named.get(), authority.get(), EVP_sha256()) > 0);
  BOOST_REQUIRE(
      PEM_write_bio_X509(open("nameless.pem", "w").get(), named.get()));
  return "nameless.pem";
}

} // namespace acgs::test
