// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/tls_failure.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace acgs::net {

namespace {

/// The peer left, or it is the peer that refuses.
bool shows_nothing(unsigned long code) {
  if (ERR_GET_LIB(code) != ERR_LIB_SSL)
    return false;
  auto reason = ERR_GET_REASON(code);
  return reason == SSL_R_UNEXPECTED_EOF_WHILE_READING
         || reason >= SSL_AD_REASON_OFFSET;
}

} // namespace

std::optional<std::string> wrong_proof(std::span<const tls_error> met) {
  // What OpenSSL met last is what it makes of all before.
  std::string out;
  for (const auto& each : met) {
    if (shows_nothing(each.code))
      return std::nullopt;
    out = std::string{each.reason} + (out.empty() ? "" : ": ") + out;
  }
  return out.empty() ? std::nullopt : std::optional{out};
}

std::string refusal_of(const std::string& wrong_proof) {
  return "the TLS handshake of the client is wrong: " + wrong_proof;
}

} // namespace acgs::net
