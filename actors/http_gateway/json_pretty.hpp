// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON text with a line a member, two spaces a level, for `?pretty`.

#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// The same document, indented. The text must be well formed.
std::string pretty_json(std::string_view text);

} // namespace acgs::http_gateway
