// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Subjects that are not everybody's to bear. Whoever bears one is taken for
// another: entries name the subject alone.

#include <string_view>

namespace acgs::domain {

/// Whether a subject is nobody's: that of callers without a proof, or one that
/// would be taken for a role.
constexpr bool is_reserved_subject(std::string_view subject) {
  return subject == "anonymous" || subject.starts_with("role:");
}

/// Whether a subject is proven by a user id or a certificate, "uid:1000" or
/// "cert:node-2", and not by a password.
constexpr bool is_proven_outside(std::string_view subject) {
  return subject.starts_with("uid:") || subject.starts_with("cert:");
}

} // namespace acgs::domain
