// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Queries of files of bytecode, for the commands that take one with -d.

#include <string>

#include "cli/cli.hpp"

namespace rego::cli {

/// What has no bytecode: a usage_error names the first of the options that is
/// there.
void refuse_with_bytecode(const parsed_options& o, const std::string& command,
                          const std::vector<std::string>& options);

/// The entry point that the query names; else a load_error that lists those
/// that there are. Rules that the data would hide are errors.
result<prepared_ptr> query_in(const loaded& files, const std::string& text);

/// An entry point's document as the result of a query that asks for it.
value as_solutions(arena& a, const value& document);

} // namespace rego::cli
