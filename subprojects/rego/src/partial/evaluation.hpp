// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Evaluates a query as far as it is known, in the order and by the rules of
// OPA's partial evaluation: literals that depend on the unknowns are saved,
// rules and functions are entered, clause by clause, and each way to the end of
// the query leaves a body. What is known the machine answers.
//
// What follows a literal is a continuation: it runs while the literal's
// bindings and savings hold, once for each solution.

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "compiler/rule_tree.hpp"
#include "compiler/vars.hpp"
#include "partial/bindings.hpp"
#include "partial/dependence.hpp"
#include "partial/known.hpp"
#include "partial/lower.hpp"
#include "partial/steps.hpp"
#include "partial/support.hpp"

namespace rego::partial {

/// A function that is called while it lives elsewhere.
class continuation {
public:
  template <class F>
  continuation(const F& f)
      : f_(&f), call_([](const void* p) { (*static_cast<const F*>(p))(); }) {}
  void operator()() const { call_(f_); }

private:
  const void* f_;
  void (*call_)(const void*);
};

/// The replacements of `with` in force.
struct with_scope {
  value input;
  std::string text;     // as modifiers, for the machine
  bool special = false; // not of the input alone: the machine answers all
};

/// A body on its way.
struct frame {
  const literals* body;
  size_t index;
  uint64_t id;
  bindings* b;
  const with_scope* in;
  told_query told = {};
};

struct saved_literal {
  literal l;
  bindings* left;  // of the first term of an equation, else of all; null:
  bindings* right; // it has its names already
};
using saved_body = std::vector<saved_literal>;

class evaluation {
public:
  evaluation(const rule_tree& tree, dependence& d, known_parts& k,
             const partial_options& o, budget& left, arena& memory,
             names query_names, steps& told);

  /// Each body that is left of the query.
  void run(const literals& query, const continuation& each);
  /// In `each`: the body so far, with its variables' bindings.
  literals left_now();
  /// A body without what only carries values, `live` variables apart, and
  /// what is decided by then; nothing where it never holds. Null: as it is.
  /// `given` are bound outside.
  std::optional<literals> left_of(literals body, const names* live,
                                  const names& given, bool nonempty);

  support_rules support;
  /// Modules that what is left refers to as they are.
  std::set<const module*> originals;
  arity_of arity;

private:
  struct clause {
    const module* mod;
    const rule* r;
    flat_rule flat;
  };
  struct document {
    std::vector<clause> clauses;
    std::unique_ptr<clause> otherwise; // the default
    bool opaque = false;               // not to be entered: else, and others
    bool is_function = false;
    bool complete = true;
  };
  struct made_rules {
    bool any = false;
    std::vector<std::pair<nodes, support_rule>> rules; // by their paths
  };
  /// Support of one path is made once, under the replacements of the first that
  /// asks for it; those who ask under others have none.
  enum class made_support : uint8_t { elsewhere, none, some };
  struct tree_step;
  struct term_step;

  // Literals (evaluation.cpp)
  /// All of a query, clause or closure.
  void enter(frame& f, const continuation& k);
  void eval(frame& f, const continuation& k);
  void step(frame& f, const continuation& k);
  node_ptr stand_in(const frame& f, const replacement& w);
  void eval_with(frame& f, const continuation& k);
  void eval_term(frame& f, const continuation& k);
  void decide_body(frame& f, const literal& l, const with_scope& in,
                   const continuation& k);
  bool replaces_function(const replacement& w);

  // What is known (unknown.cpp)
  bool unknown(const node& n, bindings* b);
  bool unknown(const literal& l, bindings* b);
  bool unknown(const literals& l, bindings* b);
  bool unknown_ref(const node& n, bindings* b);
  bool open(const node_ptr& n, bindings* b);
  bool holds_open(const node& n, bindings* b);
  term shape(const node& ref, size_t size, bindings* b);
  bool kept_apart(const nodes& path, size_t size, bool inner);
  const document& document_of(const rule_tree_node& n);
  const rule_tree_node* node_of(const node& callee);
  static void check_text(const literals& body);

  // Savings (saving.cpp)
  void save(frame& f, literal l, bindings* b1, bindings* b2,
            const continuation& k);
  void save_equation(frame& f, const node_ptr& a, const node_ptr& b,
                     bindings* b1, bindings* b2, const continuation& k);
  void save_call(frame& f, const literal& l, const continuation& k);
  void save_raw(frame& f, const continuation& k);
  void save_named(const frame& f, const literals& list, const continuation& k);
  void tell_saved(const frame& f);
  void tell_end(trace_op op, const frame& f, const literal& l);
  bool captures(const literal& l) const;
  size_t mark(const node_ptr& n, bindings* b);
  std::optional<literals> decided(const literals& body);
  literal of_policy(const literal& l);
  known_parts::verdict check(const literals& body, const names& given);
  bool type_checks(const literals& body);
  literal plugged(const saved_literal& s);
  literals plugged(const saved_body& body);
  names open_names();
  void use_original(const node& n);
  void use_original(const literal& l);

  // Unification (unify.cpp)
  void unify(frame& f, const node_ptr& a, const node_ptr& b, bindings* b1,
             bindings* b2, const continuation& k);
  void unify_values(frame& f, const node_ptr& a, const node_ptr& b,
                    bindings* b1, bindings* b2, const continuation& k);
  void unify_lists(frame& f, const nodes& a, const nodes& b, size_t i,
                   bindings* b1, bindings* b2, const continuation& k);
  void unify_objects(frame& f, const node_ptr& a, const node_ptr& b,
                     bindings* b1, bindings* b2, const continuation& k);
  void unify_ref(frame& f, const node_ptr& a, const node_ptr& b, bindings* b1,
                 bindings* b2, const continuation& k);
  void unify_closure(frame& f, const node_ptr& a, const node_ptr& b,
                     bindings* b1, bindings* b2, bool swapped,
                     const continuation& k);
  node_ptr closure_value(frame& f, const node& closure, bindings* b);

  // Documents (documents.cpp, rules.cpp)
  void in_tree(frame& f, tree_step s, const continuation& k);
  static bool meets_rules(tree_step& s, const node_ptr& key);
  void tree_next(frame& f, tree_step s, const node_ptr& key,
                 const continuation& k);
  void tree_all(frame& f, tree_step s, const continuation& k);
  void tree_end(frame& f, const tree_step& s, const continuation& k);
  void virtual_document(frame& f, const tree_step& s, const continuation& k);
  void complete_document(frame& f, const tree_step& s, const document& d,
                         const continuation& k);
  void partial_document(frame& f, const tree_step& s, const document& d,
                        const continuation& k);
  void complete_support(frame& f, const tree_step& s, const document& d,
                        const continuation& k);
  void partial_support(frame& f, const tree_step& s, const document& d,
                       const continuation& k);
  frame within(const frame& f, const clause& c, bindings& own);
  void each_clause(frame& f, const tree_step& s, const clause& c, bool late,
                   const continuation& k);
  void in_term(frame& f, term_step s, const continuation& k);
  void term_open(frame& f, const term_step& s, const continuation& k);
  void term_all(frame& f, const term_step& s, const continuation& k);
  void term_next(frame& f, const term_step& s, const node_ptr& key,
                 const continuation& k);
  void replaced_document(frame& f, const node_ptr& a, const node_ptr& b,
                         bindings* b1, bindings* b2, const continuation& k);
  known_parts::answer value_of(const frame& f, const nodes& path);
  static std::optional<size_t> to_index(const value& v);
  void save_original(frame& f, const tree_step& s, const continuation& k);
  void save_support(frame& f, const tree_step& s, const continuation& k);
  made_support support_of(frame& f, const rule_tree_node& n, const document& d,
                          const nodes& path);
  made_rules rules_of(frame& f, const document& d, const nodes& path);
  static size_t package_of(const rule_tree_node& n, const document& d,
                           const made_rules& made);
  void save_clause(frame& f, const clause& c, const nodes& path,
                   made_rules& out);

  // Calls and closures (calls.cpp)
  void eval_call(frame& f, const continuation& k);
  std::optional<std::vector<value>> operands(const frame& f, const literal& l);
  void give(frame& f, const literal& l, const node_ptr& n, bindings* b,
            const continuation& k);
  static std::string call_text(const std::string& name,
                               const std::vector<value>& operands);
  void call_builtin(frame& f, const literal& l, const continuation& k);
  void call_function(frame& f, const literal& l, const rule_tree_node& n,
                     const continuation& k);
  void call_clause(frame& f, const literal& l, const clause& c,
                   const continuation& k);
  void call_support(frame& f, const literal& l, const rule_tree_node& n,
                    const document& d, const continuation& k);
  void eval_not(frame& f, const continuation& k);
  void each_failing(frame& f, const std::vector<literals>& bodies, size_t at,
                    literals& chosen, const continuation& k);
  void not_support(frame& f, uint64_t id, std::vector<literals> bodies,
                   const names& live, const continuation& k);
  void eval_every(frame& f, const continuation& k);
  std::optional<bool> every_holds(frame& f, const literal& l,
                                  const value& domain);

  static constexpr size_t depth_max = 2000;

  const rule_tree& tree_;
  dependence& depends_;
  known_parts& known_;
  const partial_options& options_;
  budget& left_;
  arena& memory_;
  names query_names_;
  steps& steps_;
  uint64_t next_id_ = 0;
  size_t next_ref_ = 0;
  size_t depth_ = 0;
  size_t bodies_ = 0;
  bindings root_;
  naming naming_;
  open_variables open_;
  std::vector<saved_body> saved_{1};
  std::vector<std::vector<term>> inner_apart_; // under `with`
  std::map<const rule_tree_node*, document> documents_;
  std::map<std::string, std::string> contexts_; // of support, by its path
  std::set<std::string> supported_;             // of which there is any
};

/// A reference from data on its way down the tree of rules and data.
struct evaluation::tree_step {
  nodes ref;
  size_t pos;
  nodes plugged;
  bindings* b;
  node_ptr rterm;
  bindings* rb;
  const rule_tree_node* node;
};

/// A reference on its way into a term.
struct evaluation::term_step {
  nodes ref;
  size_t pos;
  bindings* b;
  place at;
  node_ptr rterm;
  bindings* rb;
};

} // namespace rego::partial
