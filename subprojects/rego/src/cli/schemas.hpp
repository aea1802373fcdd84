// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The JSON Schemas that -s and --schema name.

#include "cli/cli.hpp"

namespace rego::cli {

/// Has a compilation check types by annotations, and by the schemas of the
/// path, if there is one: a file is that of the input, one in a folder is
/// called by its way there without the extension. JSON or YAML. Returns what
/// could not be read, each a load_error.
errors add_schemas(const std::string& path, compile_options& to);

/// The same for the path that the options name.
errors add_schemas(const parsed_options& o, compile_options& to);

} // namespace rego::cli
