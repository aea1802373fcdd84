// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The constitution that a client insists on, read alike by both gateways and
// from every place where clients write it. A pin that cannot be read is an
// error: passed over, it would look as if it had been kept to. Pure.

#include "runtime/base/error.hpp"
#include "runtime/base/json_scan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acgs::auth {

/// A name of a constitution and where the client wrote it.
struct constitution_pin {
  std::string name;
  std::string field; ///< "context.constitutional_hash", "pinnedHash"
};

/// All that a client insists on, in the order of reading. A constitution has
/// several names, so that different ones may all mean the active one: only who
/// knows that one can say. Empty: the client insists on none.
using constitution_pins = std::vector<constitution_pin>;

/// A name as it was given; fails with `invalid_argument`, naming the field,
/// where it is empty, holds a space or is longer than a digest's 64 hexadecimal
/// digits.
result<constitution_pin> read_pin(std::string_view name, std::string field);

/// Adds the member `constitutional_hash` of an object, if it has one; `prefix`
/// leads to it in the field's name. Fails as above, or where it is no text.
caf::error add_pin_among(const std::vector<json::member>& members,
                         std::string_view prefix, constitution_pins& to);

/// The pins of an input that `json::check_text` has passed: its member
/// `constitutional_hash` and those of its members `context`, `context.agent`,
/// `evolution_request` and `data_request`. What is no object insists on
/// nothing. Fails as above.
result<constitution_pins> pins_of_input(std::string_view input);

/// The names, each once, as `domain::decide_request` has them.
std::string names_of(const constitution_pins& pins);

} // namespace acgs::auth
