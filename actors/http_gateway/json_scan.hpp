// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One pass over a body of JSON text: is it well formed (RFC 8259), not too
// deep, and where do its members begin and end? No value is built and no
// number converted, so that every digit reaches the policy as it was sent.

#include "runtime/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::http_gateway {

inline constexpr unsigned json_depth_max = 64;

/// A member of an object, as text.
struct json_member {
  std::string key;        ///< unescaped
  std::string_view value; ///< its JSON text, without space around it
};

/// Checks a whole document. Fails with `invalid_argument` (naming line and
/// column) or, where it is nested too deeply, `too_large`. `what` names the
/// text in the sentence: "the body".
caf::error check_json(std::string_view text, std::string_view what = "the body",
                      unsigned depth_max = json_depth_max);

/// The members of an object that `check_json` has passed, in their order;
/// nothing where it is no object. Two members may have one key.
std::optional<std::vector<json_member>> members_of(std::string_view text);

/// The last member of that name, as JSON text: the one that counts.
std::optional<std::string_view>
last_member(const std::vector<json_member>& among, std::string_view key);

/// The text that a JSON string means; nothing where it is no string.
std::optional<std::string> string_of(std::string_view json);

} // namespace acgs::http_gateway
