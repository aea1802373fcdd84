// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The validation rules of the GraphQL specification (section 5) for a query
// document. Stateless between calls.

#include <string>

#include "builtins/graphql_schema.hpp"

namespace rego::graphql {

/// The first violation, with "in GraphQL string at location row:col", or "".
std::string check_query(call_context& c, const schema& s, const value& query,
                        const positions& where);

} // namespace rego::graphql
