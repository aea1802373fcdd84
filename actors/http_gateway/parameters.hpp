// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which parameters of a query a route takes. On paths of the Open Policy
// Agent's API what it does is done: unknown parameters are passed over, of
// several of one name the last counts. On our own, a name that means nothing is
// a mistake that nobody would notice, and is refused.

#include "runtime/net/http/url.hpp"

#include <string_view>

namespace acgs::http_gateway {

/// Fails with `invalid_argument`, naming the parameter, where the route of
/// that pattern is our own and does not take it, or it stands twice.
caf::error check_parameters(std::string_view pattern,
                            const http::query_parameters& given);

/// Fails with `too_large` where a query in Rego is longer than is read.
caf::error check_query_text(std::string_view text);

} // namespace acgs::http_gateway
