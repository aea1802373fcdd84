// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/annotation_json.hpp"

#include <map>

#include "builtins/base64.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

class annotation_writer {
public:
  annotation_writer(arena& a, const std::string& file, const tree_options& o)
      : a_(a), file_(file), options_(o) {}

  value one(const annotation& n) {
    object_builder o(a_);
    o.add("scope", text(n.scope));
    add(o, "title", n.title);
    add(o, "description", n.description);
    if (n.entrypoint)
      o.add("entrypoint", value::boolean(true));
    each(o, "organizations", n.organizations,
         [&](auto& name) { return text(name); });
    each(o, "related_resources", n.related_resources,
         [&](auto& r) { return resource(r); });
    each(o, "authors", n.authors, [&](auto& p) { return author(p); });
    each(o, "schemas", n.schemas, [&](auto& s) { return schema(s); });
    if (n.compile)
      o.add("compile", compile(*n.compile));
    add(o, "custom", n.custom);
    add(o, "labels", n.labels);
    if (options_.locations)
      o.add("location", location_of(n));
    return o.finish();
  }

private:
  value text(std::string_view s) { return make_string(a_, s); }
  void add(object_builder& o, const char* key, const std::string& s) {
    if (!s.empty())
      o.add(key, text(s));
  }
  static void add(object_builder& o, const char* key, const value& v) {
    if (v.defined() && v.size())
      o.add(key, v);
  }
  template <typename T, typename Make>
  void each(object_builder& o, const char* key, const std::vector<T>& list,
            Make make) {
    array_builder b(a_);
    for (auto& x : list)
      b.push(make(x));
    if (b.size())
      o.add(key, b.array());
  }

  value resource(const resource_note& r) {
    object_builder o(a_);
    o.add("ref", text(r.ref));
    add(o, "description", r.description);
    return o.finish();
  }

  // OPA always writes the name.
  value author(const author_note& p) {
    object_builder o(a_);
    o.add("name", text(p.name));
    add(o, "email", p.email);
    return o.finish();
  }

  // The path has no locations: they would be those in a text of its own.
  value schema(const schema_note& s) {
    object_builder o(a_);
    o.add("path", tree_of(a_, s.path, {}));
    if (!s.schema.parts.empty())
      o.add("schema", tree_of(a_, s.schema, options_));
    if (s.definition.defined())
      o.add("definition", s.definition);
    return o.finish();
  }

  value compile(const compile_note& c) {
    object_builder o(a_);
    each(o, "unknowns", c.unknowns, [&](auto& u) {
      return u.parts.empty() ? value::null() : tree_of(a_, u, options_);
    });
    if (!c.mask_rule.parts.empty())
      o.add("mask_rule", tree_of(a_, c.mask_rule, options_));
    return o.finish();
  }

  value location_of(const annotation& n) {
    object_builder o(a_);
    o.add("file", text(file_));
    o.add("row", value::integer(n.at.row));
    o.add("col", value::integer(n.at.col));
    o.add("text", text(base64_encode(n.text, base64_form::standard)));
    return o.finish();
  }

  arena& a_;
  const std::string& file_;
  const tree_options& options_;
};

} // namespace

value tree_of(arena& memory, const std::vector<const annotation*>& list,
              const std::string& file, const tree_options& options) {
  annotation_writer w(memory, file, options);
  array_builder b(memory);
  for (auto* n : list)
    b.push(w.one(*n));
  return b.array();
}

std::vector<std::vector<const annotation*>>
annotations_of_rules(const module& m, const std::vector<annotation>& all) {
  std::vector<std::vector<const annotation*>> out(m.rules.size());
  std::multimap<std::vector<std::string>, const annotation*> by_path;
  for (auto& a : all)
    if (a.target == note_target::rule)
      by_path.emplace(constant_path(m, m.rules[a.rule]), &a);
  if (by_path.empty())
    return out;
  for (size_t i = 0; i < m.rules.size(); ++i) {
    auto [from, to] = by_path.equal_range(constant_path(m, m.rules[i]));
    auto last = to;
    for (auto at = from; at != to; ++at) {
      bool own =
          at->second->scope == "rule" && m.rules[i].at.row > at->second->at.row;
      if (own)
        last = at;
      if (own || at->second->scope == "document")
        out[i].push_back(at->second);
    }
    // The next rule of that name has the blocks below this one.
    if (last != to)
      by_path.erase(last);
  }
  return out;
}

} // namespace rego
