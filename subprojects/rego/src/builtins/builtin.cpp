// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/builtin.hpp"

#include <utility>

#include "builtins/extra.hpp"
#include "builtins/families.hpp"

namespace rego {

namespace {

// "string, array[; any]" of "x: string, ys: array[; any]"; the names go to
// `names`, empty where there is none.
std::string without_names(std::string_view list,
                          std::vector<std::string>& names) {
  std::string types, name;
  int depth = 0;
  for (size_t i = 0, from = 0; !list.empty() && i <= list.size(); ++i) {
    auto c = i < list.size() ? list[i] : ',';
    depth += (c == '[' || c == '<') - (c == ']' || c == '>');
    if (depth != 0 || (c != ':' && c != ','))
      continue;
    std::string part(list.substr(from, i - from));
    from = i + 2;
    if (c == ':') {
      name = part;
      continue;
    }
    types += (types.empty() ? "" : ", ") + part;
    names.push_back(std::exchange(name, ""));
  }
  return types;
}

struct extras {
  std::vector<builtin> list;
  bool closed = false;
};

extras& more() {
  static extras e;
  return e;
}

} // namespace

bool add_builtin(builtin b) {
  auto& e = more();
  for (auto& d : builtin_declarations())
    if (d.name == b.name)
      return false;
  if (e.closed)
    return false;
  e.list.push_back(std::move(b));
  return true;
}

value call_context::operand_error(int n, const value& got,
                                  std::string_view expected) {
  return fail("eval_type_error", "operand " + std::to_string(n) + " must be "
                                     + std::string(expected) + " but got "
                                     + std::string(type_name(got)));
}

value call_context::operand_error(
    int n, const value& got, std::initializer_list<std::string_view> expected) {
  std::string list = "one of {";
  for (auto e : expected) {
    if (list.back() != '{')
      list += ", ";
    list += e;
  }
  return operand_error(n, got, list + "}");
}

value call_context::element_error(int n, const value& collection,
                                  const value& element,
                                  std::string_view expected) {
  std::string of(type_name(collection));
  return fail("eval_type_error", "operand " + std::to_string(n) + " must be "
                                     + of + " of " + std::string(expected)
                                     + "s but got " + of + " containing "
                                     + std::string(type_name(element)));
}

const std::shared_ptr<void>* call_context::kept(const std::string& key) const {
  auto at = cache_.find(key);
  return at == cache_.end() ? nullptr : &at->second.what;
}

void call_context::keep(const std::string& key, std::shared_ptr<void> what,
                        size_t bytes) {
  bytes += key.size();
  if (bytes > kept_bytes_max)
    return;
  while (bytes > kept_bytes_max - kept_bytes_)
    forget_some();
  auto [at, fresh] =
      cache_.try_emplace(key, kept_entry{std::move(what), bytes});
  if (!fresh)
    return;
  kept_bytes_ += bytes;
  kept_keys_.push_back(&at->first);
}

// Every eighth entry, the oldest first of all: what nobody asks for any more
// goes, and whoever asks for more than there is room for, one after another,
// still finds some.
void call_context::forget_some() {
  std::vector<const std::string*> left;
  for (size_t i = 0; i < kept_keys_.size(); ++i) {
    if (i % 8) {
      left.push_back(kept_keys_[i]);
      continue;
    }
    auto at = cache_.find(*kept_keys_[i]);
    kept_bytes_ -= at->second.bytes;
    cache_.erase(at);
  }
  kept_keys_ = std::move(left);
}

builtin_table::builtin_table() {
  declare_all();
  register_all(*this);
  more().closed = true;
  for (auto& b : more().list) {
    by_name_.emplace(b.name, list_.size());
    list_.push_back(b);
  }
}

const builtin_table& builtin_table::instance() {
  static const builtin_table table;
  return table;
}

void builtin_table::declare_all() {
  for (auto& d : builtin_declarations()) {
    builtin b;
    b.name = d.name;
    b.arguments = without_names(d.arguments, b.names);
    b.arity = static_cast<int>(b.names.size());
    b.result = without_names(d.result, b.names);
    b.infix = d.infix;
    for (auto c : d.flags) {
      b.nondeterministic |= c == 'n';
      b.relation |= c == 'r';
      b.deprecated |= c == 'd';
      b.variadic |= c == 'v';
      b.walks |= c == 'w';
    }
    by_name_.emplace(b.name, list_.size());
    list_.push_back(std::move(b));
  }
}

void builtin_table::add(std::string_view name, builtin_function f) {
  auto i = index_of(name);
  if (i >= 0)
    list_[static_cast<size_t>(i)].call = f;
}

const builtin* builtin_table::find(std::string_view name) const {
  auto i = index_of(name);
  return i < 0 ? nullptr : &list_[static_cast<size_t>(i)];
}

bool is_builtin_name(std::string_view name) {
  return builtin_table::instance().find(name) != nullptr;
}

int builtin_table::index_of(std::string_view name) const {
  auto at = by_name_.find(std::string(name));
  return at == by_name_.end() ? -1 : static_cast<int>(at->second);
}

} // namespace rego
