// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One pass over JSON text from outside: is it well formed (RFC 8259), not too
// deep, with no name twice in one object, and where do its members begin and
// end? No value is built and no number converted, so that every digit reaches
// the policy as it was sent. A name that stands twice is refused because one
// program takes the first and another the last (RFC 8259, section 4): what a
// proxy has checked would not be what the policy decides on.

#include "runtime/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::json {

/// How deep what is scanned may be nested.
inline constexpr unsigned scan_depth_max = 64;

/// A member of an object, as text.
struct member {
  std::string key;        ///< unescaped
  std::string_view value; ///< its JSON text, without space around it
};

/// Checks a whole document. Fails with `invalid_argument` (naming line and
/// column, and a name that stands twice) or, where it is nested too deeply,
/// `too_large`. `what` names the text in the sentence: "the body".
caf::error check_text(std::string_view text, std::string_view what = "the body",
                      unsigned depth_max = scan_depth_max);

/// The members of an object that `check_text` has passed, in their order;
/// nothing where it is no object.
std::optional<std::vector<member>> members_of(std::string_view text);

/// The items of an array that `check_text` has passed, as JSON texts; nothing
/// where it is no array.
std::optional<std::vector<std::string_view>> items_of(std::string_view text);

/// The member of that name, as JSON text.
std::optional<std::string_view> find_member(const std::vector<member>& among,
                                            std::string_view key);

/// The text that a JSON string means; nothing where it is no string.
std::optional<std::string> string_of(std::string_view json);

} // namespace acgs::json
