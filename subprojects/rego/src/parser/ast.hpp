// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The syntax tree of a module, as written; the compiler's first passes change
// it in place (imports and locals resolved). Plain values, owned by the
// compilation that parsed them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/work.hpp"
#include "lexer/lexer.hpp"

namespace rego {

enum class term_kind : uint8_t {
  null,
  boolean,
  number,         // text is the number
  string,         // text is its value
  var,            // text is the name; wildcards are numbered "$0"
  ref,            // args: head, then the path
  array,          // args: elements
  set,            // args: members
  object,         // args: key, value, key, value
  call,           // args: operator (var or ref), then the operands
  array_compr,    // args: head
  set_compr,      // args: head
  object_compr,   // args: key, value
  template_string // args: strings and expressions in turn
};

struct query;

/// The bytes of the source that a node was written in, its parentheses
/// included; for the formatter and for locations in JSON.
struct extent {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct term {
  term_kind kind = term_kind::null;
  bool truth = false; // a boolean's value
  bool infix = false; // a call written as an operator
  bool paren = false; // written in parentheses
  location at;        // without the parentheses, as OPA counts
  extent where;
  std::string text;
  std::vector<term> args;
  std::shared_ptr<query> body;                 // of a comprehension
  [[no_unique_address]] copy_costs<20> copied; // it has about that many words

  bool is(term_kind k) const { return kind == k; }
  bool is_call(std::string_view op) const {
    return kind == term_kind::call && args[0].kind == term_kind::var
           && args[0].text == op;
  }
};

struct with_modifier {
  term target;
  term replacement;
  location at;
  extent where;
};

enum class expr_kind : uint8_t {
  term,     // terms[0]
  some,     // terms: the variables declared
  some_in,  // terms: [key,] value, collection
  every,    // terms: [key,] value, domain; body
  not_body, // body, under negation
  all_of,   // bodies: `and` of each
  any_of    // bodies: `or` of each
};

struct expr {
  expr_kind kind = expr_kind::term;
  bool negated = false;
  bool whole = false; // the negation is of all parts: future.keywords.not
  location at;
  std::string text; // as written
  std::vector<term> terms;
  std::shared_ptr<query> body;
  std::vector<std::shared_ptr<query>> bodies;
  std::vector<with_modifier> withs;
};

struct query {
  std::vector<expr> literals;
  bool braces = false; // written in braces
  uint32_t end = 0;    // of an operand of and and or, its brackets included
};

struct rule_head {
  term ref; // var or ref: the name as written
  bool is_function = false;
  bool is_set = false;   // `contains`
  bool assigned = false; // := rather than =
  bool has_value = false;
  std::vector<term> args;
  term key;   // of a partial set
  term value; // true where none is written
  location at;
  extent where;
};

struct rule {
  bool is_default = false;
  bool no_body = false;
  bool uses_if = false;
  bool chained = false; // a further body of the rule before: v0
  rule_head head;
  query body;
  std::shared_ptr<rule> otherwise; // else
  location at;
  std::string text;
};

struct import_decl {
  term path; // ref or var
  std::string alias;
  location at;
};

/// A name in the source that means a rule or an import, and its reference.
struct meant_name {
  uint32_t offset = 0;
  std::string name;
  std::string reference;
};

struct module {
  std::string file;
  std::string source;
  term package; // ref that starts with data
  std::vector<import_decl> imports;
  std::vector<rule> rules;
  std::vector<std::pair<location, std::string>> comments;
  std::vector<bool> comment_own_line;
  bool v1 = true;
  bool not_bodies = false;       // future.keywords.not is in force
  std::vector<meant_name> meant; // by offset, where events are to tell
};

/// "var", "ref", "array", ...: as OPA names the kinds of terms.
std::string_view kind_name(term_kind k);

/// The names of the two documents that all others are in.
inline bool is_root(std::string_view name) {
  return name == "data" || name == "input";
}
inline bool is_root(const term& t) {
  return t.is(term_kind::var) && is_root(t.text);
}

/// A constant that is no collection.
inline bool is_scalar(const term& t) {
  return t.is(term_kind::string) || t.is(term_kind::number)
         || t.is(term_kind::boolean) || t.is(term_kind::null);
}

bool is_keyword_of_v1(std::string_view word);

/// Letters, digits and underscores, as names have.
bool is_plain_name(std::string_view s);

/// Whether the rule is one of those that make an object, as OPA has it: some
/// element of its name is not ground, or a name of two has the value without
/// `if`: p[x] if ..., p.q := 1, but not p.q if ....
bool is_partial_object(const rule& r);

/// A key that OPA prints behind a dot, without quotes: a name that is no
/// keyword, in whatever version.
bool is_plain_key(std::string_view s);

/// The last name of a reference or a variable's name; empty where it has none.
std::string last_name(const term& t);

/// `data.a["b c"][x]` of a reference, in Rego's own notation.
std::string ref_text(const term& t);

/// What a function is looked up by: `ref_text`, but a local keeps the number
/// that tells it from a built-in of its name.
std::string callee_name(const term& callee);

/// A variable by the name that it was written with: without a local's number.
std::string written_name(const std::string& var);

/// A term as OPA prints it.
std::string term_text(const term& t);

/// OPA's order of terms, by kind and then by value; 0 where they are equal.
/// Closures have the order of the source.
int compare_terms(const term& a, const term& b);

} // namespace rego
