// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// References and iteration.

#include "compiler/code_writer.hpp"

namespace rego {

namespace {

bool is_function_node(const rule_tree_node& n) {
  return !n.rules.empty() && n.rules[0].r->head.is_function;
}

} // namespace

// The document that a reference starts from; `used` elements are consumed.
int32_t code_writer::root_reference(const term& t, size_t& used, bool& lazy) {
  auto& head = t.args[0];
  used = 1;
  lazy = false;
  if (head.kind != term_kind::var || bound(head.text))
    return value_of(head);
  auto r = fresh();
  if (head.text == "input") {
    emit_failing({op::input, 0, 0, r}, t.at);
    return r;
  }
  if (head.text != "data") {
    jump(fail_, t.at);
    return r;
  }
  const auto* node = &u_.tree.root();
  size_t i = 1;
  for (; i < t.args.size() && node->rules.empty(); ++i) {
    if (!is_scalar(t.args[i]))
      break;
    auto* next = rule_tree::child(*node, t.args[i]);
    if (!next) {
      emit_failing({op::base, 0, 0, r}, t.at);
      return r;
    }
    node = next;
  }
  used = i;
  if (is_function_node(*node)) {
    jump(fail_, t.at);
  } else if (!node->rules.empty()) {
    lazy = false;
    if (partial_key(*node, t, i)) {
      auto key = value_of(t.args[i]);
      traced_lookup(node->slot, {}, t);
      emit_failing({op::rule_key, 0, 0, r, node->slot, key}, t.at);
      used = i + 1;
      return r;
    }
    traced_lookup(node->slot, {}, t);
    emit_failing({op::rule, 0, 0, r, node->slot}, t.at);
  } else {
    lazy = true;
    emit({op::vnode, 0, 0, r, node->index}, t.at);
  }
  return r;
}

// Is element i a known key of a partial document?
bool code_writer::partial_key(const rule_tree_node& n, const term& t,
                              size_t i) const {
  if (u_.reference || i >= t.args.size() || !evaluable(t.args[i]))
    return false;
  auto& e = n.rules[0];
  return !e.suffix.empty() || e.r->head.is_set;
}

int32_t code_writer::reference(const term& t) {
  size_t used = 0;
  bool lazy = false;
  auto at = root_reference(t, used, lazy);
  for (size_t i = used; i < t.args.size(); ++i)
    at = step(at, t.args[i]);
  if (lazy) {
    auto r = fresh();
    emit_failing({op::force, 0, 0, r, at}, t.at);
    at = r;
  }
  return at;
}

int32_t code_writer::step(int32_t base, const term& key) {
  if (evaluable(key)) {
    tell_spared(key, base);
    auto k = value_of(key);
    auto r = fresh();
    emit_failing({op::get, 0, 0, r, base, k}, key.at);
    return r;
  }
  auto s = open_scan(base, key.at);
  match(key, s.key);
  return s.element;
}

// Where a variable of a key given is met first it would have got its values.
void code_writer::tell_spared(const term& key, int32_t container) {
  if (key.kind == term_kind::var && given_.count(key.text))
    emit({op::spared, 0, 0, 0, container}, key.at);
}

// From here on failure goes on with the next element.
code_writer::scan_registers code_writer::open_scan(int32_t container,
                                                   const location& at) {
  auto it = fresh();
  fresh();
  fresh();
  auto key = fresh();
  auto element = fresh();
  emit_failing({op::scan, 0, 0, it, container}, at);
  auto next = new_label();
  place_label(next);
  emit_failing({op::scan_next, 0, 0, it, key, element}, at);
  fail_ = next;
  return {it, key, element};
}

void code_writer::scan(int32_t container, const term* key, const term* element,
                       const location& at) {
  // A key that is known already needs no search.
  if (key && !u_.reference && evaluable(*key)) {
    tell_spared(*key, container);
    auto r = fresh();
    auto k = value_of(*key);
    emit_failing({op::get, 0, 0, r, container, k}, at);
    match(*element, r);
    return;
  }
  auto s = open_scan(container, at);
  if (key)
    match(*key, s.key);
  match(*element, s.element);
}

} // namespace rego
