// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a request's target may hold besides what its route reads. On paths of
// the Open Policy Agent's API what it does is done: unknown parameters are
// passed over, of several of one name the last counts. On our own, a name that
// means nothing is a mistake that nobody would notice, and is refused.

#include "runtime/base/error.hpp"

#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// Fails with `invalid_argument`, naming the parameter, where the route of
/// that pattern is our own and does not take it, or it stands twice. `query`
/// was parsed before.
caf::error check_parameters(std::string_view pattern, std::string_view query);

/// The same path without empty steps: "//a//b/" is "/a/b". Nothing is decoded.
std::string without_empty_steps(std::string_view path);

} // namespace acgs::http_gateway
