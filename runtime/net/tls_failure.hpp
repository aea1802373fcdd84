// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the failure of a TLS handshake says about the peer, for all listeners
// alike. It is one of two things:
// - a wrong proof: a certificate of another authority, one that has run out or
//   was not given for clients, none where one is needed, or bytes that are no
//   TLS. It is a refused credential, to be counted and recorded as such;
// - none: the peer left (as a load balancer's probe does), was silent until
//   the time was up, or itself refused the node. It is unfinished, no more.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acgs::net {

/// One of OpenSSL's errors.
struct tls_error {
  unsigned long code = 0;
  std::string_view reason;
};

/// Of the errors that a handshake failed with, in the order in which they were
/// met: what was wrong with what the peer showed, as OpenSSL says it, for
/// example "certificate verify failed: certificate has expired". Nothing where
/// it showed nothing.
std::optional<std::string> wrong_proof(std::span<const tls_error> met);

/// What is recorded about a wrong proof.
std::string refusal_of(const std::string& wrong_proof);

} // namespace acgs::net
