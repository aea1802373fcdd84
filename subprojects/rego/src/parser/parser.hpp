// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parser's state and its parts, spread over parse_*.cpp. That something
// cannot be read travels as the exception syntax_error inside this folder only;
// what is wrong was told before. As with OPA's parser some readings go on
// nevertheless, so that more may be told.

#include <optional>
#include <string>

#include "core/walk_watch.hpp"
#include "parser/parse.hpp"

namespace rego {

struct syntax_error {};

/// A bound was reached: nothing else is tried or told.
struct out_of_bounds {
  error what;
};

/// The line of the last character at or before `offset` that is no space.
shown_line line_at(std::string_view text, size_t offset);

/// An operator's name in messages, such as "plus"; other symbols as they are.
std::string symbol_name(std::string_view symbol);

/// What a rule without a value has, and one without a body.
term true_term(const location& at);
query true_body(const location& at);

class parser {
public:
  parser(std::string_view file, std::string_view text, const lexed& tokens,
         const parse_options& options);

  module parse_module();
  query parse_whole_query();
  import_decl parse_import_path();
  /// Throws where the capabilities allow no text at all.
  void check_allowed();
  /// All that is wrong. Its lines have no text and count their index from the
  /// beginning of the module.
  errors& wrong() { return wrong_; }

private:
  static constexpr int chain_max = 3000;
  static constexpr size_t elses_max = 1000;

  // Tokens.
  const token& now() const { return tokens_[pos_]; }
  const token& ahead(size_t n = 1) const {
    return tokens_[std::min(pos_ + n, tokens_.size() - 1)];
  }
  bool at_end() const { return now().type == tok::end; }
  bool at(std::string_view symbol) const {
    return now().type == tok::symbol && now().text == symbol;
  }
  bool at_word(std::string_view w) const {
    return now().type == tok::identifier && now().text == w
           && pos_ != name_pos_;
  }
  // Where a rule or a literal begins and behind a term, a keyword that a dot or
  // a bracket follows is a name: `not.foo`.
  bool before_ref() const {
    return kw_in_refs_ && ahead().type == tok::symbol && !ahead().space_before
           && (ahead().text == "." || ahead().text == "[");
  }
  void see_name() {
    if (before_ref())
      name_pos_ = pos_;
  }
  bool starts_with_word(std::string_view w) const {
    return at_word(w) && !before_ref();
  }
  bool take(std::string_view symbol);
  bool take_word(std::string_view w);
  void expect(std::string_view symbol);
  error problem_at(const location& at, std::string message) const;
  void tell(const location& at, std::string message);
  /// What is wrong with the illegal token, once where it is the one here.
  void tell_illegal();
  /// The token here cannot stand here; `expected` says what could.
  void tell_misplaced(const std::string& expected);
  [[noreturn]] void fail(std::string message);
  [[noreturn]] void fail_at(const location& at, std::string message);
  [[noreturn]] void unexpected(const std::string& expected);
  [[noreturn]] void give_up(std::string message) const;
  /// Whether `parse` could read what it reads; the place is where it ended.
  template <class Parse>
  bool reads(const Parse& parse) {
    try {
      parse();
      return true;
    } catch (const syntax_error&) {
      return false;
    }
  }
  /// Runs `parse`; where it fails there is a second error, of the same token.
  template <class Parse>
  auto or_expected(const std::string& expected, const Parse& parse)
      -> decltype(parse()) {
    try {
      return parse();
    } catch (const syntax_error&) {
      tell_misplaced(expected);
      throw;
    }
  }
  /// What is wrong with a statement that can be read: told where all of them
  /// can be.
  void object_to(const location& at, std::string message);
  /// A place to go back to where a reading fails.
  struct spot {
    size_t pos;
    size_t wrong;
    int wildcards;
    std::vector<std::string> hints;
  };
  spot here() const { return {pos_, wrong_.size(), wildcards_, hints_}; }
  void back_to(const spot& s);
  void check_versions(const rule& r);
  bool is_keyword(std::string_view word) const;
  bool is_reserved(std::string_view word) const;
  std::string source(const location& from) const;
  uint32_t last_end() const;
  /// From `begin` to the end of the last token read.
  extent since(uint32_t begin) const { return {begin, last_end()}; }

  // Modules and rules.
  void parse_statements(module& m);
  void check_comments();
  void parse_package(module& m);
  void parse_next(module& m);
  void parse_instead_of_package(module& m);
  void parse_second_package();
  void parse_import(module& m);
  void enable_imports(const import_decl& d, module& m);
  bool enable_keywords(std::string_view name);
  bool may_import(std::string_view keyword) const;
  std::string importable() const;
  bool has(std::string_view feature) const;
  void parse_rule(module& m);
  void parse_default_rule(module& m);
  void parse_statement(module& m, rule* known = nullptr, size_t behind = 0);
  void check_default_value(const rule& r, const term& t);
  void check_default_args(const rule& r);
  rule_head parse_head(bool is_default = false);
  static rule_head copy_head(const rule_head& h);
  void parse_head_key_or_value(rule_head& h, bool is_default);
  void classify_head(rule_head& h, bool uses_if);
  bool parse_rule_body(query& into, bool& uses_if, bool is_else);
  void parse_if_body(query& into, bool is_else);
  bool stands_alone() const;
  bool parse_literal_in_braces(query& into);
  std::shared_ptr<rule> parse_elses(const rule& first);
  std::shared_ptr<rule> parse_else(const rule& before);
  bool names_rule(size_t n) const;
  term parse_head_ref();
  void parse_head_args(rule_head& h);

  // Bodies.
  query parse_braced_body();
  query parse_body_until(std::string_view closing);
  void end_literal(std::string_view closing);
  bool means_every(size_t from);
  bool means_some_in();
  template <class Parse>
  bool with_all_keywords(const Parse& parse);
  expr parse_literal();
  expr parse_literal_start();
  expr parse_plain_literal(bool negated, const location& begin);
  void parse_some(expr& e);
  std::vector<term> parts_of_membership(term t, const std::string& expected);
  bool parse_some_in(expr& e);
  void parse_every(expr& e);
  void parse_withs(expr& e);
  term parse_expression();

  // Operands of `and` and `or`; one in braces is a query of its own, others
  // are queries of one literal. What follows tells braces from a value's.
  bool at_logic(std::string_view word) const {
    return (word == "and" ? kw_and_ : kw_or_) && at_word(word);
  }
  bool at_logic() const { return at_logic("and") || at_logic("or"); }
  size_t behind_brackets() const;
  bool may_be_group() const;
  expr parse_logic_tail(query first, const location& at);
  query parse_chain(std::string_view word, query first, const location& at);
  query parse_logic_operand(std::string_view word);
  query parse_operand_body(std::string_view word);
  std::optional<query> parse_leading_body();
  std::optional<query> parse_logic_group(bool is_operand,
                                         std::string_view prefix);
  bool parse_group_end(query& q, const location& begin, bool is_operand);
  void refuse_body_in_group(const spot& open, const std::string& braces,
                            std::string_view prefix);
  expr negation_of(query q, const location& at);
  query parse_not_body(const location& begin);
  std::optional<term> parse_term_instead(const spot& from);
  void check_operand(const query& q, std::string_view word);
  void tell_ambiguous_union(const location& at, const query& q,
                            std::string_view prefix);
  void tell_with_hint(const location& at, std::string message,
                      std::string hint);
  void fail_by_brace(const location& at, std::string_view word);
  void fail_by_with(const location& at);

  // Terms, from the loosest operator to the tightest.
  term parse_infix(bool in_list);
  term parse_infix_from(term first, uint32_t begin);
  term parse_membership(bool in_list);
  term parse_binary(int level);
  void lengthen();
  term parse_operand();
  term parse_operand_anew();
  term parse_operand_plain();
  term parse_parentheses();
  term parse_minus();
  term parse_postfix(term head);
  term parse_bracket_tail(term head);
  void meet_space(location at);
  term parse_call_tail(term head);
  term parse_identifier();
  term parse_number(bool negative, bool dot);
  term parse_string();
  term parse_template();
  void parse_template_text(term& out, bool first);
  term parse_template_value();
  term parse_with_part(term t);
  term parse_array();
  term parse_brace();
  void parse_object(term& t, term key, bool may_be_comprehension);
  bool parse_pairs_or_comprehension(term& t, term first);
  void parse_pairs(term& t);
  bool parse_comprehension(term& t, term head, std::string_view closing);
  void parse_list(term& t, term first, std::string_view closing);
  term make_call(std::string_view op, const token& at, uint32_t begin, term a,
                 term b);

  struct deeper {
    explicit deeper(parser& p) : p_(p) {
      if (++p_.depth_ > 300)
        p_.give_up("expression is nested too deeply");
      spend(10);
      watch_walk(1);
      if (++p_.steps_ > 10'000 + 100 * p_.tokens_.size())
        p_.give_up("expression is too ambiguous");
    }
    ~deeper() { --p_.depth_; }
    deeper(const deeper&) = delete;
    deeper& operator=(const deeper&) = delete;
    parser& p_;
  };

  std::string_view file_;
  std::string_view text_;
  const std::vector<token>& tokens_;
  std::vector<comment> comments_;
  std::vector<std::string> problems_; // of the illegal token
  size_t pos_ = 0;
  int depth_ = 0;
  int wildcards_ = 0;
  errors wrong_;                   // which is all that is told then
  size_t illegal_told_ = 0;        // its end in wrong_, 0 where it is not there
  errors no_rules_;                // statements that are no rules
  errors not_v1_;                  // rules that v1 refuses
  std::vector<std::string> hints_; // for the next error
  std::optional<location> space_;  // what cannot stand here is white space
  size_t space_pos_ = 0;           // the token behind it
  size_t name_pos_ = SIZE_MAX;     // a keyword that begins a reference
  int chain_ = 0; // levels by operators in the term read: they nest to the left
  size_t steps_ = 0; // bounds what is read again where the text is ambiguous
  std::optional<term> given_; // an operand that was read already
  uint32_t given_begin_ = 0;
  bool v1_;
  const bool asked_v1_;
  const bool as_v1_too_;
  const capabilities* allowed_;
  const comments_check& check_comments_;
  bool kw_in_refs_; // a keyword may be a part of a reference
  bool kw_in_, kw_every_, kw_if_, kw_contains_, kw_not_ = false,
                                                kw_and_ = false, kw_or_ = false;
  // The operand that could not be read last: where there are two readings of a
  // text, the second one need not try it again.
  struct {
    size_t from = SIZE_MAX, to = 0;
    size_t before = 0, illegal_told = 0; // of what was wrong
    errors why;
  } unread_;

  friend struct deeper;
};

} // namespace rego
