// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Terms and literals as partial evaluation works on them: immutable, shared,
// with constants as values. Literals are flat: what has to be computed stands
// in literals of its own before the one that uses it.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "parser/ast.hpp"
#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego::partial {

enum class node_kind : uint8_t {
  constant,
  var,
  ref,  // parts: head, path
  call, // parts: operator, operands
  name, // parts: a built-in, which stands in for a function
  array,
  set,
  object, // parts: key, value, key, value
  array_closure,
  set_closure,
  object_closure
};

struct node;
using node_ptr = std::shared_ptr<const node>;
using nodes = std::vector<node_ptr>;
struct literal;
using literals = std::vector<literal>;
using body_ptr = std::shared_ptr<const literals>;

struct node {
  node_kind kind = node_kind::constant;
  value constant;
  std::string name; // of a variable
  nodes parts;
  body_ptr body; // of a closure

  bool is(node_kind k) const { return kind == k; }
  // Its first part is what is called, and no term of its own.
  bool has_operator() const {
    return is(node_kind::call) || is(node_kind::name);
  }
  bool is_closure() const { return kind >= node_kind::array_closure; }
};

enum class literal_kind : uint8_t {
  term,
  equation, // two terms
  call,     // operator, operands, and the result where it is captured
  every,    // key, element, domain; body
  negation  // variables that it names from outside; body: under `not`
};

struct replacement {
  node_ptr target; // a reference, or the name of a built-in
  node_ptr with;
};

struct literal {
  literal_kind kind = literal_kind::term;
  bool negated = false;  // of what is left; what is evaluated has `negation`
  bool captured = false; // a call whose last operand is its result
  nodes terms;
  body_ptr body;
  std::vector<replacement> withs;
  location at; // of the one in the source that it is of
};

node_ptr var_node(std::string name);
node_ptr constant_node(const value& v);
node_ptr true_node();
/// The constant that a scalar stands for; null for terms of other kinds.
node_ptr scalar_node(arena& memory, const term& t);
node_ptr string_node(arena& memory, std::string_view text);
/// Collections of constants become constants, in `memory`.
node_ptr make_node(arena& memory, node_kind kind, nodes parts);
node_ptr closure_node(node_kind kind, nodes heads, body_ptr body);
literal equation(node_ptr a, node_ptr b);

bool is_var(const node& n);
bool is_ref_of(const node& n, std::string_view root);
/// Constant, or made of constants and references with constant paths.
bool is_ground(const node& n);
/// "plus", "data.t.f": what a call calls.
std::string operator_name(const node& callee);

bool same(const node& a, const node& b);
/// OPA's order of terms.
int compare(const node& a, const node& b);
int compare(const nodes& a, const nodes& b);
int compare(const literals& a, const literals& b);

/// The parts of a collection, whether it is constant or not: of an object keys
/// and values in turn.
nodes elements(const node& n);

/// Visits every term, those of closures as well; false leaves parts out. The
/// operators of calls are not visited.
using node_visit = std::function<bool(const node&)>;
void walk(const node& n, const node_visit& visit);
void walk(const literal& l, const node_visit& visit);
void walk(const literals& l, const node_visit& visit);

/// Visits a literal and those of its body and of closures within it, each once.
void walk_literals(const literal& l,
                   const std::function<void(const literal&)>& visit);

/// The terms that `not` does not negate but evaluates before: a call's
/// operands, what stands within brackets or in a composite, the domain of
/// `every`.
nodes outside_not(const literal& l);
/// Whether any of them may be undefined, so that a negation of the literal is
/// not its complement.
bool has_nested(const literal& l);

/// A copy with variables and references changed, in closures as well; null
/// keeps a node. The heads of references come as references' heads do: by the
/// change of the reference itself, or as variables.
using node_change = std::function<node_ptr(const node_ptr&)>;
node_ptr changed(arena& memory, const node_ptr& n, const node_change& change);
literal changed(arena& memory, const literal& l, const node_change& change);
literals changed(arena& memory, const literals& l, const node_change& change);

/// Variables, but for the roots; those in closures only where asked for.
using names = std::set<std::string, std::less<>>;
void vars_of(const node& n, bool closures, names& out);
void vars_of(const literal& l, bool closures, names& out);

/// As syntax trees again.
term to_term(const node& n);
expr to_expr(const literal& l);
query to_query(const literals& l);
/// Of no negation; without what closures and `every` say, for which no variable
/// is bound outside.
expr without_bodies(const literal& l);

} // namespace rego::partial
