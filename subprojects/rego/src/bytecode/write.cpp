// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "bytecode/describe.hpp"
#include "compiler/compile.hpp"
#include "rego/bytecode.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

// A rule or package stands at the path or below it.
bool leads_somewhere(const policy& p, const std::string& path) {
  auto covers = [&](const std::string& name) {
    return name.starts_with(path)
           && (name.size() == path.size() || name[path.size()] == '.'
               || name[path.size()] == '[');
  };
  auto packages = p.packages();
  if (std::any_of(packages.begin(), packages.end(), covers))
    return true;
  auto rules = p.rules();
  return std::any_of(rules.begin(), rules.end(), [&](auto& r) {
    return !r.is_function && (covers(r.path) || path.starts_with(r.path));
  });
}

result<prepared_ptr> entry_query(const policy_ptr& p, const std::string& path) {
  auto q = prepare(p, path, {.entry = true});
  if (q && !leads_somewhere(*p, path))
    return error{"rego_compile_error",
                 "entry point '" + path
                     + "' is no rule and no package; expected one, such as "
                       "data.acgs.main.decision",
                 "", 0, 0};
  return q;
}

} // namespace

std::string entry_path(std::string_view name) {
  if (name == "data" || name.starts_with("data.") || name.starts_with("data["))
    return std::string(name);
  std::string out = "data";
  for (size_t from = 0; from <= name.size();) {
    auto end = std::min(name.find('/', from), name.size());
    auto step = name.substr(from, end - from);
    out += is_plain_name(step) ? "." + std::string(step)
                               : "[" + json_string(step) + "]";
    from = end + 1;
  }
  return out;
}

result<std::string> write_bytecode(const policy_ptr& p,
                                   const std::vector<std::string>& entries) {
  auto& owner = static_cast<const compiled_policy&>(*p);
  if (owner.options.instrument)
    return error{"bytecode_error",
                 "the policy is compiled with `instrument`, and its events are "
                 "about texts that bytecode does not have; expected one "
                 "compiled without",
                 "", 0, 0};
  if (entries.empty())
    return error{"bytecode_error",
                 "no entry point; expected one at least, as nothing else can "
                 "be asked of bytecode",
                 "", 0, 0};
  try {
    builtin_numbers builtins;
    form_writer body(builtins);
    form::describe(body, owner.prog);
    body.size(entries.size());
    for (auto& name : entries) {
      auto path = entry_path(name);
      auto q = entry_query(p, path);
      if (!q)
        return q.error_list();
      body.text(path);
      form::describe(body, static_cast<const compiled_query&>(**q));
    }
    form_writer head(builtins);
    head.out.assign(std::begin(form::magic), std::end(form::magic));
    head.number(form::version);
    head.list(builtins.names, 4, [&](auto& n) { head.text(n); });
    return head.out + body.out;
  } catch (const form_refused& r) {
    return error{"bytecode_error", r.why, "", 0, 0};
  }
}

} // namespace rego
