// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Last pass: instructions. One code_writer a rule (or query): allots registers
// to variables, keeps track of which are bound, and writes code whose failing
// jumps go to the innermost open loop. The tree has passed safety, so a
// variable not yet bound is bound where it stands.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/rule_tree.hpp"
#include "compiler/vars.hpp"
#include "machine/program.hpp"

namespace rego {

/// Arguments that a function of the tree or a built-in takes, or -1.
int callee_arity(const rule_tree& tree, const term& callee);
arity_of arity_in(const rule_tree& tree);

/// What all code of a unit shares: constants once each, places, names.
class unit_writer {
public:
  unit_writer(code_unit& unit, arena& memory, const rule_tree& tree)
      : unit(unit), memory(memory), tree(tree) {}

  int32_t constant(const value& v);
  int32_t string(std::string_view s) {
    return constant(make_string(memory, s));
  }
  uint32_t file(const std::string& name);
  uint32_t place_at(const location& at);
  value ground(const term& t);
  void report(std::string code, std::string message, const location& at);
  int arity(const term& callee) const;
  /// A node for events, in the current file.
  int32_t add_node(trace_node n);
  /// Text that stands at an offset of the source, with the names of rules and
  /// imports in full.
  std::string in_full(std::string_view text, uint32_t offset) const;
  /// The texts of a query's node.
  void tell(const query& q, trace_node& to) const;

  code_unit& unit;
  arena& memory;
  const rule_tree& tree;
  uint32_t current_file = 0;
  bool of_query = false;  // and not of rules
  bool reference = false; // no joins, nothing remembered
  bool index = true;
  bool early_exit = true;
  bool instrument = false;                        // events, see code_trace.cpp
  const std::vector<meant_name>* meant = nullptr; // of the file, if so
  /// What rego.metadata.chain() and .rule() are in the rule being written.
  value metadata_chain;
  value metadata_rule;
  /// Compile errors found while writing code.
  errors* out = nullptr;

private:
  std::unordered_map<std::string, int32_t> constants_;
  std::unordered_map<std::string, uint32_t> files_;
  uint64_t last_place_ = UINT64_MAX;
};

class code_writer {
public:
  explicit code_writer(unit_writer& u) : u_(u) {}

  using then = std::function<void()>;

  /// Code of a body; `success` writes what follows a solution; when there are
  /// no more the code continues behind it.
  void body(const query& q, const then& success);
  /// A term's value in an operand; everything unbound in references iterates.
  int32_t value_of(const term& t);
  /// Matches an operand against a pattern, binding what is unbound.
  void match(const term& pattern, int32_t with);
  /// The same against a key that is given; where that finds something at once
  /// which would be searched for without it, the code says so.
  void match_given(const term& pattern, int32_t with);
  void literal(const expr& e);
  void literals(std::span<const expr> list);
  /// A literal's value instead of its truth, for the results of a query.
  int32_t captured(const expr& e);

  int reserve() { return registers_++; }
  int registers() const { return registers_; }
  void bind(const std::string& name, int32_t to);
  const int32_t* bound(const std::string& name) const;

  uint32_t emit(insn i, const location& at);
  int32_t arguments(const std::vector<int32_t>& list);
  /// A number of arguments as an instruction has it; too many are an error.
  uint16_t count_of(size_t arguments);
  int32_t fresh() { return static_cast<int32_t>(registers_++); }

  // Labels: jumps to one that is not placed yet are patched when it is.
  int new_label();
  void place_label(int label);
  void jump(int label, const location& at);
  void aim(uint32_t at, int label);
  uint32_t emit_failing(insn i, const location& at);
  int fail_label() const { return fail_; }
  /// Runs `inner` with another target for failure.
  void failing_to(int label, const then& inner);

  // Events (code_trace.cpp); nothing happens unless instrumented.
  struct open_query {
    int32_t node = -1;
    int32_t saved = 0;
    location at = {};
  };
  /// A literal's code, written by `inner`, with its events.
  void traced(const expr& e, int index, const then& inner);
  open_query enter(trace_node n, const location& at, bool outermost);
  open_query enter(const query& body, const location& at);
  void exit(const open_query& q);
  void redo(const open_query& q);
  void leave(const open_query& q);
  /// `body` as a query of its own.
  void traced_body(const query& q, const location& at, const then& success);
  void announce_case(const std::vector<term>& keys, const query& of,
                     const location& at);

private:
  struct watched {
    int32_t name, where, place;
    int32_t written; // its text in the source
    int32_t begun;   // a register: defined once the evaluation began
  };
  bool watching(const term& t) const;
  std::string written(const term& t) const;
  int32_t watched_value(const term& t);
  insn with_locals(insn i, const std::vector<watched>& list);
  void traced_lookup(int32_t slot, const std::vector<int32_t>& args,
                     const term& by);
  void traced_note(int32_t message, const location& at);
  void tell_literal();

  // Literals (code_literal.cpp).
  void plain_literal(const expr& e);
  void positive_literal(const expr& e);
  void term_literal(const term& t);
  void equate(const term& a, const term& b, const location& at);
  void equate_pairs(std::vector<std::pair<const term*, const term*>> pairs,
                    const location& at);
  void equate_arrays(const term& a, const term& b, const location& at);
  void equate_objects(const term& a, const term& b, const location& at);
  void negation(const expr& e);
  term lifted(const term& part);
  void some_in(const expr& e);
  void every(const expr& e);
  void with_literal(const expr& e, int32_t* capture);
  void check_partial(const term& target);
  insn begin_with(const with_modifier& w);
  insn replace_function(int32_t what, bool builtin, const with_modifier& w);
  void logic(const expr& e);
  void print_literal(const term& t);

  // Joins (code_join.cpp).
  bool simple_known(const term& t) const;
  struct demand_index {
    std::unordered_map<std::string, std::vector<size_t>> by_name;
    // Of the literals before each one, how many show something, and how many
    // may raise an error.
    std::vector<size_t> shown{0}, loud{0};
  };
  static demand_index demands_of(std::span<const expr> list);
  bool join(std::span<const expr> list, size_t i,
            const demand_index& demanding);
  struct demand { // ref == known
    const term* ref;
    const term* known;
  };
  struct demands_of_element {
    std::vector<demand> all;
    bool loud = false; // what is in front of one of them may raise an error
  };
  demands_of_element demands_behind(std::span<const expr> list, size_t i,
                                    const std::string& name,
                                    const demand_index& demanding) const;
  void write_join(const term& container, const demands_of_element& wanted,
                  const term& element);
  void write_elements(int32_t to, int32_t from,
                      const std::vector<demand>& wanted, const location& at);
  bool joined(std::span<const expr> list, const term& key,
              const term& known) const;
  bool outer_variables(const term& t, std::vector<int32_t>& out) const;

  // Groups (code_group.cpp). A comprehension's rows, all that its literals in
  // front of `at` give, have what the parts' `key`s come to as their key; such
  // literals as `at` compare each with `known`, which is known outside.
  struct grouping {
    struct part {
      const term* key;
      const term* known;
      bool maybe; // `known` may be undefined
    };
    size_t at = 0;
    std::vector<part> parts;
    var_set around; // variables of outside that rows hang on
  };
  class group_search;
  void comprehension_body(const term& t, const then& each);
  void grouped_body(const term& t, const grouping& g, const then& each);
  std::vector<std::string> group_rows(const term& t, const grouping& g,
                                      int32_t builder,
                                      const std::vector<int32_t>& known);
  int32_t group_key(const grouping& g, int32_t builder,
                    const std::vector<int32_t>& known, const location& at);
  int32_t one_of(const std::vector<int32_t>& parts, const location& at);

  // Terms (code_term.cpp).
  int32_t collection(const term& t);
  int32_t plain_value(const term& t);
  int32_t literal_value(const term& t);
  int32_t comprehension(const term& t);
  int32_t call(const term& t);
  int32_t builtin(const term& t, const std::string& name,
                  const std::vector<int32_t>& parts, int32_t r);
  /// The package or rule at the path; null where there is none.
  const rule_tree_node* tree_node(const term& ref) const;
  const rule_tree_node* function_node(const term& callee) const;
  int32_t template_text(const term& t);
  int32_t part_set(const term& t);
  void match_array(const term& p, int32_t with);
  void match_object(const term& p, int32_t with);
  void match_nothing(const term& p, int32_t with);
  bool evaluable(const term& t, const var_set* more = nullptr) const;
  void equal_test(int32_t a, int32_t b, const location& at);

  // References (code_ref.cpp).
  int32_t reference(const term& t);
  bool partial_key(const rule_tree_node& n, const term& t, size_t i) const;
  int32_t root_reference(const term& t, size_t& used, bool& lazy);
  int32_t step(int32_t base, const term& key);
  void tell_spared(const term& key, int32_t container);
  void scan(int32_t container, const term* key, const term* element,
            const location& at);

  struct scan_registers {
    int32_t iterator, key, element;
  };
  scan_registers open_scan(int32_t container, const location& at);

  // What is bound from here on is forgotten at the end of the scope. Undone
  // and not copied, since a body may have very many scopes and variables.
  class inner_scope {
  public:
    explicit inner_scope(code_writer& w) : w_(w), mark_(w.undo_.size()) {}
    ~inner_scope() { w_.forget(mark_); }
    inner_scope(const inner_scope&) = delete;
    inner_scope& operator=(const inner_scope&) = delete;

  private:
    code_writer& w_;
    size_t mark_;
  };
  void forget(size_t mark);

  struct label {
    int64_t at = -1;               // -1: not placed yet
    std::vector<uint32_t> waiting; // instructions that jump there
  };

  unit_writer& u_;
  int registers_ = 0;
  int fail_ = -1;
  std::unordered_map<std::string, int32_t> bound_;
  std::vector<std::pair<std::string, std::optional<int32_t>>> undo_;
  std::vector<label> labels_;
  var_set given_; // variables of a key given that were not met yet
  std::vector<watched>* watched_ = nullptr;
  const expr* traced_ = nullptr; // the literal being traced
  int32_t literal_node_ = -1;    // and its node
  then each_literal_;            // called where one more literal holds
};

} // namespace rego
