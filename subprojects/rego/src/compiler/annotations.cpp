// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/annotations.hpp"

#include <algorithm>
#include <yaml-cpp/yaml.h>

#include "core/decimal.hpp"
#include "core/work.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

std::string without_trailing_blanks(std::string s) {
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t'))
    s.pop_back();
  return s;
}

struct metadata_error {
  const char* what;
};

// A block as a value. An alias stands for all of another node, and may do so
// within itself: the parts of all blocks and their nesting are bounded.
class yaml_reader {
public:
  yaml_reader(arena& a, size_t& nodes_left) : arena_(a), left_(nodes_left) {}

  value read(const YAML::Node& n, int depth = 0) {
    if (depth > depth_max)
      throw metadata_error{"exceeded max depth"};
    if (left_ == 0)
      throw metadata_error{"document contains excessive aliasing"};
    --left_;
    spend(steps_of_a_node);
    switch (n.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(n);
    case YAML::NodeType::Sequence: {
      array_builder b(arena_);
      for (auto e : n)
        b.push(read(e, depth + 1));
      return b.array();
    }
    case YAML::NodeType::Map: {
      object_builder b(arena_);
      for (auto e : n)
        b.add(e.first.Scalar(), read(e.second, depth + 1));
      return b.finish();
    }
    default:
      return value::null();
    }
  }

private:
  static constexpr int depth_max = 200;
  static constexpr uint64_t steps_of_a_node = 100; // of compiling: 1 us

  value scalar(const YAML::Node& n) const {
    auto& s = n.Scalar();
    if (n.Tag() == "!")
      return make_string(arena_, s);
    if (s == "true" || s == "false")
      return value::boolean(s == "true");
    if (s.empty() || s == "null" || s == "~")
      return value::null();
    if (!is_number_text(s))
      return make_string(arena_, s);
    if (!is_readable(s))
      throw metadata_error{"number too big"};
    return make_number(arena_, s);
  }

  arena& arena_;
  size_t& left_;
};

bool is_scope(std::string_view s) {
  return s == "rule" || s == "document" || s == "package" || s == "subpackages";
}

// "Name <mail>" as OPA splits an author.
value author(arena& a, const value& v) {
  if (!v.is_string())
    return v;
  std::string s(v.as_string());
  object_builder o(a);
  auto open = s.find('<');
  if (open != s.npos && s.back() == '>') {
    o.add("email", make_string(a, s.substr(open + 1, s.size() - open - 2)));
    s = without_trailing_blanks(s.substr(0, open));
  }
  if (!s.empty())
    o.add("name", make_string(a, s));
  return o.finish();
}

value resource(arena& a, const value& v) {
  if (!v.is_string())
    return v;
  object_builder o(a);
  o.add("ref", v);
  return o.finish();
}

// The annotations with their scope filled in and short forms spelled out.
value normalised(arena& a, const value& raw, std::string_view scope) {
  object_builder o(a);
  o.add("scope", make_string(a, scope));
  for (size_t i = 0; i < raw.size(); ++i) {
    auto key = raw.keys()[i];
    auto v = raw.values()[i];
    bool authors = key.as_string() == "authors";
    if (v.is_array() && (authors || key.as_string() == "related_resources")) {
      array_builder list(a);
      for (auto& x : v.items())
        list.push(authors ? author(a, x) : resource(a, x));
      v = list.array();
    }
    o.add(key, v);
  }
  return o.finish();
}

} // namespace

void annotation_set::read(const module& m, errors& out) {
  nodes_left_ = 100'000 + 10 * m.source.size();
  if (m.source.find("rego.metadata.") != std::string::npos)
    asked_.insert(&m);
  rules_by_row rules;
  for (auto& r : m.rules)
    rules.push_back(&r);
  std::stable_sort(rules.begin(), rules.end(),
                   [](auto* a, auto* b) { return a->at.row < b->at.row; });
  auto& c = m.comments;
  for (size_t i = 0; i < c.size(); ++i) {
    if (!m.comment_own_line[i]
        || without_trailing_blanks(c[i].second) != " METADATA")
      continue;
    std::string yaml;
    int row = c[i].first.row;
    size_t j = i + 1;
    for (; j < c.size() && c[j].first.row == row + 1; ++j, ++row)
      yaml += (c[j].second.empty() ? "" : c[j].second.substr(1)) + "\n";
    attach(m, rules, row, yaml, c[i].first.row, out);
    i = j - 1;
  }
}

void annotation_set::attach(const module& m, const rules_by_row& rules,
                            int last_row, const std::string& yaml,
                            int first_row, errors& out) {
  auto behind =
      std::upper_bound(rules.begin(), rules.end(), last_row,
                       [](int row, const rule* r) { return row < r->at.row; });
  const rule* next = behind == rules.end() ? nullptr : *behind;
  bool package = m.package.at.row > last_row;
  if (!package && !next)
    return;
  auto fail = [&](std::string what) {
    out.push_back({"rego_parse_error", std::move(what), m.file, first_row, 1});
  };
  value raw;
  try {
    raw = yaml_reader(memory_, nodes_left_).read(YAML::Load(yaml));
  } catch (const YAML::Exception& e) {
    return fail(std::string("yaml: ") + e.what());
  } catch (const metadata_error& e) {
    return fail(std::string("yaml: ") + e.what);
  }
  if (!raw.is_object()) {
    if (raw.defined() && !raw.is_null())
      fail("expected METADATA block, found something else");
    return;
  }
  auto given = lookup(raw, make_string(memory_, "scope"));
  std::string scope = given.is_string() ? std::string(given.as_string())
                      : package         ? "package"
                                        : "rule";
  bool unread = given.defined() && !given.is_string() && !given.is_null();
  if (unread || !is_scope(scope))
    return fail("invalid annotation scope '" + (unread ? to_json(given) : scope)
                + "'");
  auto v = normalised(memory_, raw, scope);
  if (package)
    (scope == "subpackages" ? subpackages_ : packages_)[ref_text(m.package)] =
        v;
  else if (scope == "document")
    documents_[ref_text(m.package) + "." + ref_text(next->head.ref)] = v;
  else
    rules_[next] = v;
}

std::vector<value> annotation_set::package_path(const module& m) const {
  std::vector<value> path;
  for (size_t i = 1; i < m.package.args.size(); ++i)
    path.push_back(make_string(memory_, m.package.args[i].text));
  return path;
}

value annotation_set::entry(const value& annotations,
                            const std::vector<value>& path) {
  object_builder o(memory_);
  if (annotations.defined())
    o.add("annotations", annotations);
  o.add("path", make_array(memory_, path));
  return o.finish();
}

value annotation_set::own(const rule& r) {
  auto at = rules_.find(&r);
  return at == rules_.end() ? object_builder(memory_).finish() : at->second;
}

value annotation_set::document_scope(const module& m, const rule& r) const {
  auto at = documents_.find(ref_text(m.package) + "." + ref_text(r.head.ref));
  return at == documents_.end() ? value() : at->second;
}

value annotation_set::chain(const module& m, const rule& r) {
  array_builder out(memory_);
  auto path = package_path(m);
  auto rule_path = path;
  auto& ref = r.head.ref;
  if (ref.kind == term_kind::ref)
    for (auto& a : ref.args)
      rule_path.push_back(make_string(memory_, a.text));
  else
    rule_path.push_back(make_string(memory_, ref.text));
  auto mine = rules_.find(&r);
  out.push(entry(mine == rules_.end() ? value() : mine->second, rule_path));
  if (auto d = document_scope(m, r); d.defined())
    out.push(entry(d, rule_path));
  auto package = packages_.find(ref_text(m.package));
  if (package != packages_.end())
    out.push(entry(package->second, path));
  auto prefix = m.package;
  for (; prefix.args.size() > 1; prefix.args.pop_back(), path.pop_back()) {
    auto at = subpackages_.find(ref_text(prefix));
    if (at != subpackages_.end())
      out.push(entry(at->second, path));
  }
  return out.array();
}

} // namespace rego
