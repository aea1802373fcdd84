// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "compiler/query_scope.hpp"

#include "parser/parse.hpp"

namespace rego {

errors set_scope(resolver& r, const std::vector<std::string>& imports,
                 const std::string& package, const rule_tree& tree) {
  for (auto& each : imports) {
    auto parsed = parse_import(each);
    if (!parsed)
      return parsed.error_list();
    r.add_import(*parsed);
  }
  if (package.empty())
    return {};
  auto parsed =
      parse_import(package.starts_with("data.") ? package : "data." + package);
  if (!parsed)
    return parsed.error_list();
  module in;
  in.package = parsed->path;
  r.set_package(in.package, tree.names_in(in));
  return {};
}

} // namespace rego
