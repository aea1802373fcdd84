// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/steps.hpp"

#include <algorithm>
#include <utility>

#include "parser/place.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

steps::steps(tracer* to, std::span<const trace_node> known, budget& left)
    : to_(to), left_(left) {
  if (!to_)
    return;
  kept_ = std::make_shared<told_nodes>();
  for (auto& n : known)
    if (n.kind == trace_node_kind::rule)
      clauses_.emplace(place{n.file, n.row, n.col}, &n);
}

const trace_node* steps::node(trace_node_kind kind, std::string text,
                              const std::string& file, const location& at) {
  auto [found, fresh] =
      kept_->own.try_emplace({{file, at.row, at.col}, std::move(text)});
  auto& [key, n] = *found;
  if (!fresh)
    return &n;
  left_.keep(sizeof *found + 3 * key.second.size());
  n.kind = kind;
  n.text = n.full = key.second;
  n.file = file;
  n.row = at.row;
  n.col = at.col;
  return &n;
}

told_query steps::query(const literals& body) {
  if (!to_)
    return {};
  auto id = next_id();
  return {
      id, id,
      node(trace_node_kind::query, source_text(to_query(body)), "", {1, 1, 0})};
}

told_query steps::clause(const told_query& in, const module& m, const rule& r) {
  if (!to_)
    return {};
  auto& at = r.head.at;
  auto known = clauses_.find({m.file, at.row, at.col});
  auto* about =
      known != clauses_.end()
          ? known->second
          : node(trace_node_kind::rule,
                 std::string(places(m.source).text(r.head.where)), m.file, at);
  return {next_id(), in.id, about};
}

told_query steps::closure(const told_query& in, const literals& body) {
  if (!to_)
    return {};
  return {next_id(), in.id,
          node(trace_node_kind::query, source_text(to_query(body)),
               in.node->file, body.empty() ? location{} : body[0].at)};
}

uint64_t steps::next_id() {
  next_ += std::exchange(of_answer_, 0);
  return next_++;
}

void steps::emit(trace_op op, const told_query& q, const trace_node* about,
                 std::string_view message, std::string_view ref,
                 std::span<const trace_local> locals) {
  left_.spend(budget::step / 10);
  to_->on_event({op, q.id, q.parent, about, message, ref, locals});
}

void steps::tell(trace_op op, const told_query& q) {
  if (to_)
    emit(op, q, q.node);
}

void steps::tell(trace_op op, const told_query& q, const literal& l,
                 std::span<const trace_local> locals) {
  if (!to_)
    return;
  now_ = {q, node(trace_node_kind::literal, source_text(to_expr(l)),
                  q.node->file, l.at)};
  emit(op, q, now_.at, {}, {}, locals);
}

void steps::tell_saved(const told_query& q, const literal& at,
                       const literal& saved) {
  if (to_)
    emit(trace_op::save, q,
         node(trace_node_kind::literal, source_text(to_expr(saved)),
              q.node->file, at.at));
}

void steps::tell_note(std::string_view message) {
  if (to_)
    emit(trace_op::note, now_.in, now_.at, message);
}

void steps::tell_lookup(std::string_view path, size_t clauses) {
  if (to_)
    emit(trace_op::index, now_.in, now_.at,
         "(matched " + std::to_string(clauses)
             + (clauses == 1 ? " rule)" : " rules)"),
         path);
}

tracer* steps::of_machine(prepared_ptr q) {
  if (!to_)
    return nullptr;
  kept_->asked.push_back(std::move(q));
  next_ += std::exchange(of_answer_, 0);
  return &machine_;
}

// The machine counts from 0, its own query, which is the literal under way: of
// that only lookups and notes are news.
void steps::pass_on(const trace_event& e) {
  auto id = [&](uint64_t of) { return of ? next_ + of - 1 : now_.in.id; };
  of_answer_ = std::max(of_answer_, e.query_id);
  if (e.query_id) {
    auto out = e;
    out.query_id = id(e.query_id);
    out.parent_id = id(e.parent_id);
    to_->on_event(out);
  } else if (e.op == trace_op::index || e.op == trace_op::note) {
    emit(e.op, now_.in, now_.at, e.message, e.ref);
  }
}

} // namespace rego::partial
