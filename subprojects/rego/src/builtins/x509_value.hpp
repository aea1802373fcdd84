// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Certificates, requests and keys as the values that Go's encoding of
// crypto/x509's structures gives. Stateless; any thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/keys.hpp"

struct x509_st;
struct X509_req_st;
struct X509_name_st;
struct stack_st_X509_EXTENSION;

namespace rego {

using certificate = std::shared_ptr<x509_st>;
using certificates = std::vector<certificate>;

/// Certificates one after another in DER; false where they are none.
bool read_certificates(std::string_view der, certificates& out);

/// With `uris` the member URIStrings is there as well.
value to_value(call_context& c, const certificate& cert, bool uris);
/// A certificate request in DER; undefined where it is none.
value request_value(call_context& c, std::string_view der);
/// A private key as Go encodes it.
value private_key_value(call_context& c, const pkey_ptr& key);

} // namespace rego
