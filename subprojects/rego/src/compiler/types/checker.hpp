// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The type check of one body, rule or query, as OPA has it: literal by literal
// in the order of evaluation, nested calls and references before what they
// stand in. Calls must take their operands, equations must be able to hold,
// references must lead somewhere; the types of variables are learned on the
// way, so that each use narrows what the next may be.
//
// As in OPA, of the body of `every` only the references are checked; so are
// those of `not`, `and` and `or`.

#include <string>
#include <unordered_map>

#include "builtins/builtin.hpp"
#include "compiler/rule_tree.hpp"
#include "compiler/types/base_types.hpp"
#include "compiler/types/details.hpp"
#include "compiler/types/rule_types.hpp"
#include "compiler/types/var_types.hpp"
#include "rego/error.hpp"

namespace rego::types {

class checker {
public:
  /// Errors are appended to `out`, with the name of the file.
  checker(const rule_tree& tree, const rule_types& rules,
          const base_types& base, std::string file, errors& out)
      : tree_(tree), rules_(rules), base_(base), file_(std::move(file)),
        out_(out) {}

  void check(const query& q);
  /// Checks what stands within a term; then type_of knows the term.
  void check(const term& t);
  /// Null where nothing is known.
  type type_of(const term& t) const { return type_of(t, 0); }
  /// Variables of an argument that the body did not tell anything of.
  void take_any(const term& argument);
  /// What a call has for operands and wants.
  error_details operands_of(const term& call, bool nested,
                            bool with_result = false) const;

private:
  using path = ref_path;

  // Literals (check_literal.cpp).
  void check(const expr& e);
  void check_statement(const term& t, const location& at);
  void check_some_in(const expr& e);
  void check_with(const with_modifier& w);
  void check_references(const query& q);
  void check_closure(const term& t);
  void check_template(const term& t);

  // Calls (check_call.cpp).
  struct signature {
    type function; // null where nothing is known
    const builtin* declared = nullptr;
  };
  signature signature_of(const term& callee) const;
  type check_call(const term& t, const location& at, bool nested);
  static named_types wanted(const signature& s, bool with_result);

  // Equations (learn.cpp).
  void equate(const term& a, const term& b, const type& tb, const location& at);
  bool unify(const term& a, const type& ta, const term& b, const type& tb);
  bool unify_arrays(const term& a, const term& b);
  bool unify_objects(const term& a, const term& b);
  /// False if it cannot be of that type; with `join` it may be of others too.
  bool learn(const term& t, const type& want, bool join);
  bool learn_var(const term& t, const type& want, bool join);
  bool learn_parts(const term& t, const type& want, bool join);
  bool learn_items(const term& t, const type& want, bool join);
  bool learn_properties(const term& t, const type& want, bool join);

  // References (check_ref.cpp).
  type check_ref(const path& ref);
  type check_data(const path& ref);
  bool check_document(const path& ref);
  bool check_key(const path& ref, size_t i, const rule_tree_node& n);
  bool check_path(const path& ref, size_t i, type t);
  bool check_element(const path& ref, size_t i, type& t);
  void take_any(const path& ref, size_t from);
  type root_type(const term& root) const;
  type document_type(const path& ref) const;
  static type select_path(type t, const path& ref, size_t from);
  bool fail_key(const path& ref, size_t i, const type& have, const type& want,
                const std::vector<constant_key>& one_of);
  bool fail_path(const path& ref, size_t i, const type& have);

  // Terms (type_of.cpp).
  type type_of(const term& t, int depth) const;
  type object_type(const term& t, int depth) const;

  void fail(const location& at, std::string message, error_details why);

  const rule_tree& tree_;
  const rule_types& rules_;
  const base_types& base_;
  std::string file_;
  errors& out_;
  var_types vars_;
  // Of calls, references and closures that were checked.
  std::unordered_map<const term*, type> found_;
  bool references_only_ = false;
};

/// A term whose type is found by checking it, not by looking at it.
bool is_opaque(const term& t);

} // namespace rego::types
