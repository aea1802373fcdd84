// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys that signatures of bundles are checked by, read from the files that
// the configuration names.

#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"

#include <rego/bundle.hpp>

namespace acgs::node {

/// Fails with `invalid_argument`, naming the key and its file.
result<rego::bundle::verification>
read_bundle_keys(const config::policy_settings& from);

} // namespace acgs::node
