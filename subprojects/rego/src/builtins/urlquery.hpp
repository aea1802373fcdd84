// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Percent escapes as Go's net/url has them. Stateless; any thread.

#include <string>
#include <string_view>

namespace rego {

/// Go's url.QueryEscape: a space becomes '+'.
std::string query_escape(std::string_view s);

/// Go's url.QueryUnescape; false, with Go's message, for a bad escape.
bool query_unescape(std::string_view s, std::string& out, std::string& error);

} // namespace rego
