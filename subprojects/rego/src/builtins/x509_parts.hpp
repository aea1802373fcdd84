// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Parts of certificates as Go encodes them. Includes OpenSSL: for the sources
// of X.509 only. Stateless.

#include <openssl/x509v3.h>

#include <string>

#include "builtins/builtin.hpp"

namespace rego {

/// "2.5.4.3" and [2, 5, 4, 3].
std::string oid_text(const ASN1_OBJECT* id);
value oid_value(call_context& c, const ASN1_OBJECT* id);
value integer_value(call_context& c, const ASN1_INTEGER* n);
value big_number(call_context& c, const BIGNUM* n);
/// pkix.Name.
value name_value(call_context& c, X509_NAME* name);
value extensions_value(call_context& c, const STACK_OF(X509_EXTENSION) * list);
/// ExtKeyUsage and UnknownExtKeyUsage.
void add_extended_usage(call_context& c, object_builder& b, X509* x);
/// PublicKey and PublicKeyAlgorithm.
void add_public_key(call_context& c, object_builder& b, EVP_PKEY* key);
/// Go's numbers: 4 is SHA256-RSA.
int go_signature_algorithm(int nid);
/// Go's number of an extended key usage, or -1.
int go_extended_usage(const ASN1_OBJECT* id);

} // namespace rego
