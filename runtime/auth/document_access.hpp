// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which documents below `data` a caller may have evaluated. Who may read data
// asks for any. All others ask for decisions:
//
//   - acgs/main/decision and acgs/main/allow, which is all of `data.acgs` that
//     they see: no rule of the constitution by itself, nothing attested;
//   - with a credential, what policies of users make, but no path at which or
//     below which base documents stand;
//   - without one, of these only the configured paths.
//
// Both gateways ask this before each evaluation of a document.

#include "runtime/base/error.hpp"
#include "runtime/base/json.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/domain/identity.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acgs::auth {

/// The steps of a path or pattern that has no slash and no tilde within a step;
/// empty ones are passed over.
using path_steps = std::vector<std::string>;
path_steps steps_of(std::string_view path);

/// Nothing where a path of these steps may be asked for; else
/// `invalid_argument`. Records hold each path in one spelling, by which it is
/// found again, whichever gateway it came by: its steps, none of them empty or
/// "." or "..", joined by single slashes, with "~1" for a slash within a step
/// and "~0" for a tilde (`json::to_data_path`).
caf::error check_steps(const path_steps& steps);

/// The steps of a path in that spelling. No steps: the whole of `data`.
result<path_steps> read_path(std::string_view path);

/// A path that people may have written in another spelling, in the one above:
/// without empty steps ("/acgs/main/decision"), and with slashes for the dots
/// of a reference ("acgs.main.decision", "data.acgs.main.decision"), which is
/// what has no slash and only names of Rego between its dots.
std::string spelled_by_steps(std::string_view path);

/// Where base documents stand. Immutable; a copy shares them.
class base_documents {
public:
  /// Nothing is known, which counts as data everywhere.
  base_documents() = default;

  /// Those of a control state; a null text: there are none.
  explicit base_documents(const domain::shared_text& data);

  /// Whether one stands at the path or below it, so that asking for the path
  /// shows data and not only what policies make of it.
  bool stand_at(const path_steps& path) const;

private:
  json::value data_;
};

/// Whether the path fits a pattern of steps, where "*" is any one step and
/// "**", as the first one, any number of them.
bool fits(const path_steps& path, std::string_view pattern);

/// Nothing where the caller may have the document evaluated; else
/// `unauthenticated` (somebody with a credential might) or `forbidden`.
/// `anonymous`: patterns of the paths that callers without a credential may
/// ask for beside the constitution's decisions.
caf::error authorise_document(const domain::identity_view& who,
                              const path_steps& path,
                              const base_documents& data,
                              const std::vector<std::string>& anonymous = {});

} // namespace acgs::auth
