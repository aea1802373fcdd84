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
  std::string name;  ///< empty: the client insists on none
  std::string field; ///< "context.constitutional_hash", "pinnedHash"
};

/// A name as it was given; fails with `invalid_argument`, naming the field,
/// where it is empty or longer than a digest's 64 hexadecimal digits.
result<constitution_pin> read_pin(std::string_view name, std::string field);

/// What the JSON text of one member holds: a text as above.
result<constitution_pin> read_pin_json(std::string_view json,
                                       std::string field);

/// The member `constitutional_hash` of an object, if it has one; `prefix`
/// leads to it in the field's name. Fails as above.
result<constitution_pin> pin_among(const std::vector<json::member>& members,
                                   std::string_view prefix);

/// The pin of an input that `json::check_text` has passed: its member
/// `constitutional_hash` and those of its members `context`, `context.agent`,
/// `evolution_request` and `data_request`. What is no object insists on
/// nothing. Fails as above, and where two of them differ.
result<constitution_pin> pin_of_input(std::string_view input);

/// Both, where one is empty or they are the same; fails with
/// `invalid_argument`, naming the second's field, where they differ.
result<constitution_pin> both_pins(constitution_pin one,
                                   constitution_pin another);

} // namespace acgs::auth
