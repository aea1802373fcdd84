// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/source_text.hpp"

#include "rego/json.hpp"

namespace rego {

namespace {

std::string var_text(const std::string& name) {
  if (name[0] == '$')
    return name.starts_with("$arg") ? "arg__" + name.substr(4) : "_";
  std::string out;
  for (char c : name)
    out += c == '#' ? std::string("__") : std::string(1, c);
  return out;
}

std::string source_texts(const std::vector<term>& args, size_t from) {
  std::string out;
  for (size_t i = from; i < args.size(); ++i)
    out += (i > from ? ", " : "") + source_text(args[i]);
  return out;
}

std::string reference(const term& t) {
  auto out = source_text(t.args[0]);
  for (size_t i = 1; i < t.args.size(); ++i) {
    auto& a = t.args[i];
    if (a.kind == term_kind::string && is_plain_key(a.text))
      out += "." + a.text;
    else
      out += "[" + source_text(a) + "]";
  }
  return out;
}

struct infix {
  std::string_view name, sign;
};
constexpr infix infixes[] = {{"equal", "=="}, {"neq", "!="},
                             {"lt", "<"},     {"lte", "<="},
                             {"gt", ">"},     {"gte", ">="},
                             {"plus", "+"},   {"minus", "-"},
                             {"mul", "*"},    {"div", "/"},
                             {"rem", "%"},    {"and", "&"},
                             {"or", "|"},     {"eq", "="},
                             {"assign", "="}, {"internal.member_2", "in"}};

// An operator between its operands; empty where the call is none.
std::string infix_text(const term& t) {
  if (t.args[0].kind == term_kind::var && t.args.size() == 3)
    for (auto& i : infixes)
      if (i.name == t.args[0].text)
        return source_text(t.args[1]) + " " + std::string(i.sign) + " "
               + source_text(t.args[2]);
  return "";
}

std::string pairs(const term& t) {
  std::string out = "{";
  for (size_t i = 0; i + 1 < t.args.size(); i += 2)
    out += (i ? ", " : "") + source_text(t.args[i]) + ": "
           + source_text(t.args[i + 1]);
  return out + "}";
}

std::string plain(const expr& e) {
  auto two = e.terms.size() == 3;
  auto names = [&] {
    return (two ? source_text(e.terms[0]) + ", " : std::string())
           + source_text(e.terms[two ? 1 : 0]) + " in "
           + source_text(e.terms.back());
  };
  switch (e.kind) {
  case expr_kind::term: {
    auto& t = e.terms[0];
    auto out = t.kind == term_kind::call ? infix_text(t) : std::string();
    return out.empty() ? source_text(t) : out;
  }
  case expr_kind::some_in:
    return "some " + names();
  case expr_kind::every:
    return "every " + names() + " { " + source_text(*e.body) + " }";
  default:
    throw no_source_text{e.text};
  }
}

} // namespace

std::string source_text(const term& t) {
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
    return var_text(t.text);
  case term_kind::ref:
    return reference(t);
  case term_kind::array:
    return "[" + source_texts(t.args, 0) + "]";
  case term_kind::set:
    return t.args.empty() ? "set()" : "{" + source_texts(t.args, 0) + "}";
  case term_kind::object:
    return pairs(t);
  case term_kind::call:
    if (auto out = infix_text(t); !out.empty())
      return "(" + out + ")";
    return (t.args[0].kind == term_kind::var ? t.args[0].text
                                             : reference(t.args[0]))
           + "(" + source_texts(t.args, 1) + ")";
  case term_kind::array_compr:
    return "[" + source_text(t.args[0]) + " | " + source_text(*t.body) + "]";
  case term_kind::set_compr:
    return "{" + source_text(t.args[0]) + " | " + source_text(*t.body) + "}";
  case term_kind::object_compr:
    return "{" + source_text(t.args[0]) + ": " + source_text(t.args[1]) + " | "
           + source_text(*t.body) + "}";
  default:
    throw no_source_text{t.text};
  }
}

std::string source_text(const expr& e) {
  auto out = (e.negated ? "not " : "") + plain(e);
  for (auto& w : e.withs)
    out +=
        " with " + source_text(w.target) + " as " + source_text(w.replacement);
  return out;
}

std::string source_text(const query& q, std::string_view between) {
  std::string out;
  for (auto& e : q.literals)
    if (e.kind != expr_kind::some)
      out += (out.empty() ? "" : std::string(between)) + source_text(e);
  return out.empty() ? "true" : out;
}

term term_of(const value& v) {
  term t;
  switch (v.type()) {
  case kind::boolean:
    t.kind = term_kind::boolean;
    t.truth = v.as_boolean();
    break;
  case kind::number:
    t.kind = term_kind::number;
    t.text = to_json(v);
    break;
  case kind::string:
    t.kind = term_kind::string;
    t.text = v.as_string();
    break;
  case kind::array:
    t.kind = term_kind::array;
    for (auto& x : v.items())
      t.args.push_back(term_of(x));
    break;
  case kind::set:
    t.kind = term_kind::set;
    for (auto& x : v.keys())
      t.args.push_back(term_of(x));
    break;
  case kind::object:
    t.kind = term_kind::object;
    for (size_t i = 0; i < v.size(); ++i) {
      t.args.push_back(term_of(v.keys()[i]));
      t.args.push_back(term_of(v.values()[i]));
    }
    break;
  default:
    break;
  }
  return t;
}

} // namespace rego
