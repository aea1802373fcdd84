// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/idempotency.hpp"

#include "runtime/base/ids.hpp"

namespace acgs::auth {

result<std::string> idempotency_key_of(const domain::identity_view& caller,
                                       std::string_view given,
                                       std::string field) {
  if (given.empty())
    return std::string{};
  if (!is_acceptable_request_id(given))
    return make_error(ec::invalid_argument,
                      field
                          + " has 1 to 128 visible ASCII characters without "
                            "quotes or backslash",
                      field);
  std::string out = "caller/";
  out += caller.subject;
  out += '/';
  out += given;
  return out;
}

} // namespace acgs::auth
