// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to `apply`: what bundles do to the base documents, and what is asked
// of every policy and of all data, whoever brings them.

#include "actors/control/bundle_source.hpp"
#include "runtime/base/json.hpp"
#include "runtime/domain/control_state.hpp"

#include <string>
#include <vector>

namespace acgs::control::changes {

/// Takes out what stands at the roots `before`, puts what `from` has at its
/// roots in place and then applies the deltas. `from` may be null. What the
/// root "" does not cover, stays.
caf::error replace_data(domain::control_state& next,
                        const std::vector<std::string>& before,
                        const std::vector<std::string>& roots,
                        const rego::bundle::content* from,
                        const std::vector<bundle_ptr>& deltas);

/// Is the id one that a policy may have, and the text within bounds?
caf::error check_policy(std::string_view id, std::string_view text);

/// Fails with `conflict` where a document stands in the place of the node's.
caf::error check_own_documents(const json::value& root);

} // namespace acgs::control::changes
