// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes a tree as text, the way `opa fmt` does: the rows of the source decide
// where lines break, and comments are written as their rows are passed. One
// writer a module; its parts are spread over write_*.cpp.
//
// A comment may stand where the layout has no place for it. Then the term
// around it is written as it was in the source, and the functions say false.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "format/notes.hpp"
#include "parser/head_view.hpp"
#include "parser/place.hpp"
#include "rego/format.hpp"

namespace rego {
struct builtin;
}

namespace rego::formatting {

/// What the module's version and imports make of the layout.
struct style {
  bool v1 = false;
  bool contains = false;  // partial sets are written with `contains`
  bool ifs = false;       // bodies follow an `if`
  bool ref_heads = false; // a head of this module has three parts or more
  bool keywords_in_refs = true;
  bool not_bodies = false;
  std::vector<std::string> keywords; // imported from future.keywords
};

/// An import, with a place that may be one given to it.
struct placed_import {
  const import_decl* decl = nullptr;
  int row = 0;
  int col = 0;
  bool added = false;
};

class writer {
public:
  /// Rules that lose a comment are written as they are where `careful`.
  writer(const module& m, style s, bool careful);

  std::string write(const std::vector<placed_import>& imports);
  const errors& problems() const { return errors_; }

private:
  // Lines and comments: writer.cpp.
  void put(std::string_view s) { out_ += s; }
  void put_line(std::string_view s);
  void begin_line();
  void end_line();
  void blank_line();
  void begin_sequence();
  const note* put_notes(int before_row);
  bool insert_notes(int row);
  void put_original(const place& p);
  struct indentation {
    explicit indentation(writer& w) : w_(w) { ++w_.level_; }
    ~indentation() { --w_.level_; }
    indentation(const indentation&) = delete;
    indentation& operator=(const indentation&) = delete;
    writer& w_;
  };

  // Packages and imports: write_imports.cpp.
  void write_package();
  void write_imports(std::vector<placed_import> list);
  void write_import(const import_decl& d);

  // Rules: write_rules.cpp.
  void write_rules(const rule* const* first, const rule* const* last);
  bool groupable(const rule& r) const;
  void write_checked(const rule& r);
  void write_rule(const rule& r, bool is_else);
  bool write_inline_body(const rule& r);
  void write_block(const rule& r, const head_view& h, bool is_else);
  void write_else(const rule& r);
  bool write_head(const head_view& h, const rule& r, bool constant,
                  bool is_else);
  bool write_name(const head_view& h);
  bool write_head_value(const head_view& h, const rule& r, bool constant,
                        bool is_else);
  bool uses_if(const rule& r) const;

  // Bodies and literals: write_bodies.cpp.
  bool write_body(const query& q);
  bool write_literal(const expr& e);
  bool write_terms(const expr& e);
  bool write_withs(const expr& e);
  bool write_with(const with_modifier& w, bool own_line);
  bool write_some(const expr& e);
  bool write_every(const expr& e);
  bool write_call_literal(const term& call);
  bool write_literal_operand(const term& t, int level);
  bool write_braced(const query& q, const place& around, brackets b,
                    const place& before);

  // not, and, or: write_logic.cpp.
  struct operand;
  struct step;
  bool write_not(const expr& e);
  bool write_not_operand(const expr& e);
  bool write_enclosed(const expr& e, bool parentheses);
  bool write_logic(const expr& e);
  bool write_operand(const operand& o);
  operand flatten(const expr& e, std::vector<step>& out) const;
  operand operand_of(const expr& e, size_t i) const;
  int row_at(uint32_t offset) const;
  void mark_leading_union(const expr& e);
  bool is_not(const expr& e) const;

  // Terms: write_terms.cpp, write_collections.cpp, write_template.cpp.
  bool write_term(const term& t);
  bool write_plain(const term& t, bool parentheses);
  bool write_value(const term& t, bool parentheses, const place& p);
  bool write_string(const term& t);
  bool write_ref(const std::vector<term>& parts);
  void write_name_part(const term& t);
  bool write_call(const term& t, bool parentheses);
  bool write_infix_operand(const term& t);
  bool write_named_call(const term& call);
  bool write_membership(const std::vector<term>& args, size_t from,
                        bool parentheses);
  bool write_template(const term& t);
  bool write_template_part(const term& t);
  void write_template_text(const term& t, bool raw);
  void arity_mismatch(const term& call);

  struct element {
    const term* key = nullptr;
    const term* value = nullptr; // of an object's pair
  };
  using element_writer = std::function<bool(const element&)>;
  bool write_list(const std::vector<term>& args, size_t from,
                  const place& around, int close_row, bool collection);
  bool write_object(const term& t, const place& p);
  bool write_set(const term& t, const place& p);
  bool write_comprehension(const term& t, const place& p);
  bool write_elements(std::vector<element> list, const place& around,
                      int close_row, const element_writer& write);
  bool write_in_union_parentheses(const term& t, bool parentheses);

  const module& module_;
  style style_;
  places where_;
  std::vector<size_t> line_ends_; // in the source
  notes notes_;
  std::string out_;
  errors errors_;
  int level_ = 0;
  bool inline_ = false;            // the line has begun
  const note* line_end_ = nullptr; // to be written where the line ends
  bool delay_ = false;             // ... but not at the next end
  bool note_on_last_line_ = false; // original text ends with its comment
  bool careful_;
  bool head_ = false; // no term around takes the original text
  const expr* paren_literal_ = nullptr;
  const term* paren_term_ = nullptr;
};

/// `x in y`.
bool is_membership(const term& t);
/// Set union, which reads as a comprehension's bar behind a bracket.
bool is_union(const term& t);
/// Whether a literal's text begins with a brace.
bool begins_with_brace(const expr& e);
/// The infix built-in that a call is, or null.
const builtin* infix_of(const term& call);
/// A word that needs no quotes behind a dot.
bool is_word(std::string_view s);
/// A string's literal in double quotes.
std::string string_literal(std::string_view s);

} // namespace rego::formatting
