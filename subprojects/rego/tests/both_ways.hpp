// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers of optimised code, compared with those of plain code.

#include <boost/test/unit_test.hpp>
#include <string>

#include "support.hpp"

namespace support {

/// What it is and took.
struct measured {
  std::string text; // JSON, or the errors
  uint64_t instructions = 0;
};

inline measured answer_of(const std::string& module, const std::string& input,
                          const std::string& data = "{}",
                          const rego::compile_options& how = {}) {
  auto p = rego::compile({{"t", module}}, how);
  BOOST_REQUIRE_MESSAGE(p, module);
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  auto d = rego::load_data(data);
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::json_input{input});
  return {!a.errors.empty() ? support::show(a.errors)
          : a.defined()     ? rego::to_json(a.result)
                            : "undefined",
          a.instructions};
}

/// Which has to be the same as without an index, keys and what is kept.
inline std::string both_ways(const std::string& module,
                             const std::string& input,
                             const std::string& data = "{}") {
  auto fast = answer_of(module, input, data, {}).text;
  BOOST_TEST(fast == answer_of(module, input, data, {.reference = true}).text,
             module << input);
  return fast;
}

} // namespace support
