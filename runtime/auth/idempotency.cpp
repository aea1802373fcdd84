// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/idempotency.hpp"

#include "runtime/base/ids.hpp"
#include "runtime/crypto/sha256.hpp"

namespace acgs::auth {

namespace {

/// Of the parts, each after its length.
digest digest_of(std::initializer_list<std::string_view> parts) {
  crypto::sha256 hasher;
  for (auto part : parts) {
    auto length = std::to_string(part.size()) + ':';
    hasher.add(as_byte_view(length)).add(as_byte_view(part));
  }
  return hasher.finish();
}

} // namespace

result<std::string>
idempotency_key_of(const domain::identity_view& caller,
                   std::optional<std::string_view> given, std::string field,
                   std::initializer_list<std::string_view> request) {
  if (!given)
    return std::string{};
  if (!is_acceptable_request_id(*given))
    return make_error(ec::invalid_argument,
                      field + (given->empty() ? " is empty; expected" : " has")
                          + " 1 to 128 visible ASCII characters without "
                            "quotes or backslash, or no key at all",
                      field);
  std::string out = "caller/";
  out += caller.subject;
  out += '/';
  out += *given;
  out += '\n';
  return out + to_hex(digest_of(request));
}

} // namespace acgs::auth
