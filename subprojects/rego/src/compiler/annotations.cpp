// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/annotations.hpp"

namespace rego {

namespace {

std::vector<std::string> path_of_package(const module& m) {
  std::vector<std::string> path;
  for (size_t i = 1; i < m.package.args.size(); ++i)
    path.push_back(m.package.args[i].text);
  return path;
}

value texts(arena& memory, const std::vector<std::string>& list) {
  array_builder b(memory);
  for (auto& s : list)
    b.push(make_string(memory, s));
  return b.array();
}

// A reference's parts as texts.
value reference_path(arena& memory, const quoted_term& t) {
  array_builder b(memory);
  for (auto& part : t.parts)
    b.push(make_string(memory, part.is(term_kind::string) ? part.text
                                                          : term_text(part)));
  return b.array();
}

// An object of the texts that are not empty.
value object_of_texts(
    arena& memory,
    std::initializer_list<std::pair<const char*, const std::string&>> list) {
  object_builder o(memory);
  for (auto& [key, text] : list)
    if (!text.empty())
      o.add(key, make_string(memory, text));
  return o.finish();
}

value schema_of(arena& memory, const schema_note& s) {
  object_builder o(memory);
  o.add("path", reference_path(memory, s.path));
  if (!s.schema.parts.empty())
    o.add("schema", reference_path(memory, s.schema));
  if (s.definition.defined())
    o.add("definition", s.definition);
  return o.finish();
}

} // namespace

void annotation_set::take(const module& m, std::vector<annotation> list) {
  if (m.source.find("rego.metadata.") != std::string::npos)
    asked_.insert(&m);
  if (!list.empty())
    sources_.push_back({&m, std::move(list)});
}

void annotation_set::join(errors& out) {
  // Which of two is the one too many does not hang on the order of files.
  sources_.sort([](auto& a, auto& b) { return a.from->file < b.from->file; });
  for (auto& s : sources_)
    for (auto& a : s.list)
      add(s, a, out);
}

void annotation_set::add(const source& s, const annotation& a, errors& out) {
  auto& m = *s.from;
  any_schemas_ |= !a.schemas.empty();
  if (a.scope == "rule") {
    rules_[&m.rules[a.rule]].push_back(&a);
    return;
  }
  auto& to = a.scope == "package" ? packages_ : paths_;
  auto at = a.scope == "document" ? constant_path(m, m.rules[a.rule])
                                  : path_of_package(m);
  auto [before, is_new] = to.emplace(std::move(at), place{&m, &a});
  if (!is_new)
    out.push_back({"rego_type_error",
                   a.scope
                       + " annotation redeclared: " + before->second.from->file
                       + ":" + std::to_string(before->second.what->at.row),
                   m.file, a.at.row, a.at.col});
}

// As policies see it, which is without what is for the compiler.
value annotation_set::object(const annotation& a) {
  object_builder o(memory_);
  auto text = [&](const char* key, const std::string& s) {
    if (!s.empty())
      o.add(key, make_string(memory_, s));
  };
  auto list = [&](const char* key, auto& of, auto&& make) {
    array_builder b(memory_);
    for (auto& x : of)
      b.push(make(x));
    if (b.size())
      o.add(key, b.array());
  };
  auto object = [&](const char* key, const value& v) {
    if (v.defined() && v.size())
      o.add(key, v);
  };
  text("scope", a.scope);
  text("title", a.title);
  text("description", a.description);
  if (a.entrypoint)
    o.add("entrypoint", value::boolean(true));
  if (!a.organizations.empty())
    o.add("organizations", texts(memory_, a.organizations));
  list("related_resources", a.related_resources, [&](auto& r) {
    return object_of_texts(memory_,
                           {{"ref", r.ref}, {"description", r.description}});
  });
  list("authors", a.authors, [&](auto& p) {
    return object_of_texts(memory_, {{"name", p.name}, {"email", p.email}});
  });
  list("schemas", a.schemas, [&](auto& s) { return schema_of(memory_, s); });
  object("custom", a.custom);
  object("labels", a.labels);
  return o.finish();
}

value annotation_set::entry(const annotation* a, const path& at) {
  object_builder o(memory_);
  if (a)
    o.add("annotations", object(*a));
  o.add("path", texts(memory_, at));
  return o.finish();
}

value annotation_set::own(const rule& r, bool of_else) {
  auto at = rules_.find(&r);
  return of_else || at == rules_.end() ? object_builder(memory_).finish()
                                       : object(*at->second.back());
}

std::vector<const schema_note*>
annotation_set::schemas(const module& m, const rule& r, bool of_else) const {
  std::vector<const schema_note*> out;
  if (!any_schemas_)
    return out;
  auto take = [&](const annotation& a) {
    for (auto& s : a.schemas)
      out.push_back(&s);
  };
  auto take_at = [&](const std::map<path, place>& from, const path& at) {
    if (auto found = from.find(at); found != from.end())
      take(*found->second.what);
  };
  auto package = path_of_package(m);
  path prefix;
  for (auto& name : package) {
    prefix.push_back(name);
    take_at(paths_, prefix);
  }
  take_at(packages_, package);
  take_at(paths_, constant_path(m, r));
  if (auto mine = rules_.find(&r); !of_else && mine != rules_.end())
    for (auto* a : mine->second)
      take(*a);
  return out;
}

value annotation_set::chain(const module& m, const rule& r, bool of_else) {
  array_builder out(memory_);
  auto rule_path = constant_path(m, r);
  auto mine = rules_.find(&r);
  if (of_else || mine == rules_.end())
    out.push(entry(nullptr, rule_path));
  else
    for (auto a = mine->second.rbegin(); a != mine->second.rend(); ++a)
      out.push(entry(*a, rule_path));
  if (auto d = paths_.find(rule_path); d != paths_.end())
    out.push(entry(d->second.what, rule_path));
  auto prefix = path_of_package(m);
  if (auto p = packages_.find(prefix); p != packages_.end())
    out.push(entry(p->second.what, prefix));
  for (; !prefix.empty(); prefix.pop_back())
    if (auto p = paths_.find(prefix); p != paths_.end())
      out.push(entry(p->second.what, prefix));
  return out.array();
}

} // namespace rego
