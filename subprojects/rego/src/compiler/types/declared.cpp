// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/declared.hpp"

#include "builtins/builtin.hpp"

namespace rego::types {

namespace {

// Reads the notation from front to back.
class notation_reader {
public:
  explicit notation_reader(std::string_view text) : rest_(text) {}

  type read() {
    auto name = word();
    if (name == "array")
      return read_array();
    if (name == "object")
      return read_object();
    if (name == "set")
      return read_set();
    if (name == "any")
      return read_union();
    return read_scalar(name);
  }

  std::vector<type> read_list() {
    std::vector<type> out;
    while (!at_end()) {
      out.push_back(read());
      if (!take(','))
        break;
    }
    return out;
  }

private:
  bool at_end() {
    auto from = rest_.find_first_not_of(' ');
    rest_.remove_prefix(from == rest_.npos ? rest_.size() : from);
    return rest_.empty();
  }

  bool take(char c) {
    if (at_end() || rest_[0] != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view word() {
    at_end();
    auto n = std::min(rest_.find_first_of(" ,:;<>[]"), rest_.size());
    auto out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }

  static type read_scalar(std::string_view name) {
    constexpr std::string_view names[] = {"null", "boolean", "number",
                                          "string"};
    for (size_t i = 0; i < std::size(names); ++i)
      if (name == names[i])
        return scalar(static_cast<type_kind>(i));
    return any();
  }

  type read_union() {
    if (!take('<'))
      return any();
    type out;
    do
      out = either(out, read());
    while (take(','));
    take('>');
    return out;
  }

  type read_array() {
    if (!take('['))
      return array_of({}, any());
    std::vector<type> items;
    type rest;
    if (!take(';')) {
      do
        items.push_back(read());
      while (take(','));
      if (take(';'))
        rest = read();
    } else {
      rest = read();
    }
    take(']');
    return array_of(std::move(items), std::move(rest));
  }

  type read_object() {
    if (!take('['))
      return object_of({}, any(), any());
    std::vector<property> properties;
    type key, value;
    while (!at_end() && rest_[0] != ';' && rest_[0] != ']') {
      auto name = word();
      take(':');
      properties.push_back({{type_kind::string, std::string(name)}, read()});
      take(',');
    }
    if (take(';')) {
      key = read();
      take(':');
      value = read();
    }
    take(']');
    return object_of(std::move(properties), std::move(key), std::move(value));
  }

  type read_set() {
    if (!take('['))
      return set_of(any());
    auto element = read();
    take(']');
    return set_of(std::move(element));
  }

  std::string_view rest_;
};

std::vector<type> read_builtins() {
  std::vector<type> out;
  auto& table = builtin_table::instance();
  for (size_t i = 0; i < table.size(); ++i) {
    auto& b = table.at(i);
    type result = b.result.empty() ? nullptr : declared(b.result);
    auto arguments = notation_reader(b.arguments).read_list();
    arguments.resize(static_cast<size_t>(b.arity), any());
    out.push_back(b.variadic ? nullptr : function_of(arguments, result));
  }
  return out;
}

} // namespace

type declared(std::string_view notation) {
  return notation_reader(notation).read();
}

type builtin_type(std::string_view name) {
  static const auto all = read_builtins();
  auto at = builtin_table::instance().index_of(name);
  return at < 0 ? nullptr : all[static_cast<size_t>(at)];
}

} // namespace rego::types
