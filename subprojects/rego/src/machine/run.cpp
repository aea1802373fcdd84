// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The interpreter's loop.

#include "machine/machine.hpp"

#include "core/number.hpp"
#include "machine/builders.hpp"

namespace rego {

namespace {

bool holds(uint8_t x, const value& a, const value& b) {
  switch (static_cast<comparison>(x)) {
  case comparison::eq:
    return equal(a, b);
  case comparison::ne:
    return !equal(a, b);
  default:
    break;
  }
  int c = a.is_integer() && b.is_integer()
              ? (a.as_integer() > b.as_integer())
                    - (a.as_integer() < b.as_integer())
              : compare(a, b);
  switch (static_cast<comparison>(x)) {
  case comparison::lt:
    return c < 0;
  case comparison::le:
    return c <= 0;
  case comparison::gt:
    return c > 0;
  default:
    return c >= 0;
  }
}

} // namespace

// The one long function of the engine: dispatch.
void machine::execute(frame& f, uint32_t entry) {
  const insn* code = f.unit->code.data();
  const insn* i = code + entry;
  value* R = f.regs;
  const value* K = f.unit->constants.data();
  const int32_t* A = f.unit->args.data();
  auto V = [&](int32_t o) -> const value& { return o >= 0 ? R[o] : K[~o]; };
  for (;;) {
    if (++work_ >= check_at_) {
      f.at = i;
      check_budget();
    }
    bool ok = true;
    switch (i->code) {
    case op::move:
      R[i->a] = V(i->b);
      break;
    case op::jump:
      i = code + i->target;
      continue;
    case op::input:
      R[i->a] = input_;
      ok = input_.defined();
      break;
    case op::base:
      R[i->a] = base_;
      break;
    case op::vnode:
      f.at = i;
      R[i->a] = vnode(i->b);
      break;
    case op::rule:
      f.at = i;
      if (auto* known = masks_.empty() ? memo_.known(i->b) : nullptr)
        R[i->a] = *known;
      else
        R[i->a] = rule_value(i->b);
      ok = R[i->a].defined();
      break;
    case op::rule_key:
      f.at = i;
      R[i->a] = rule_at(i->b, V(i->c));
      ok = R[i->a].defined();
      break;
    case op::get: {
      auto& c = V(i->b);
      if (c.type() == kind::node) {
        f.at = i;
        R[i->a] = vnode_get(c, V(i->c));
      } else {
        R[i->a] = lookup(c, V(i->c));
      }
      ok = R[i->a].defined();
      break;
    }
    case op::spared:
      spared_ += V(i->b).size();
      break;
    case op::force:
      f.at = i;
      R[i->a] = force(V(i->b));
      ok = R[i->a].defined();
      break;
    case op::scan: {
      auto& c = V(i->b);
      f.at = i;
      R[i->a] = c;
      if (c.type() == kind::node)
        R[i->a + 1] = vnode_keys(c);
      R[i->a + 2] = value::integer(0);
      ok = c.is_collection();
      break;
    }
    case op::scan_next: {
      auto& c = R[i->a];
      auto at = static_cast<size_t>(R[i->a + 2].as_integer());
      if (c.type() == kind::node) {
        f.at = i;
        auto keys = R[i->a + 1].items();
        value v;
        while (at < keys.size() && !v.defined())
          v = vnode_get(c, keys[at++]);
        if ((ok = v.defined())) {
          R[i->b] = keys[at - 1];
          R[i->c] = v;
        }
      } else if (at >= c.size()) {
        ok = false;
      } else if (c.is_array()) {
        R[i->b] = value::integer(static_cast<int64_t>(at));
        R[i->c] = c.as_array()->items[at++];
      } else {
        auto* o = c.as_object();
        R[i->b] = o->keys[at];
        R[i->c] = o->values ? o->values[at] : o->keys[at];
        ++at;
      }
      R[i->a + 2] = value::integer(static_cast<int64_t>(at));
      break;
    }
    case op::join:
      f.at = i;
      R[i->a] = join(f, *i);
      break;
    case op::recall:
      ok = !recall(f, *i);
      break;
    case op::remember:
      remember(f, *i);
      break;
    case op::group:
      ok = !group(f, *i);
      break;
    case op::group_test:
      ok = group_test(*i, builder_in(R[i->a]), V(i->b), V(i->c));
      break;
    case op::group_row:
      ok = group_row(builder_in(R[i->a]), V(i->b), V(i->c));
      break;
    case op::group_rows:
      R[i->a] = group_rows(f, *i);
      break;
    case op::truthy:
      ok = !V(i->b).is_false() && V(i->b).defined();
      break;
    case op::defined:
      ok = V(i->b).defined();
      break;
    case op::equal:
      ok = equal(V(i->b), V(i->c));
      break;
    case op::test:
      ok = holds(i->x, V(i->b), V(i->c));
      break;
    case op::compare:
      R[i->a] = value::boolean(holds(i->x, V(i->b), V(i->c)));
      break;
    case op::arith:
      f.at = i;
      R[i->a] = operate(f, *i);
      ok = R[i->a].defined();
      break;
    case op::array_size:
      ok = V(i->b).is_array() && V(i->b).size() == i->n;
      break;
    case op::object_size:
      ok = V(i->b).is_object() && V(i->b).size() == i->n;
      break;
    case op::array: {
      auto* items = mem_.allocate_array<value>(i->n);
      for (size_t k = 0; k < i->n; ++k)
        items[k] = V(A[static_cast<size_t>(i->b) + k]);
      R[i->a] = adopt_array(mem_, items, i->n);
      break;
    }
    case op::set: {
      array_builder b(mem_, i->n);
      for (size_t k = 0; k < i->n; ++k)
        b.push(V(A[static_cast<size_t>(i->b) + k]));
      R[i->a] = b.set();
      break;
    }
    case op::object: {
      object_builder b(mem_, i->n / 2);
      for (size_t k = 0; k + 1 < i->n; k += 2)
        b.add(V(A[static_cast<size_t>(i->b) + k]),
              V(A[static_cast<size_t>(i->b) + k + 1]));
      R[i->a] = b.finish();
      break;
    }
    case op::builtin_call: {
      f.at = i;
      bool failed = false;
      R[i->a] = call_builtin(f, *i, failed);
      ok = !failed && R[i->a].defined();
      break;
    }
    case op::call: {
      f.at = i;
      bool failed = false;
      R[i->a] = call_function(f, *i, failed);
      ok = !failed && R[i->a].defined();
      break;
    }
    case op::build:
      R[i->a] = new_builder(mem_);
      break;
    case op::build_add:
      builder_in(R[i->a]).items.push(V(i->b));
      break;
    case op::build_put:
      builder_in(R[i->a]).pairs.add(V(i->b), V(i->c));
      break;
    case op::build_array:
      R[i->a] = builder_in(R[i->b]).items.array();
      break;
    case op::build_set:
      R[i->a] = builder_in(R[i->b]).items.set();
      break;
    case op::build_object:
      R[i->a] = builder_in(R[i->b]).pairs.finish_unique();
      f.at = i;
      if (!R[i->a].defined())
        fail(f, "eval_conflict_error", "object keys must be unique");
      break;
    case op::result:
      f.at = i;
      rule_result(f, V(i->b));
      break;
    case op::member:
      f.items.push(V(i->b));
      break;
    case op::insert:
      insert(f, *i);
      break;
    case op::give_up:
      return;
    case op::finish:
      f.finished = true;
      return;
    case op::solution:
      if (i->x) {
        entry_result_ = V(i->b);
        return;
      }
      f.at = i;
      solutions_->push(make_array(mem_, {V(i->b), V(i->c)}));
      break;
    case op::with_input:
    case op::with_data:
    case op::with_function:
      f.at = i;
      begin_with(f, *i);
      break;
    case op::with_end:
      end_with(i->n);
      break;
    case op::text:
      f.at = i;
      R[i->a] = text(f, *i);
      ok = R[i->a].defined();
      break;
    case op::print:
      print(f, *i);
      break;
    case op::metadata:
      R[i->a] = V(i->b);
      break;
    case op::trace:
      trace(f, *i);
      break;
    }
    i = ok ? i + 1 : code + i->target;
  }
}

} // namespace rego
