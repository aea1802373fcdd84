// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/type_check.hpp"

#include "builtins/builtin.hpp"
#include "compiler/code_writer.hpp"

namespace rego {

namespace {

enum : kind_set {
  k_null = 1,
  k_boolean = 2,
  k_number = 4,
  k_string = 8,
  k_array = 16,
  k_object = 32,
  k_set = 64,
  k_any = 127
};

constexpr std::string_view names[] = {"null",  "boolean", "number", "string",
                                      "array", "object",  "set"};
constexpr std::string_view shown[] = {
    "null",       "boolean",          "number",  "string",
    "array[any]", "object[any: any]", "set[any]"};

// Splits "string, any<a, b>" at the commas outside brackets.
std::vector<std::string_view> split_types(std::string_view list) {
  std::vector<std::string_view> out;
  int depth = 0;
  size_t from = 0;
  for (size_t i = 0; i <= list.size(); ++i) {
    auto c = i < list.size() ? list[i] : ',';
    depth += (c == '[' || c == '<') - (c == ']' || c == '>');
    if (c != ',' || depth != 0)
      continue;
    auto part = list.substr(from, i - from);
    while (!part.empty() && part[0] == ' ')
      part.remove_prefix(1);
    if (!part.empty())
      out.push_back(part);
    from = i + 1;
  }
  return out;
}

// Kinds of a declared type, in the notation of declarations.cpp.
kind_set declared(std::string_view type) {
  if (type.substr(0, 4) == "any<") {
    kind_set out = 0;
    for (auto part : split_types(type.substr(4, type.size() - 5)))
      out |= declared(part);
    return out;
  }
  auto name = type.substr(0, type.find('['));
  for (size_t i = 0; i < std::size(names); ++i)
    if (name == names[i])
      return 1u << i;
  return k_any;
}

std::string text(kind_set k) {
  if (k == k_any)
    return "any";
  std::string out;
  int n = 0;
  for (size_t i = 0; i < std::size(shown); ++i)
    if (k & 1u << i) {
      out += (out.empty() ? "" : ", ") + std::string(shown[i]);
      ++n;
    }
  return n == 1 ? out : "any<" + out + ">";
}

// The declared type as OPA writes it: array[any] for array[; any].
std::string declared_text(std::string_view type) {
  std::string out;
  for (size_t i = 0; i < type.size(); ++i) {
    if (type[i] == ';' && !out.empty() && out.back() == '['
        && i + 1 < type.size())
      ++i;
    else
      out += type[i] == ';' ? ',' : type[i];
  }
  return out;
}

std::string callee_name(const term& callee) {
  return callee.kind == term_kind::var ? callee.text : ref_text(callee);
}

} // namespace

void type_check::fail(const location& at, std::string message) {
  out_.push_back(
      {"rego_type_error", std::move(message), file_, at.row, at.col});
}

void type_check::check(const rule& r) {
  for (auto* x = &r; x; x = x->otherwise.get()) {
    known_.clear();
    check_body(x->body);
    if (x->head.is_set)
      check_term(x->head.key);
    check_term(x->head.value);
  }
}

void type_check::check(const query& q) {
  check_body(q);
}

void type_check::check_body(const query& q) {
  for (auto& e : q.literals)
    check_literal(e);
}

void type_check::check_literal(const expr& e) {
  // Under `with` a function may be another one.
  if (!e.withs.empty())
    return;
  for (auto& t : e.terms)
    check_term(t);
  if (e.kind == expr_kind::term && e.terms[0].kind == term_kind::call)
    check_equation(e.terms[0]);
  if (e.body)
    check_body(*e.body);
  for (auto& b : e.bodies)
    check_body(*b);
}

void type_check::check_term(const term& t) {
  spend(4);
  if (t.body)
    check_body(*t.body);
  for (auto& a : t.args)
    check_term(a);
  if (t.kind == term_kind::call)
    check_call(t);
}

kind_set type_check::kinds_of(const term& t) const {
  switch (t.kind) {
  case term_kind::null:
    return k_null;
  case term_kind::boolean:
    return k_boolean;
  case term_kind::number:
    return k_number;
  case term_kind::string:
  case term_kind::template_string:
    return k_string;
  case term_kind::array:
  case term_kind::array_compr:
    return k_array;
  case term_kind::object:
  case term_kind::object_compr:
    return k_object;
  case term_kind::set:
  case term_kind::set_compr:
    return k_set;
  case term_kind::var: {
    auto at = known_.find(t.text);
    return at == known_.end() ? k_any : at->second;
  }
  case term_kind::call: {
    auto* b = builtin_table::instance().find(callee_name(t.args[0]));
    return b && !b->result.empty() ? declared(b->result) : k_any;
  }
  default:
    return k_any;
  }
}

void type_check::learn(const term& p, kind_set kinds) {
  if (p.kind == term_kind::var && !known_.count(p.text))
    known_[p.text] = kinds;
}

void type_check::check_equation(const term& t) {
  bool binds = t.is_call("eq") || t.is_call("assign");
  if ((!binds && !t.is_call("equal")) || t.args.size() != 3)
    return;
  auto a = kinds_of(t.args[1]), b = kinds_of(t.args[2]);
  if (!(a & b)) {
    fail(t.at, "match error\n\tleft  : " + text(a) + "\n\tright : " + text(b));
    return;
  }
  if (binds) {
    learn(t.args[1], b);
    learn(t.args[2], a);
  }
}

void type_check::check_call(const term& t) {
  auto name = callee_name(t.args[0]);
  auto* b = builtin_table::instance().find(name);
  if (!b || b->variadic)
    return;
  if (b->deprecated && refuse_deprecated_)
    fail(t.at, "deprecated built-in function calls in expression: " + name);
  auto types = split_types(b->arguments);
  bool good = true;
  std::string have, want;
  for (size_t i = 0; i < types.size() && i + 1 < t.args.size(); ++i) {
    auto k = kinds_of(t.args[i + 1]);
    good &= (k & declared(types[i])) != 0;
    have += (i ? ", " : "") + text(k);
    want += (i ? ", " : "") + declared_text(types[i]);
  }
  if (!good)
    fail(t.at, name + ": invalid argument(s)\n\thave: (" + have
                   + ", ?"
                     "?"
                     "?)\n\twant: ("
                   + want + ", " + declared_text(b->result) + ")");
}

} // namespace rego
