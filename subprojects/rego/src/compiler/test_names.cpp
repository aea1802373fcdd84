// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Tests of one name are tests of their own: the second test_x of a package
// becomes "test_x#01", the third "test_x#02", as in `opa test`. What stands
// behind such a name are its cases.

#include <cstdio>
#include <map>

#include "compiler/compile.hpp"

namespace rego {

namespace {

// The element of a head's name that makes it a test, or null.
term* test_element(term& ref, std::string& path) {
  auto look = [&](term& t, bool first) {
    path += "." + t.text;
    return (first || t.kind == term_kind::string)
           && t.text.starts_with("test_");
  };
  if (ref.kind == term_kind::var)
    return look(ref, true) ? &ref : nullptr;
  for (size_t i = 0; i < ref.args.size(); ++i) {
    if (i > 0 && !is_scalar(ref.args[i]))
      return nullptr;
    if (look(ref.args[i], i == 0))
      return &ref.args[i];
  }
  return nullptr;
}

} // namespace

void separate_tests(std::list<module>& modules) {
  std::map<std::string, int> count;
  for (auto& m : modules)
    for (auto& r : m.rules) {
      auto path = ref_text(m.package);
      auto* name = test_element(r.head.ref, path);
      if (!name || r.head.is_function)
        continue;
      int k = count[path]++;
      char suffix[16];
      std::snprintf(suffix, sizeof suffix, "#%02d", k);
      if (k > 0)
        name->text += suffix;
    }
}

std::vector<term> case_keys(term head) {
  std::string path;
  auto* name = test_element(head, path);
  if (!name || name == &head)
    return {};
  auto behind = head.args.begin() + (name - head.args.data()) + 1;
  return {behind, head.args.end()};
}

} // namespace rego
