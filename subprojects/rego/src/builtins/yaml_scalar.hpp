// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plain YAML scalar stands for, by the rules of Go's yaml packages.
// Stateless; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// By whose rules YAML becomes values.
enum class yaml_rules : uint8_t {
  json,  // sigs.k8s.io/yaml, YAML 1.1 as JSON: yes and on are booleans, keys
         // become text
  native // yaml.v3 into Go's own values: a date is a point in time, keys are
         // any scalars, and no key of a map stands twice
};

/// Null, a boolean, a number or a string. Undefined for .inf and .nan, which
/// JSON cannot hold.
value yaml_scalar(arena& to, std::string_view text,
                  yaml_rules rules = yaml_rules::json);

/// Is a number's text that of an integer, without a point, an exponent or more
/// than 64 bits?
bool yaml_is_integer(std::string_view text);

/// What Go's JSON encoder calls what JSON cannot hold: "+Inf".
std::string_view yaml_limit_name(std::string_view text);

/// The key that a number's text becomes: a float64 is shortened to 32 bits.
/// Empty for a whole number that int64 does not hold, which is no key.
std::string yaml_key_of_number(std::string_view text, bool is_float);

/// Would the text be read back as something else than a string?
bool yaml_reads_as_other(arena& memory, std::string_view text);

} // namespace rego
