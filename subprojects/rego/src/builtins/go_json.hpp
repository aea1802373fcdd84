// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON as OPA reads it, by Go's encoding/json: what is wrong, in its words.

#include <string>
#include <string_view>

#include "rego/json.hpp"

namespace rego {

/// What OPA's util.UnmarshalJSON says of a text that is no JSON document, such
/// as "invalid character 'x' after array element"; empty where it takes it.
std::string go_json_error(std::string_view text);

/// The document as OPA reads it: bytes that are no UTF-8 stand for U+FFFD. The
/// error has Go's words, and parse_json's where Go has none, as for a document
/// that is too deep.
result<value> parse_as_go(arena& to, std::string_view text);

} // namespace rego
