// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/tree_text.hpp"

#include <utility>
#include <vector>

#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::cli {

namespace {

class tree_printer {
public:
  std::string out;

  void module(const value& m) {
    line(0, "module");
    line(1, "package");
    reference(at(m, "path", "package"), 2);
    for (auto& i : list(m, "imports"))
      import(i);
    for (auto& r : list(m, "rules"))
      rule(r, 1);
    for (size_t i = 0; i < list(m, "annotations").size(); ++i)
      line(1, "annotations");
    for (size_t i = 0; i < list(m, "comments").size(); ++i)
      line(1, "comment");
  }

private:
  value get(const value& v, const char* key) {
    return v.is_object() ? lookup(v, make_string(names_, key)) : value();
  }
  value at(const value& v, const char* key, const char* outer) {
    return get(get(v, outer), key);
  }
  std::span<const value> list(const value& v, const char* key) {
    auto x = get(v, key);
    return x.defined() && x.is_array() ? x.items() : std::span<const value>();
  }
  void line(int depth, std::string_view text) {
    out.append(static_cast<size_t>(depth), ' ');
    out += text;
    out += '\n';
  }

  void import(const value& i) {
    line(1, "import");
    term(get(i, "path"), 2);
    auto alias = get(i, "alias");
    if (alias.defined())
      line(2, alias.as_string());
  }

  void rule(const value& r, int depth) {
    line(depth, "rule");
    head(get(r, "head"), depth + 1);
    body(list(r, "body"), depth + 1);
    auto otherwise = get(r, "else");
    if (otherwise.defined())
      rule(otherwise, depth + 1);
  }

  void head(const value& h, int depth) {
    line(depth, "head");
    reference(get(h, "ref"), depth + 1);
    auto args = list(h, "args");
    if (!args.empty()) {
      line(depth + 1, "args");
      for (auto& a : args)
        term(a, depth + 2);
    }
    optional(h, "key", depth + 1);
    optional(h, "value", depth + 1);
  }

  void optional(const value& v, const char* key, int depth) {
    auto x = get(v, key);
    if (x.defined() && x.is_object())
      term(x, depth);
  }

  void reference(const value& parts, int depth) {
    line(depth, "ref");
    for (auto& p : parts.items())
      term(p, depth + 1);
  }

  void body(std::span<const value> literals, int depth) {
    line(depth, "body");
    for (auto& e : literals)
      literal(e, depth + 1);
  }

  void literal(const value& e, int depth) {
    line(depth, std::string("expr ")
                    + (get(e, "negated").defined() ? "negated " : "")
                    + "index=" + to_json(get(e, "index")));
    auto terms = get(e, "terms");
    if (terms.is_array())
      for (auto& t : terms.items())
        term(t, depth + 1);
    else
      terms_object(terms, depth + 1);
    for (auto& w : list(e, "with")) {
      line(depth + 1, "with");
      term(get(w, "target"), depth + 2);
      term(get(w, "value"), depth + 2);
    }
  }

  void terms_object(const value& t, int depth) {
    if (get(t, "symbols").defined()) {
      line(depth, "somedecl");
      for (auto& s : list(t, "symbols"))
        term(s, depth + 1);
    } else if (get(t, "domain").defined()) {
      line(depth, "every");
      for (auto key : {"key", "value", "domain"})
        optional(t, key, depth + 1);
      body(list(t, "body"), depth + 1);
    } else if (get(t, "lhs").defined() || get(t, "body").defined()) {
      line(depth, get(t, "type").as_string());
      for (auto key : {"lhs", "rhs", "body"})
        if (get(t, key).defined())
          body(list(t, key), depth + 1);
    } else {
      term(t, depth);
    }
  }

  // What is printed waits in a row, not on the stack: chains of operators are
  // deep.
  void term(const value& t, int depth) {
    auto before = waiting_.size();
    waiting_.emplace_back(t, depth);
    while (waiting_.size() > before) {
      auto [next, its_depth] = waiting_.back();
      waiting_.pop_back();
      one_term(next, its_depth);
    }
  }

  void one_term(const value& t, int depth) {
    auto type = get(t, "type").as_string();
    auto v = get(t, "value");
    if (type == "null")
      line(depth, "null");
    else if (type == "var")
      line(depth, v.as_string().starts_with("$") ? "_" : v.as_string());
    else if (type == "string" || type == "number" || type == "boolean")
      line(depth, to_json(v));
    else
      collection(std::string(type), v, depth);
  }

  void collection(const std::string& type, const value& v, int depth) {
    line(depth, type);
    if (v.is_array()) {
      for (auto i = v.size(); i-- > 0;) {
        auto& x = v.items()[i];
        if (type != "object") {
          waiting_.emplace_back(x, depth + 1);
          continue;
        }
        for (auto part = x.size(); part-- > 0;)
          waiting_.emplace_back(x.items()[part], depth + 1);
      }
      return;
    }
    for (auto& p : list(v, "parts"))
      get(p, "terms").defined() ? literal(p, depth + 1) : term(p, depth + 1);
    for (auto key : {"term", "key", "value"})
      optional(v, key, depth + 1);
    if (get(v, "body").defined())
      body(list(v, "body"), depth + 1);
  }

  arena names_;
  std::vector<std::pair<value, int>> waiting_;
};

} // namespace

std::string tree_text(const value& module) {
  tree_printer p;
  p.module(module);
  return std::move(p.out);
}

} // namespace rego::cli
