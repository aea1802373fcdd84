// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules and the tree of documents.

#include "machine/verify.hpp"

#include "machine/verify_code.hpp"
#include "machine/verify_index.hpp"

namespace rego {

namespace {

using frame_form = code_frame::form;

[[noreturn]] void refuse_program(const std::string& what) {
  throw code_refused{what};
}

std::string node_name(size_t n) {
  return "node " + std::to_string(n) + " of the tree ";
}

// Parents come before their children, so that there is no circle.
void check_parents(const program& p) {
  std::vector<uint16_t> level(p.nodes.size());
  for (size_t n = 0; n < p.nodes.size(); ++n) {
    auto parent = p.nodes[n].parent;
    if (n == 0 && parent != -1)
      refuse_program(node_name(n) + "has a parent; expected none of the root");
    if (n == 0)
      continue;
    if (parent < 0 || static_cast<size_t>(parent) >= n)
      refuse_program(node_name(n) + "has parent " + std::to_string(parent)
                     + "; expected one before it");
    level[n] = static_cast<uint16_t>(level[static_cast<size_t>(parent)] + 1);
    if (level[n] > tree_levels_max)
      refuse_program(node_name(n) + "lies deeper than "
                     + std::to_string(tree_levels_max) + " levels");
    if (!p.nodes[n].key.defined() || p.nodes[n].key.type() == kind::node)
      refuse_program(node_name(n) + "has no key");
  }
}

// Each node is its parent's child once, and found there by its key.
void check_children(const program& p) {
  size_t count = 1;
  for (size_t n = 0; n < p.nodes.size(); ++n) {
    auto& node = p.nodes[n];
    auto last = static_cast<int>(n);
    for (auto c : node.children) {
      if (c <= last || static_cast<size_t>(c) >= p.nodes.size()
          || p.nodes[static_cast<size_t>(c)].parent != static_cast<int>(n))
        refuse_program(node_name(n) + "has child " + std::to_string(c)
                       + "; expected its own children in order");
      last = c;
      auto found =
          lookup(node.child_index, p.nodes[static_cast<size_t>(c)].key);
      if (!found.is_integer() || found.as_integer() != c)
        refuse_program(node_name(n) + "does not find child " + std::to_string(c)
                       + " by its key");
      ++count;
    }
    if (!node.child_index.is_object()
        || node.child_index.size() != node.children.size())
      refuse_program(node_name(n) + "finds other children than it has");
  }
  if (count != p.nodes.size())
    refuse_program("the tree has nodes that are no node's children");
}

void check_tree(const program& p) {
  if (p.nodes.empty())
    refuse_program("the tree has no root");
  check_parents(p);
  check_children(p);
  for (size_t n = 0; n < p.nodes.size(); ++n) {
    auto slot = p.nodes[n].slot;
    if (slot == -1)
      continue;
    if (slot < 0 || static_cast<size_t>(slot) >= p.slots.size()
        || p.slots[static_cast<size_t>(slot)].node != static_cast<int>(n))
      refuse_program(node_name(n) + "has rule " + std::to_string(slot)
                     + "; expected one that stands there");
    if (p.nodes[n].document
        && p.slots[static_cast<size_t>(slot)].kind == rule_kind::function)
      refuse_program(node_name(n) + "is a document; expected none, as "
                     + p.slots[static_cast<size_t>(slot)].name
                     + " is a function");
  }
}

frame_form frame_form_of(rule_kind k) {
  switch (k) {
  case rule_kind::complete:
    return frame_form::complete;
  case rule_kind::set:
    return frame_form::set;
  case rule_kind::object:
    return frame_form::object;
  default:
    return frame_form::function;
  }
}

class program_verifier {
public:
  explicit program_verifier(const program& p) : p_(p), code_(p, p.unit) {}

  void rule(size_t n) {
    auto& s = p_.slots[n];
    auto wrong = [&](const std::string& what) {
      refuse_program(s.name + " " + what);
    };
    if (s.kind > rule_kind::function)
      wrong("is of no known kind");
    if (s.node < 0 || static_cast<size_t>(s.node) >= p_.nodes.size()
        || p_.nodes[static_cast<size_t>(s.node)].slot != static_cast<int>(n))
      wrong("stands at node " + std::to_string(s.node)
            + " of the tree; expected one that is its own");
    if (s.at.file >= p_.unit.files.size())
      wrong("is in no file; expected one that exists");
    if (s.registers < 0 || s.registers > frame_registers_max)
      wrong("has " + std::to_string(s.registers) + " registers; expected 0 to "
            + std::to_string(frame_registers_max));
    if (s.arity < 0 || s.arity > s.registers
        || (s.arity && s.kind != rule_kind::function))
      wrong("has " + std::to_string(s.arity)
            + " arguments; expected them in registers of a function");
    bool partial = s.kind == rule_kind::set || s.kind == rule_kind::object;
    if (!s.keyed.empty() && (!partial || s.registers < 1))
      wrong("is asked for a key; expected a partial rule with a register for "
            "it");
    if (s.early_exit && partial)
      wrong("ends early; expected that of complete rules and functions alone");
    if (s.index)
      if (auto why = index_refusal(*s.index, s.clauses.size(), s.arity))
        wrong("has an index " + *why);
    clauses(s);
  }

private:
  void clauses(const rule_slot& s) {
    code_frame f{frame_form_of(s.kind), s.name,
                 static_cast<size_t>(s.registers), static_cast<size_t>(s.arity),
                 s.early_exit};
    for (auto& c : s.clauses)
      code_.follow(f, c.entry);
    if (s.has_default)
      code_.follow(f, s.default_clause.entry);
    f.given = 1;
    for (auto& c : s.keyed)
      code_.follow(f, c.entry);
  }

  const program& p_;
  code_verifier code_;
};

template <class Check>
std::optional<std::string> refusal(Check check) {
  try {
    check();
    return {};
  } catch (code_refused& r) {
    return std::move(r.why);
  }
}

} // namespace

std::optional<std::string> refusal_of(const program& p) {
  return refusal([&] {
    program_verifier v(p);
    check_tree(p);
    for (size_t n = 0; n < p.slots.size(); ++n)
      v.rule(n);
  });
}

std::optional<std::string> refusal_of(const program& p, const code_unit& unit,
                                      int registers, bool entry) {
  return refusal([&] {
    if (registers < 0 || registers > frame_registers_max)
      refuse_program("the query has " + std::to_string(registers)
                     + " registers; expected 0 to "
                     + std::to_string(frame_registers_max));
    code_frame f;
    f.kind = entry ? frame_form::entry : frame_form::query;
    f.name = "the query";
    f.registers = static_cast<size_t>(registers);
    code_verifier(p, unit).follow(f, 0);
  });
}

} // namespace rego
