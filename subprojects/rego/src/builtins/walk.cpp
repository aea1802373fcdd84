// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The machine's own helpers among the built-ins: walk.

#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

// Every [path, value] below a value, itself first.
class path_walker {
public:
  explicit path_walker(call_context& c) : c_(c), out_(c.memory()) {}

  void visit(const value& v) {
    c_.tick(1 + path_.size() / 8);
    out_.push(make_array(c_.memory(), {make_array(c_.memory(), path_), v}));
    if (v.is_array()) {
      for (size_t i = 0; i < v.size(); ++i)
        below(value::integer(static_cast<int64_t>(i)), v.items()[i]);
    } else if (v.is_object()) {
      for (size_t i = 0; i < v.size(); ++i)
        below(v.keys()[i], v.values()[i]);
    } else if (v.is_set()) {
      for (auto& k : v.keys())
        below(k, k);
    }
  }

  value result() { return out_.array(); }

private:
  void below(const value& key, const value& v) {
    path_.push_back(key);
    visit(v);
    path_.pop_back();
  }

  call_context& c_;
  array_builder out_;
  std::vector<value> path_;
};

value walk(call_context& c, args a) {
  path_walker w(c);
  w.visit(a[0]);
  return w.result();
}

} // namespace

void register_walk(builtin_table& t) {
  t.add("walk", walk);
}

} // namespace rego
