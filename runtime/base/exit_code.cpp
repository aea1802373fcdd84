// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/exit_code.hpp"

namespace acgs {

int exit_code_of(ec code) {
  switch (code) {
  case ec::none:
    return 0;
  case ec::unauthenticated:
  case ec::forbidden:
  case ec::evaluation_failed:
  case ec::limit_exceeded:
  case ec::cancelled:
    return 1;
  case ec::invalid_argument:
  case ec::not_found:
  case ec::conflict:
  case ec::hash_mismatch:
  case ec::too_large:
  case ec::policy_invalid:
    return 2;
  case ec::rate_limited:
  case ec::overloaded:
  case ec::unavailable:
  case ec::timed_out:
    return 3;
  case ec::store_full:
  case ec::store_io:
  case ec::store_corrupt:
  case ec::internal:
    break;
  }
  return 4;
}

} // namespace acgs
