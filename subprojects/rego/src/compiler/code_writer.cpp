// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/code_writer.hpp"

#include "core/work.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

// Scalars and strings are shared; a collection is a constant of its own.
int32_t unit_writer::constant(const value& v) {
  if (!v.is_collection()) {
    auto key = v.defined() ? to_json(v) : std::string();
    auto [at, fresh] = constants_.try_emplace(
        std::move(key), ~static_cast<int32_t>(unit.constants.size()));
    if (fresh)
      unit.constants.push_back(v);
    return at->second;
  }
  unit.constants.push_back(v);
  return ~static_cast<int32_t>(unit.constants.size() - 1);
}

uint32_t unit_writer::file(const std::string& name) {
  auto [at, fresh] =
      files_.try_emplace(name, static_cast<uint32_t>(unit.files.size()));
  if (fresh)
    unit.files.push_back(name);
  return at->second;
}

uint32_t unit_writer::place_at(const location& at) {
  auto id = static_cast<uint64_t>(current_file) << 44
            | static_cast<uint64_t>(at.row & 0xFFFFFF) << 20
            | static_cast<uint64_t>(at.col & 0xFFFFF);
  if (id != last_place_) {
    unit.places.push_back({current_file, at.row, at.col});
    last_place_ = id;
  }
  return static_cast<uint32_t>(unit.places.size() - 1);
}

// The value of a term without variables; undefined where it has any.
value unit_writer::ground(const term& t) {
  spend(4);
  switch (t.kind) {
  case term_kind::null:
    return value::null();
  case term_kind::boolean:
    return value::boolean(t.truth);
  case term_kind::number:
    return make_number(memory, t.text);
  case term_kind::string:
    return make_string(memory, t.text);
  case term_kind::array:
  case term_kind::set: {
    array_builder b(memory, t.args.size());
    for (auto& a : t.args) {
      auto v = ground(a);
      if (!v.defined())
        return v;
      b.push(v);
    }
    return t.kind == term_kind::array ? b.array() : b.set();
  }
  case term_kind::object: {
    object_builder b(memory, t.args.size() / 2);
    for (size_t i = 0; i + 1 < t.args.size(); i += 2) {
      auto k = ground(t.args[i]);
      auto v = k.defined() ? ground(t.args[i + 1]) : value();
      if (!v.defined())
        return {};
      b.add(k, v);
    }
    return b.finish();
  }
  default:
    return {};
  }
}

void unit_writer::report(std::string code, std::string message,
                         const location& at) {
  out->push_back({std::move(code), std::move(message), unit.files[current_file],
                  at.row, at.col});
}

int unit_writer::arity(const term& callee) const {
  return callee_arity(tree, callee);
}

int callee_arity(const rule_tree& tree, const term& callee) {
  if (callee.kind == term_kind::ref && callee.args[0].text == "data") {
    const auto* n = &tree.root();
    for (size_t i = 1; n && i < callee.args.size(); ++i)
      n = rule_tree::child(*n, callee.args[i]);
    return n && !n->rules.empty() && n->rules[0].r->head.is_function
               ? static_cast<int>(n->rules[0].r->head.args.size())
               : -1;
  }
  auto* b = builtin_table::instance().find(callee_name(callee));
  return b && !b->variadic ? b->arity : -1;
}

arity_of arity_in(const rule_tree& tree) {
  return [&tree](const term& callee) { return callee_arity(tree, callee); };
}

uint32_t code_writer::emit(insn i, const location& at) {
  spend(4);
  i.place = u_.place_at(at);
  u_.unit.code.push_back(i);
  return static_cast<uint32_t>(u_.unit.code.size() - 1);
}

int32_t code_writer::arguments(const std::vector<int32_t>& list) {
  auto at = u_.unit.args.size();
  u_.unit.args.insert(u_.unit.args.end(), list.begin(), list.end());
  return static_cast<int32_t>(at);
}

uint16_t code_writer::count_of(size_t arguments) {
  constexpr size_t arguments_max = UINT16_MAX;
  if (arguments <= arguments_max)
    return static_cast<uint16_t>(arguments);
  location near;
  if (!u_.unit.places.empty()) {
    near.row = u_.unit.places.back().row;
    near.col = u_.unit.places.back().col;
  }
  u_.report("rego_compile_error",
            std::to_string(arguments)
                + " parts that are not constant in one term; at most "
                + std::to_string(arguments_max) + " are taken",
            near);
  return 0;
}

int code_writer::new_label() {
  labels_.emplace_back();
  return static_cast<int>(labels_.size() - 1);
}

void code_writer::place_label(int label) {
  auto here = u_.unit.code.size();
  auto& l = labels_[static_cast<size_t>(label)];
  l.at = static_cast<int64_t>(here);
  for (auto at : l.waiting)
    u_.unit.code[at].target = static_cast<uint32_t>(here);
  l.waiting = {};
}

// Gives an instruction its target, now or when the label is placed.
void code_writer::aim(uint32_t at, int label) {
  auto& l = labels_[static_cast<size_t>(label)];
  if (l.at >= 0)
    u_.unit.code[at].target = static_cast<uint32_t>(l.at);
  else
    l.waiting.push_back(at);
}

uint32_t code_writer::emit_failing(insn i, const location& at) {
  auto pos = emit(i, at);
  aim(pos, fail_);
  return pos;
}

void code_writer::jump(int label, const location& at) {
  aim(emit({op::jump}, at), label);
}

void code_writer::failing_to(int label, const then& inner) {
  auto saved = fail_;
  fail_ = label;
  inner();
  fail_ = saved;
}

const int32_t* code_writer::bound(const std::string& name) const {
  auto at = bound_.find(name);
  return at == bound_.end() ? nullptr : &at->second;
}

void code_writer::bind(const std::string& name, int32_t to) {
  auto [at, fresh] = bound_.try_emplace(name, to);
  undo_.emplace_back(name, fresh ? std::nullopt : std::optional(at->second));
  at->second = to;
}

void code_writer::forget(size_t mark) {
  for (; undo_.size() > mark; undo_.pop_back()) {
    auto& [name, before] = undo_.back();
    if (before)
      bound_[name] = *before;
    else
      bound_.erase(name);
  }
}

void code_writer::body(const query& q, const then& success) {
  inner_scope scope(*this);
  auto end = new_label();
  failing_to(end, [&] {
    literals(q.literals);
    success();
    jump(fail_, q.literals.empty() ? location{} : q.literals.back().at);
  });
  place_label(end);
}

} // namespace rego
