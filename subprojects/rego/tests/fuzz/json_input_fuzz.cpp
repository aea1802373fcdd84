// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Inputs in JSON: what is read, written and read again is the same; what has no
// value is an error with a message.

#include "fuzz/target.hpp"
#include "rego/json.hpp"

void rego::fuzz::try_input(std::string_view text) {
  rego::arena memory(size_t{256} << 20);
  static rego::json_reader reader;
  try {
    auto first = reader.read(memory, text);
    if (!first) {
      if (first.error_list().at(0).message.empty())
        contradiction("an error without a message");
      return;
    }
    auto written = rego::to_json(*first);
    auto second = rego::parse_json(memory, written);
    if (!second || !rego::equal(*first, *second))
      contradiction("written otherwise: " + written);
  } catch (const rego::memory_exceeded&) {
    // The caller's bound, which evaluators turn into an error.
  }
}
