// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// X.509 certificates for mutual TLS: a node's own authority and what it issues
// to servers and clients. Keys are ECDSA P-256, which every TLS 1.3 peer
// takes; serial numbers are random (RFC 5280, at most 20 bytes). Time is
// handed in. PEM everywhere.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/crypto/secret.hpp"

namespace acgs::crypto {

/// A certificate and its private key.
struct credentials {
  std::string certificate; ///< PEM
  secret key;              ///< PEM, PKCS#8
};

/// What a certificate may be used for.
enum class certificate_use : std::uint8_t { server, client, both };

struct certificate_request {
  std::string common_name;        ///< 1 to 64 bytes of UTF-8
  std::vector<std::string> names; ///< host names and IP addresses
  certificate_use use = certificate_use::both;
  std::chrono::days lifetime{365};
};

struct certificate_facts {
  std::string common_name;
  std::string issuer; ///< its common name
  wall_time not_before;
  wall_time not_after;
  digest fingerprint; ///< SHA-256 of the DER form
  bool is_authority = false;
};

/// A self-signed authority, valid from an hour before `now` (clocks differ).
/// Fails with `invalid_argument` on an unusable name.
result<credentials> make_authority(const std::string& common_name,
                                   wall_time now, std::chrono::days lifetime);

/// A certificate issued by `authority`. Fails with `invalid_argument` on an
/// unusable name or an authority that is none.
result<credentials> issue_certificate(const credentials& authority,
                                      const certificate_request& request,
                                      wall_time now);

/// A certificate for the key of `old`, issued by `authority`: its PEM. Errors
/// as of `issue_certificate`.
result<std::string> renew_certificate(const credentials& authority,
                                      const credentials& old,
                                      const certificate_request& request,
                                      wall_time now);

/// Reads the first certificate of a PEM text. Fails with `invalid_argument`.
result<certificate_facts> read_certificate(std::string_view pem);

/// True where `certificate` was signed by `authority` (both PEM).
bool is_issued_by(std::string_view certificate, std::string_view authority);

} // namespace acgs::crypto
