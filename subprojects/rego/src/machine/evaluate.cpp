// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The evaluator: sets the machine up, bounds it, turns its end into an answer.

#include "builtins/written_size.hpp"
#include "core/walk_watch.hpp"
#include "machine/machine.hpp"

#include <chrono>
#include <random>

namespace rego {

namespace {

constexpr size_t register_count = 256 * 1024;
constexpr uint64_t check_every = 2048;

int64_t system_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

int64_t steady_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

error ended_at(bound which, const limits& l) {
  auto out = bound_error(which);
  if (which == bound::instructions)
    out.message += " (" + std::to_string(l.instructions) + ")";
  return out;
}

} // namespace

machine::machine(environment env)
    : call_context(mem_), env_(std::move(env)),
      builtins_(builtin_table::instance()),
      registers_(std::make_unique_for_overwrite<std::byte[]>(register_count
                                                             * sizeof(value))) {
  if (!env_.now_ns)
    env_.now_ns = system_now;
  if (!env_.monotonic_ns)
    env_.monotonic_ns = steady_now;
}

machine::~machine() = default;

int64_t machine::now_ns() {
  if (!now_known_)
    now_ = env_.now_ns();
  now_known_ = true;
  nondeterministic_ = true;
  return now_;
}

void machine::random(void* bytes, size_t size) {
  nondeterministic_ = true;
  if (env_.random)
    return env_.random(bytes, size);
  std::random_device source;
  auto* p = static_cast<unsigned char*>(bytes);
  for (size_t i = 0; i < size; ++i)
    p[i] = static_cast<unsigned char>(source());
}

int64_t machine::time_left_ns() {
  if (deadline_ == INT64_MAX)
    return INT64_MAX;
  return std::max<int64_t>(0, deadline_ - env_.monotonic_ns());
}

void machine::tick(uint64_t work) {
  work_ += work;
  if (work_ >= check_at_)
    check_budget();
}

void machine::check_budget() {
  auto& l = options_.limits;
  if (work_ > l.instructions)
    throw bound_reached{bound::instructions};
  if (options_.cancel && options_.cancel->load(std::memory_order_relaxed))
    throw bound_reached{bound::cancelled};
  if (deadline_ != INT64_MAX && env_.monotonic_ns() >= deadline_)
    throw bound_reached{bound::time};
  if (env_.during)
    env_.during();
  check_at_ =
      std::min(work_ + check_every,
               l.instructions == UINT64_MAX ? UINT64_MAX : l.instructions + 1);
}

void machine::reset(const evaluate_options& o) {
  new_evaluation();
  options_ = o;
  mem_.reset();
  mem_.limit(o.limits.memory_bytes);
  next_register_ = reinterpret_cast<value*>(registers_.get());
  end_register_ = next_register_ + register_count;
  depth_ = 0;
  memo_ = {};
  rows_kept_ = 0;
  context_id_ = evaluation_id_ = next_context_++;
  masks_.clear();
  replacements_.clear();
  contexts_.clear();
  work_ = spared_ = 0;
  check_at_ = std::min<uint64_t>(check_every, o.limits.instructions);
  deadline_ = INT64_MAX;
  if (o.limits.wall != std::chrono::nanoseconds::max())
    deadline_ = env_.monotonic_ns() + o.limits.wall.count();
  now_known_ = false;
  nondeterministic_ = false;
  prints_.clear();
  kept_errors_.clear();
  printed_ = 0;
  entry_result_ = value();
}

answer machine::run(const compiled_query& q, const snapshot& data,
                    const value& input, const evaluate_options& o) {
  answer out;
  prog_ = q.prog;
  input_ = input;
  base_ = data.root();
  walk_watching bounded({this, [](void* who, uint64_t work) {
                           static_cast<machine*>(who)->tick(work);
                         }});
  try {
    array_builder solutions(mem_);
    solutions_ = &solutions;
    frame f(mem_);
    f.unit = &q.unit;
    f.regs = push_registers(q.registers);
    execute(f, 0);
    auto shown =
        q.entry ? std::span<const value>(&entry_result_, 1) : solutions.items();
    if (o.limits.output_bytes != SIZE_MAX
        && !is_json_within(*this, shown, o.limits.output_bytes))
      throw bound_reached{bound::output};
    if (q.entry) {
      out.result = entry_result_;
    } else {
      array_builder list(mem_, solutions.size());
      auto bindings = make_string(mem_, "bindings");
      auto expressions = make_string(mem_, "expressions");
      for (size_t i = 0; i < solutions.size(); ++i) {
        object_builder o(mem_, 2);
        o.add(bindings, solutions[i].items()[0]);
        o.add(expressions, solutions[i].items()[1]);
        list.push(o.finish());
      }
      if (list.size())
        out.result = list.array();
    }
  } catch (const eval_failure& e) {
    out.errors.push_back(e.what);
  } catch (const bound_reached& b) {
    out.errors.push_back(ended_at(b.which, o.limits));
  }
  if (!out.errors.empty())
    out.result = value();
  out.nondeterministic = nondeterministic_;
  out.prints = prints_;
  out.builtin_errors = kept_errors_;
  out.instructions = work_;
  return out;
}

struct evaluator::impl {
  explicit impl(environment env) : m(std::move(env)) {}
  machine m;
};

evaluator::evaluator(environment env)
    : impl_(std::make_unique<impl>(std::move(env))) {
}
evaluator::~evaluator() = default;
evaluator::evaluator(evaluator&&) noexcept = default;

answer evaluator::evaluate(const prepared& q, const snapshot& data,
                           json_input input, const evaluate_options& o) {
  auto& m = impl_->m;
  m.reset(o);
  try {
    auto v = m.reader().read(m.storage(), input.text);
    if (v)
      return m.run(static_cast<const compiled_query&>(q), data, *v, o);
    answer out;
    out.errors = v.error_list();
    return out;
  } catch (const bound_reached& b) {
    answer out;
    out.errors.push_back(ended_at(b.which, o.limits));
    return out;
  }
}

answer evaluator::evaluate(const prepared& q, const snapshot& data,
                           const value& input, const evaluate_options& o) {
  impl_->m.reset(o);
  return impl_->m.run(static_cast<const compiled_query&>(q), data, input, o);
}

} // namespace rego
