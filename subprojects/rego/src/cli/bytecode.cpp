// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/bytecode.hpp"

#include "rego/build.hpp"

namespace rego::cli {

void refuse_with_bytecode(const parsed_options& o, const std::string& command,
                          const std::vector<std::string>& options) {
  for (auto& name : options)
    if (o.has(name))
      throw usage_error{command + ": " + name
                        + " needs the policies' text, which bytecode does not "
                          "have"};
}

result<prepared_ptr> query_in(const loaded& files, const std::string& text) {
  auto& code = *files.code;
  if (auto hidden = path_conflicts(code, files.data->root()); !hidden.empty())
    return hidden;
  if (auto q = code.query(text))
    return q;
  std::string known;
  for (auto& e : code.entries)
    known += (known.empty() ? "" : ", ") + e.path;
  return error{"load_error",
               "'" + text + "' is no entry point of the bytecode; expected "
                   + known,
               "", 0, 0};
}

value as_solutions(arena& a, const value& document) {
  if (!document.defined())
    return {};
  object_builder one(a);
  one.add("bindings", object_builder(a).finish());
  one.add("expressions", make_array(a, {document}));
  return make_array(a, {one.finish()});
}

} // namespace rego::cli
