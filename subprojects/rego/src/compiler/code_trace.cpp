// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Events written into instrumented code; nothing is written otherwise. What the
// instructions mean is in machine/trace.cpp.

#include "compiler/code_writer.hpp"

#include <algorithm>
#include <iterator>

#include "compiler/vars.hpp"

namespace rego {

namespace {

insn event(trace_op what, int32_t node) {
  return {.code = op::trace, .x = static_cast<uint8_t>(what), .b = node};
}

std::string traced_name(const term& t) {
  auto text = t.kind == term_kind::var ? t.text : term_text(t);
  // Locals are numbered: x#3.
  for (auto at = text.find('#'); at != text.npos; at = text.find('#', at)) {
    auto end = text.find_first_not_of("0123456789", at + 1);
    text.erase(at, end == text.npos ? end : end - at);
  }
  return text;
}

} // namespace

std::string unit_writer::in_full(std::string_view text, uint32_t offset) const {
  if (!meant)
    return std::string(text);
  std::string out;
  size_t done = 0;
  auto at = std::lower_bound(
      meant->begin(), meant->end(), offset,
      [](const meant_name& m, uint32_t from) { return m.offset < from; });
  for (; at != meant->end() && at->offset - offset < text.size(); ++at) {
    size_t from = at->offset - offset;
    // A text that was not written there stays as it is.
    if (from < done || !text.substr(from).starts_with(at->name))
      continue;
    out.append(text.substr(done, from - done)).append(at->reference);
    done = from + at->name.size();
  }
  return out.append(text.substr(done));
}

void unit_writer::tell(const query& q, trace_node& to) const {
  for (auto& e : q.literals) {
    if (e.text.empty())
      continue;
    auto joint = to.text.empty() ? "" : "; ";
    to.text += joint + e.text;
    to.full += joint + in_full(e.text, e.at.offset);
  }
}

int32_t unit_writer::add_node(trace_node n) {
  n.file = unit.files[current_file];
  unit.traces.push_back(std::move(n));
  return static_cast<int32_t>(unit.traces.size() - 1);
}

// Values that the literal's end shows: what was computed on the way.
bool code_writer::watching(const term& t) const {
  switch (t.kind) {
  case term_kind::var:
    return t.text[0] != '$';
  case term_kind::ref:
  case term_kind::call:
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return true;
  default:
    return false;
  }
}

// Empty where a term does not stand in the literal, or in several lines.
std::string code_writer::written(const term& t) const {
  auto first = traced_->at.offset;
  std::string_view all = traced_->text;
  if (t.where.begin < first || t.where.end < t.where.begin
      || t.where.end - first > all.size())
    return "";
  auto text = all.substr(t.where.begin - first, t.where.end - t.where.begin);
  if (t.paren && text.starts_with('(') && text.ends_with(')'))
    text = text.substr(1, text.size() - 2);
  return text.find('\n') == text.npos ? std::string(text) : "";
}

// That the evaluation began tells what is undefined from what was not tried.
int32_t code_writer::watched_value(const term& t) {
  auto begun = fresh();
  emit({op::move, 0, 0, begun, u_.constant(value::boolean(true))}, t.at);
  auto where = plain_value(t);
  auto name = traced_name(t);
  auto as_written = written(t);
  bool as_is = t.infix || t.body;
  auto& shown = as_written.empty() ? name : as_written;
  watched_->push_back({u_.string(as_is ? shown : name), where,
                       static_cast<int32_t>(u_.place_at(t.at)),
                       u_.string(shown), begun});
  return where;
}

namespace {

// Events tell of no more: nothing that compiles may fail to be explained.
uint16_t told(size_t count) {
  return static_cast<uint16_t>(std::min<size_t>(count, UINT16_MAX));
}

} // namespace

insn code_writer::with_locals(insn i, const std::vector<watched>& list) {
  std::vector<int32_t> flat;
  for (auto& w : list) {
    flat.insert(flat.end(), {w.written, w.begun, w.place});
    flat.insert(flat.end(), {w.name, w.where, w.place});
  }
  i.n = told(2 * list.size());
  i.c = arguments(flat);
  return i;
}

// Eval before the literal, Redo when what follows comes back for another
// solution, Fail where there was none.
void code_writer::traced(const expr& e, int index, const then& inner) {
  if (!u_.instrument || e.text.empty() || e.kind == expr_kind::some)
    return inner();
  trace_node n;
  n.every = e.kind == expr_kind::every;
  n.text = e.text;
  n.full = u_.in_full(e.text, e.at.offset);
  n.row = e.at.row;
  n.col = e.at.col;
  n.index = index;
  auto node = u_.add_node(std::move(n));
  auto solved = fresh();
  auto clear = emit(event(trace_op::clear, node), e.at);
  emit(event(trace_op::eval, node), e.at);
  std::vector<watched> seen;
  auto* outer_watch = std::exchange(watched_, &seen);
  auto outer_node = std::exchange(literal_node_, node);
  auto* outer_literal = std::exchange(traced_, &e);
  auto hook = std::exchange(each_literal_, nullptr);
  auto failed = new_label();
  auto outer_fail = std::exchange(fail_, failed);
  inner();
  auto more = fail_;
  watched_ = outer_watch;
  traced_ = outer_literal;
  literal_node_ = outer_node;
  each_literal_ = std::move(hook);
  emit({op::move, 0, 0, solved, u_.constant(value::boolean(true))}, e.at);
  auto on = new_label();
  jump(on, e.at);
  auto again = new_label();
  place_label(again);
  emit(with_locals(event(trace_op::redo, node), seen), e.at);
  jump(more, e.at);
  place_label(failed);
  auto fail = with_locals(event(trace_op::fail, node), seen);
  fail.a = solved;
  emit(fail, e.at);
  jump(outer_fail, e.at);
  place_label(on);
  fail_ = again;
  std::vector<int32_t> registers{solved};
  for (auto& w : seen) {
    registers.push_back(w.begun);
    if (w.where > solved) // not bound before
      registers.push_back(w.where);
  }
  auto at = arguments(registers);
  u_.unit.code[clear].n = told(registers.size());
  u_.unit.code[clear].c = at;
  // What a literal within another one came by, that one came by as well.
  if (outer_watch)
    outer_watch->insert(outer_watch->end(), seen.begin(), seen.end());
}

code_writer::open_query code_writer::enter(trace_node n, const location& at,
                                           bool outermost) {
  if (!u_.instrument)
    return {};
  n.row = at.row;
  n.col = at.col;
  open_query q{u_.add_node(std::move(n)), fresh(), at};
  fresh();
  auto i = event(trace_op::enter, q.node);
  i.a = q.saved;
  i.n = outermost;
  emit(i, at);
  return q;
}

code_writer::open_query code_writer::enter(const query& body,
                                           const location& at) {
  if (!u_.instrument)
    return {};
  trace_node n;
  n.kind = trace_node_kind::query;
  u_.tell(body, n);
  return enter(std::move(n), at, false);
}

void code_writer::exit(const open_query& q) {
  if (q.node >= 0)
    emit(event(trace_op::exit, q.node), q.at);
}

void code_writer::redo(const open_query& q) {
  if (q.node >= 0)
    emit(event(trace_op::redo, q.node), q.at);
}

void code_writer::leave(const open_query& q) {
  if (q.node < 0)
    return;
  auto i = event(trace_op::leave, q.node);
  i.a = q.saved;
  emit(i, q.at);
}

void code_writer::traced_body(const query& q, const location& at,
                              const then& success) {
  auto opened = enter(q, at);
  auto* watch = std::exchange(watched_, nullptr);
  body(q, [&] {
    exit(opened);
    success();
    redo(opened);
  });
  watched_ = watch;
  leave(opened);
}

void code_writer::traced_lookup(int32_t slot, const std::vector<int32_t>& args,
                                const term& by) {
  if (!u_.instrument)
    return;
  auto node = literal_node_;
  if (node < 0) { // in a head
    trace_node n;
    n.full = term_text(by);
    n.row = by.at.row;
    n.col = by.at.col;
    node = u_.add_node(std::move(n));
  }
  auto i = event(trace_op::index, slot);
  i.a = node;
  i.n = told(args.size());
  i.c = arguments(args);
  emit(i, by.at);
}

void code_writer::traced_note(int32_t message, const location& at) {
  if (!u_.instrument)
    return;
  trace_node n;
  n.row = at.row;
  n.col = at.col;
  auto i = event(trace_op::note, u_.add_node(std::move(n)));
  i.c = message;
  emit(i, at);
}

namespace {

// Variables of the body that the keys need, in comprehensions and templates
// too: those have a value without them, which is another case's name.
var_set needed_of(const query& body, const std::vector<term>& keys) {
  var_set in_body, in_keys, out;
  for (auto& e : body.literals)
    vars_in(e, in_body);
  for (auto& k : keys)
    all_vars(k, in_keys);
  std::set_intersection(in_body.begin(), in_body.end(), in_keys.begin(),
                        in_keys.end(), std::inserter(out, out.end()));
  return out;
}

} // namespace

// The case that test_x[case] is about, as soon as the literals before bind it.
void code_writer::announce_case(const std::vector<term>& keys, const query& of,
                                const location& at) {
  if (!u_.instrument)
    return;
  each_literal_ = [this, &keys, needed = needed_of(of, keys), at] {
    if (!std::all_of(needed.begin(), needed.end(),
                     [this](auto& v) { return bound(v); }))
      return;
    for (auto& k : keys)
      if (!evaluable(k))
        return;
    each_literal_ = nullptr;
    std::vector<watched> names;
    for (auto& k : keys) {
      auto name = u_.string(traced_name(k));
      auto v = value_of(k);
      names.push_back(
          {name, v, static_cast<int32_t>(u_.place_at(at)), name, v});
    }
    trace_node n;
    n.row = at.row;
    n.col = at.col;
    n.declaration = true;
    auto node = u_.add_node(std::move(n));
    emit(with_locals(event(trace_op::test_case, node), names), at);
  };
  tell_literal();
}

void code_writer::tell_literal() {
  if (auto hook = each_literal_)
    hook();
}

} // namespace rego
