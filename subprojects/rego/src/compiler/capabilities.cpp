// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/capabilities.hpp"

#include "builtins/builtin.hpp"
#include "compiler/types/declared.hpp"
#include "compiler/types/details.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

error bad_capabilities(const std::string& member, const char* expected) {
  return {"load_error", "capabilities: " + member + ": expected " + expected,
          "", 0, 0};
}

// Null counts as nothing, as Go writes a list that is not there.
bool says_nothing(const value& v) {
  return !v.defined() || v.is_null();
}

value said_of(const value& of, std::string_view name) {
  arena a;
  return lookup(of, make_string(a, name));
}

// Adds the texts of a list.
template <class Add>
errors each_text(const value& whole, std::string_view name, const Add& add) {
  auto list = said_of(whole, name);
  if (says_nothing(list))
    return {};
  auto wrong = bad_capabilities(std::string(name), "an array of strings");
  if (!list.is_array())
    return {wrong};
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list.items()[i].is_string())
      return {wrong};
    add(std::string(list.items()[i].as_string()));
  }
  return {};
}

errors builtins_of(const value& whole, capabilities::names& out) {
  auto list = said_of(whole, "builtins");
  if (says_nothing(list))
    return {};
  if (!list.is_array())
    return {bad_capabilities("builtins", "an array of objects")};
  for (size_t i = 0; i < list.size(); ++i) {
    auto name = said_of(list.items()[i], "name");
    if (!name.is_string())
      return {bad_capabilities("builtins[" + std::to_string(i) + "]",
                               "an object with the string name")};
    out.insert(std::string(name.as_string()));
  }
  return {};
}

value builtin_json(arena& a, const builtin& b) {
  object_builder o(a);
  o.add("name", make_string(a, b.name));
  if (b.variadic) { // of any number of operands is print alone
    object_builder decl(a), any(a);
    any.add("type", make_string(a, "any"));
    decl.add("type", make_string(a, "function"));
    decl.add("variadic", any.finish());
    o.add("decl", decl.finish());
  } else {
    o.add("decl", types::json_of(a, types::builtin_type(b.name)));
  }
  if (!b.infix.empty())
    o.add("infix", make_string(a, b.infix));
  for (auto& [name, set] : {std::pair("relation", b.relation),
                            std::pair("nondeterministic", b.nondeterministic),
                            std::pair("deprecated", b.deprecated)})
    if (set)
      o.add(name, value::boolean(true));
  return o.finish();
}

value texts_json(arena& a, const capabilities::names& texts) {
  array_builder out(a);
  for (auto& t : texts)
    out.push(make_string(a, t));
  return out.array();
}

} // namespace

result<capabilities> read_capabilities(std::string_view json) {
  arena memory;
  auto whole = parse_json(memory, json);
  if (!whole)
    return bad_capabilities("not JSON", whole.error_list()[0].message.c_str());
  if (!whole->is_object())
    return bad_capabilities("the document", "an object");
  capabilities out;
  auto into = [](capabilities::names& to) {
    return [&to](std::string name) { to.insert(std::move(name)); };
  };
  auto wrong = builtins_of(*whole, out.builtins);
  if (wrong.empty())
    wrong = each_text(*whole, "future_keywords", into(out.future_keywords));
  if (wrong.empty())
    wrong = each_text(*whole, "features", into(out.features));
  if (auto hosts = said_of(*whole, "allow_net"); !says_nothing(hosts)) {
    auto& to = out.allow_net.emplace();
    if (wrong.empty())
      wrong = each_text(*whole, "allow_net",
                        [&](std::string h) { to.push_back(std::move(h)); });
  }
  if (!wrong.empty())
    return wrong;
  return out;
}

capabilities own_capabilities(bool v0_compatible) {
  capabilities out;
  auto& table = builtin_table::instance();
  for (size_t i = 0; i < table.size(); ++i)
    out.builtins.insert(std::string(table.at(i).name));
  out.future_keywords = {"and", "not", "or"};
  out.features = {"keywords_in_refs", "rego_v1", "template_strings"};
  if (v0_compatible) {
    out.future_keywords.insert({"contains", "every", "if", "in"});
    out.features.insert(
        {"rego_v1_import", "rule_head_ref_string_prefixes", "rule_head_refs"});
  }
  return out;
}

std::string to_text(const capabilities& c) {
  arena a;
  array_builder list(a), hosts(a);
  for (auto& name : c.builtins)
    if (auto* b = builtin_table::instance().find(name))
      list.push(builtin_json(a, *b));
  object_builder o(a);
  auto add = [&](std::string_view name, const value& texts) {
    if (texts.size())
      o.add(name, texts);
  };
  add("builtins", list.array());
  add("future_keywords", texts_json(a, c.future_keywords));
  add("features", texts_json(a, c.features));
  if (c.allow_net) {
    for (auto& host : *c.allow_net)
      hosts.push(make_string(a, host));
    o.add("allow_net", hosts.array());
  }
  return to_json(o.finish(), {.indent = 2});
}

} // namespace rego
