// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Events of instrumented code. An instruction op::trace has in x the event, in
// b its node and in n and c a list of locals, six numbers each: the constant of
// the text in the source, an operand that is defined once the evaluation began,
// a place, the constant of the name, the operand, the place again; n counts the
// threes. Besides:
//
//   enter      R[a], R[a+1] keep the query that is left; n: start afresh
//   leave      the query in R[a], R[a+1] goes on
//   fail       an event unless R[a] says that the literal had a solution
//   clear      the n registers at args[c] become undefined
//   note       the message is the operand c
//   index      of rule slot b; the arguments, if any, are n operands at
//   args[c];
//              a is the literal's node or below 0

#include <algorithm>

#include "machine/index.hpp"
#include "machine/machine.hpp"

namespace rego {

namespace {

constexpr std::string_view op_names[] = {"Enter",    "Exit",  "Redo", "Leave",
                                         "Eval",     "Fail",  "Note", "Index",
                                         "TestCase", "Clear", "Save"};

value id_value(uint64_t id) {
  return value::integer(static_cast<int64_t>(id));
}

} // namespace

std::string_view trace_op_name(trace_op op) {
  return op_names[static_cast<size_t>(op)];
}

void machine::trace(frame& f, const insn& i) {
  auto what = static_cast<trace_op>(i.x);
  switch (what) {
  case trace_op::enter:
    if (i.n)
      query_id_ = parent_query_ = next_query_ = 0;
    f.regs[i.a] = id_value(query_id_);
    f.regs[i.a + 1] = id_value(parent_query_);
    parent_query_ = query_id_;
    query_id_ = next_query_++;
    return emit_event(f, {.code = i.code, .x = i.x, .b = i.b}, {});
  case trace_op::leave:
    query_id_ = static_cast<uint64_t>(f.regs[i.a].as_integer());
    parent_query_ = static_cast<uint64_t>(f.regs[i.a + 1].as_integer());
    return;
  case trace_op::clear:
    for (size_t k = 0; k < i.n; ++k)
      f.regs[f.unit->args[static_cast<size_t>(i.c) + k]] = value();
    return;
  case trace_op::fail:
    if (f.regs[i.a].defined())
      return;
    break;
  case trace_op::note: {
    auto& text = in(f, i.c);
    if (text.is_string())
      emit_event(f, {.code = i.code, .x = i.x, .b = i.b}, text.as_string());
    return;
  }
  case trace_op::index:
    if (options_.trace)
      if (auto text = index_message(f, i); !text.empty())
        emit_event(f, i, text);
    return;
  default:
    break;
  }
  emit_event(f, i, {});
}

void machine::emit_event(const frame& f, const insn& i,
                         std::string_view message) {
  if (!options_.trace)
    return;
  trace_event e{static_cast<trace_op>(i.x),
                query_id_,
                parent_query_,
                nullptr,
                message,
                {},
                {}};
  std::vector<trace_local> locals;
  if (e.op == trace_op::index) {
    e.ref = prog_->slots[static_cast<size_t>(i.b)].name;
    if (i.a >= 0)
      e.node = &f.unit->traces[static_cast<size_t>(i.a)];
  } else {
    e.node = &f.unit->traces[static_cast<size_t>(i.b)];
    for (size_t k = 0; k + 1 < i.n; k += 2) {
      auto* six = &f.unit->args[static_cast<size_t>(i.c) + 3 * k];
      auto v = in(f, six[4]);
      auto& at = f.unit->places[static_cast<size_t>(six[5])];
      locals.push_back({in(f, six[3]).as_string(),
                        v.type() == kind::node ? value() : v, at.row, at.col,
                        in(f, six[0]).as_string(), in(f, six[1]).defined()});
    }
    e.locals = locals;
  }
  options_.trace->on_event(e);
}

size_t machine::candidates(const rule_slot& s, const value* args) {
  auto* index = index_of(s);
  if (!index)
    return s.clauses.size();
  size_t count = 0;
  auto where = roots(args);
  uint64_t work = 0;
  index->each(
      0, where, !failures_show(), work, [&](const std::vector<uint32_t>& list) {
        count +=
            static_cast<size_t>(std::ranges::count_if(list, [&](uint32_t c) {
              return index->shown.empty() || index->admits(c, where);
            }));
        return true;
      });
  return count;
}

// "(matched 2 rules, early exit)"; empty where the document is known already.
std::string machine::index_message(const frame& f, const insn& i) {
  auto& s = prog_->slots[static_cast<size_t>(i.b)];
  bool function = s.kind == rule_kind::function;
  if (!function && memo_.known(i.b))
    return {};
  value room[16];
  auto args = gather(f, i.c, function ? i.n : 0, room);
  if (function && args.size() < static_cast<size_t>(s.arity))
    return {};
  auto n = candidates(s, args.data());
  return "(matched " + std::to_string(n) + (n == 1 ? " rule" : " rules")
         + (s.early_exit ? ", early exit)" : ")");
}

} // namespace rego
