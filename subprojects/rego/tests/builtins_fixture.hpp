// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls built-ins through the table, with arguments and results as text.
// Arguments are a JSON array; {"$set": [...]} in it stands for a set. The
// result is Rego text, "undefined" or "code: message".

#include <string>
#include <string_view>

#include "builtins/builtin.hpp"
#include "rego/json.hpp"

namespace rego::test {

/// A context whose clock stands still and whose random bytes count upwards.
class fake_context : public call_context {
public:
  explicit fake_context(arena& a) : call_context(a) {}
  int64_t now_ns() override { return now; }
  void random(void* bytes, size_t size) override;
  const std::string& runtime_json() override { return runtime; }
  void tick(uint64_t work) override { worked += work; }

  int64_t now = 1'700'000'000'000'000'000;
  unsigned char next_byte = 0;
  std::string runtime = "{}";
  uint64_t worked = 0;
};

/// Calls the built-in in a fresh arena and context.
std::string call(std::string_view name, std::string_view arguments);

/// The same in a context of the caller's.
std::string call(fake_context& c, std::string_view name,
                 std::string_view arguments);

} // namespace rego::test
