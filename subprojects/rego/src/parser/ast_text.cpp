// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The syntax tree as text, as OPA's messages and results show it.

#include "parser/annotation.hpp"
#include "parser/ast.hpp"

#include <cctype>

#include "rego/json.hpp"

namespace rego {

namespace {

std::string term_texts(const std::vector<term>& args, size_t from) {
  std::string out;
  for (size_t i = from; i < args.size(); ++i)
    out += (i > from ? ", " : "") + term_text(args[i]);
  return out;
}

std::string object_text(const term& t) {
  std::string out = "{";
  for (size_t i = 0; i + 1 < t.args.size(); i += 2)
    out += (i ? ", " : "") + term_text(t.args[i]) + ": "
           + term_text(t.args[i + 1]);
  return out + "}";
}

std::string body_text(const query& q) {
  std::string out;
  for (auto& e : q.literals)
    out += (out.empty() ? "" : "; ") + e.text;
  return out;
}

// An expression of a template; `with` makes it the set of its values.
std::string template_part_text(const term& t) {
  if (!t.is(term_kind::set_compr) || !t.infix)
    return term_text(t);
  auto& e = t.body->literals[0];
  auto out = term_text(e.terms[0].args[2]);
  for (auto& w : e.withs)
    out += " with " + term_text(w.target) + " as " + term_text(w.replacement);
  return out;
}

// Between quotes also where it was written between backticks.
std::string template_text(const term& t) {
  std::string out = "$\"";
  for (auto& part : t.args) {
    if (part.paren || !part.is(term_kind::string)) {
      out += "{" + template_part_text(part) + "}";
      continue;
    }
    auto text = json_string(part.text);
    for (auto c : std::string_view(text).substr(1, text.size() - 2))
      out += c == '{' ? "\\{" : std::string(1, c);
  }
  return out + "\"";
}

} // namespace

bool is_plain_name(std::string_view s) {
  if (s.empty() || std::isdigit(static_cast<unsigned char>(s[0])))
    return false;
  for (auto c : s)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_')
      return false;
  return true;
}

bool is_plain_key(std::string_view s) {
  return is_plain_name(s) && !is_keyword_of_v1(s);
}

std::string_view kind_name(term_kind k) {
  constexpr std::string_view names[] = {"null",
                                        "boolean",
                                        "number",
                                        "string",
                                        "var",
                                        "ref",
                                        "array",
                                        "set",
                                        "object",
                                        "call",
                                        "arraycomprehension",
                                        "setcomprehension",
                                        "objectcomprehension",
                                        "templatestring"};
  return names[static_cast<size_t>(k)];
}

std::string last_name(const term& t) {
  if (t.kind == term_kind::var)
    return t.text;
  if (t.kind != term_kind::ref)
    return "";
  auto& last = t.args.back();
  return last.kind == term_kind::string || last.kind == term_kind::var
             ? last.text
             : "";
}

std::string ref_text(const term& t) {
  if (t.kind != term_kind::ref)
    return term_text(t);
  auto out = term_text(t.args[0]);
  for (size_t i = 1; i < t.args.size(); ++i) {
    auto& a = t.args[i];
    if (a.kind == term_kind::string && is_plain_key(a.text))
      out += "." + a.text;
    else
      out += "[" + term_text(a) + "]";
  }
  return out;
}

std::string callee_name(const term& callee) {
  return callee.is(term_kind::var) ? callee.text : ref_text(callee);
}

std::string written_name(const std::string& var) {
  return var[0] == '$' ? "_" : var.substr(0, var.find('#'));
}

std::string term_text(const term& t) {
  switch (t.kind) {
  case term_kind::null:
    return "null";
  case term_kind::boolean:
    return t.truth ? "true" : "false";
  case term_kind::number:
    return t.text;
  case term_kind::string:
    return json_string(t.text);
  case term_kind::var:
    return written_name(t.text);
  case term_kind::ref:
    return ref_text(t);
  case term_kind::array:
    return "[" + term_texts(t.args, 0) + "]";
  case term_kind::set:
    return t.args.empty() ? "set()" : "{" + term_texts(t.args, 0) + "}";
  case term_kind::object:
    return object_text(t);
  case term_kind::call:
    return term_text(t.args[0]) + "(" + term_texts(t.args, 1) + ")";
  case term_kind::array_compr:
    return "[" + term_text(t.args[0]) + " | " + body_text(*t.body) + "]";
  case term_kind::set_compr:
    return "{" + term_text(t.args[0]) + " | " + body_text(*t.body) + "}";
  case term_kind::object_compr:
    return "{" + term_text(t.args[0]) + ": " + term_text(t.args[1]) + " | "
           + body_text(*t.body) + "}";
  case term_kind::template_string:
    return template_text(t);
  }
  return "";
}

std::vector<std::string> constant_path(const module& m, const rule& r) {
  std::vector<std::string> path;
  for (size_t i = 1; i < m.package.args.size(); ++i)
    path.push_back(m.package.args[i].text);
  auto& ref = r.head.ref;
  if (!ref.is(term_kind::ref)) {
    path.push_back(ref.text);
    return path;
  }
  for (size_t i = 0; i < ref.args.size(); ++i) {
    auto& part = ref.args[i];
    if (i > 0 && !is_scalar(part))
      break;
    bool named = i == 0 || part.is(term_kind::string);
    path.push_back(named ? part.text : term_text(part));
  }
  return path;
}

} // namespace rego
