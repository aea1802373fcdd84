// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which imports a module has after formatting: those of keywords come and go
// with the version that is wanted and with what the module uses.

#include <list>

#include "format/writer.hpp"

namespace rego::formatting {

/// `x` of `import future.keywords.x` without an alias; else empty.
std::string future_keyword(const import_decl& d);
bool is_rego_v1(const import_decl& d);
bool is_all_keywords(const import_decl& d);

/// The order of imports in a group.
bool before(const import_decl& a, const import_decl& b);

/// The imports to write, in order, those that go before all others with row 0.
/// New ones live in `added`.
std::vector<placed_import> imports_of(const module& m,
                                      const format_options& options,
                                      const style& s,
                                      std::list<import_decl>& added);

} // namespace rego::formatting
