// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins_fixture.hpp"

namespace rego::test {

namespace {

value with_sets(arena& a, const value& v) {
  if (v.is_array()) {
    array_builder b(a);
    for (auto& x : v.items())
      b.push(with_sets(a, x));
    return b.array();
  }
  if (!v.is_object())
    return v;
  if (v.size() == 1 && v.keys()[0].is_string()
      && v.keys()[0].as_string() == "$set") {
    array_builder b(a);
    for (auto& x : v.values()[0].items())
      b.push(with_sets(a, x));
    return b.set();
  }
  object_builder b(a);
  for (size_t i = 0; i < v.size(); ++i)
    b.add(v.keys()[i], with_sets(a, v.values()[i]));
  return b.finish();
}

} // namespace

void fake_context::random(void* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i)
    static_cast<unsigned char*>(bytes)[i] = next_byte++;
}

std::string call(fake_context& c, std::string_view name,
                 std::string_view arguments) {
  auto* b = builtin_table::instance().find(name);
  if (!b || !b->call)
    return "no such function";
  auto parsed = parse_json(c.memory(), arguments);
  if (!parsed)
    return "bad arguments: " + parsed.error_list()[0].message;
  auto list = with_sets(c.memory(), *parsed);
  c.clear_failure();
  try {
    auto v = b->call(c, list.items());
    if (c.failed())
      return c.error_code() + ": " + c.error_message();
    return v.defined() ? to_rego(v) : "undefined";
  } catch (const bound_reached& b) {
    return std::string(bound_message(b.which));
  }
}

std::string call(std::string_view name, std::string_view arguments) {
  arena a(64 << 20);
  fake_context c(a);
  return call(c, name, arguments);
}

} // namespace rego::test
