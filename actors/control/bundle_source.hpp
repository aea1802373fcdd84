// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where `apply` gets what a bundle's digest stands for. The content hangs on
// the digest alone, so that the same commands still give the same state.

#include "runtime/base/error.hpp"

#include <rego/bundle.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace acgs::control {

using bundle_ptr = std::shared_ptr<const rego::bundle::content>;

/// Gives what is in the archive of a digest (hexadecimal). Fails with
/// `not_found`, or `policy_invalid` where it is no bundle.
using bundle_source = std::function<result<bundle_ptr>(std::string_view)>;

} // namespace acgs::control
