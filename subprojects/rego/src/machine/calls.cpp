// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins, `with`, operators, print and string templates.

#include "builtins/written_size.hpp"
#include "core/big_int.hpp"
#include "core/number.hpp"
#include "core/set_merge.hpp"
#include "machine/machine.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

/// The work of walking over a value's top: a unit for each 256 bytes of it.
uint64_t walk_of(const value& v) {
  return v.is_string() ? v.as_string().size() / 256 : v.size() / 16;
}

} // namespace

error machine::failure_at(const frame& f, std::string code,
                          std::string message) {
  error e{std::move(code), std::move(message), "", 0, 0};
  if (f.at && f.at->place < f.unit->places.size()) {
    auto& p = f.unit->places[f.at->place];
    e.file = f.unit->files[p.file];
    e.row = p.row;
    e.col = p.col;
  }
  return e;
}

void machine::fail(const frame& f, std::string code,
                   std::string message) const {
  throw eval_failure{failure_at(f, std::move(code), std::move(message))};
}

std::span<const value> machine::gather(const frame& f, int32_t at, size_t n,
                                       value* room) {
  auto* to = n <= 16 ? room : mem_.allocate_array<value>(n);
  for (size_t k = 0; k < n; ++k)
    to[k] = in(f, f.unit->args[static_cast<size_t>(at) + k]);
  return {to, n};
}

value machine::builtin_failure(const frame& f, std::string_view name) {
  clear_failure();
  if (options_.strict_builtin_errors || error_code() == "eval_conflict_error")
    fail(f, error_code(), std::string(name) + ": " + error_message());
  if (options_.keep_builtin_errors)
    keep_failure(failure_at(f, error_code(),
                            std::string(name) + ": " + error_message()));
  return {};
}

void machine::keep_failure(error e) {
  if (kept_errors_.size() == 10'000)
    return;
  printed_ += e.message.size() + sizeof e;
  if (printed_ > mem_.room())
    throw memory_exceeded{};
  kept_errors_.push_back(std::move(e));
}

value machine::invoke(const frame& f, int index, std::span<const value> args) {
  auto& b = builtins_.at(static_cast<size_t>(index));
  nondeterministic_ |= b.nondeterministic;
  if (b.walks)
    for (auto& each : args)
      tick(walk_of(each));
  auto v = b.call(*this, args);
  if (failed())
    return builtin_failure(f, b.name);
  if (b.walks)
    tick(walk_of(v));
  return v;
}

value machine::call_builtin(frame& f, const insn& i, bool&) {
  value room[16];
  auto args = gather(f, i.c, i.n, room);
  if (!replacements_.empty())
    if (auto* r = replaced(true, i.b))
      return call_replacement(f, *r, args);
  return invoke(f, i.b, args);
}

const replacement* machine::replaced(bool builtin, int what) const {
  for (auto r = replacements_.rbegin(); r != replacements_.rend(); ++r)
    if (r->builtin == builtin && r->what == what)
      return &*r;
  return nullptr;
}

// What a lazy node stands for by now, under the `with` around the call.
value machine::document_of(const value& v) {
  if (v.type() != kind::node)
    return v;
  auto id = static_cast<int>(v.node_id());
  auto& n = prog_->nodes[v.node_id()];
  if (!n.document)
    return {};
  return n.slot >= 0 && !masked(id) ? rule_value(n.slot) : whole(id);
}

// A replacement's own body calls the original, not itself.
value machine::call_replacement(frame& f, const replacement& found,
                                std::span<const value> args) {
  auto r = found;
  if (r.by == 4)
    return document_of(r.v);
  std::vector<replacement> rest;
  for (auto& x : replacements_)
    if (x.builtin != r.builtin || x.what != r.what)
      rest.push_back(x);
  std::swap(rest, replacements_);
  auto memo = memo_;
  auto context = context_id_;
  memo_ = {};
  context_id_ = next_context_++;
  value v;
  if (r.by == 2) {
    v = invoke(f, r.target, args);
  } else {
    auto& s = prog_->slots[static_cast<size_t>(r.target)];
    if (args.size() == static_cast<size_t>(s.arity))
      v = apply_function(s, args.data());
  }
  memo_ = memo;
  context_id_ = context;
  std::swap(rest, replacements_);
  return v;
}

void machine::begin_with(frame& f, const insn& i) {
  if (contexts_.size() > 10000)
    throw bound_reached{bound::depth};
  contexts_.push_back(
      {input_, base_, memo_, context_id_, masks_.size(), replacements_.size()});
  memo_ = {};
  context_id_ = next_context_++;
  if (i.code == op::with_function) {
    replacement r{(i.x & 1) != 0, i.b, static_cast<uint8_t>(i.x & ~1), i.c, {}};
    if (r.by == 4)
      r.v = in(f, i.c);
    replacements_.push_back(r);
    return;
  }
  value room[16];
  auto path = gather(f, i.b, i.n, room);
  if (!std::ranges::all_of(path, &value::is_string))
    fail(f, "eval_conflict_error", "bad document path");
  auto& v = in(f, i.c);
  if (i.code == op::with_input) {
    input_ = with_path(input_, path, v);
  } else {
    base_ = with_path(base_, path, v);
    masks_.push_back(make_array(mem_, path));
  }
}

void machine::end_with(size_t n) {
  for (; n > 0 && !contexts_.empty(); --n) {
    auto& c = contexts_.back();
    input_ = c.input;
    base_ = c.base;
    memo_ = c.memo;
    context_id_ = c.id;
    masks_.resize(c.masks);
    replacements_.resize(c.replacements);
    contexts_.pop_back();
  }
}

// The document with v at the path; objects on the way are copied or made.
value machine::with_path(const value& doc, std::span<const value> path,
                         const value& v) {
  if (path.empty())
    return v;
  auto old = doc.is_object() ? doc : object_builder(mem_).finish();
  auto below = with_path(lookup(old, path[0]), path.subspan(1), v);
  tick(walk_of(old));
  return with_member(mem_, old, path[0], below);
}

namespace {

constexpr std::string_view arithmetic_names[] = {"plus", "minus", "mul", "div",
                                                 "rem",  "and",   "or"};

} // namespace

value machine::operate(frame& f, const insn& i) {
  using enum rego::arithmetic;
  auto& a = in(f, i.b);
  auto& b = in(f, i.c);
  auto how = static_cast<rego::arithmetic>(i.x);
  auto name = arithmetic_names[i.x];
  bool sets = how == minus || how == and_ || how == or_;
  if (sets && a.is_set() && b.is_set()) {
    tick(walk_of(a) + walk_of(b));
    return merge_sets(mem_, a, b,
                      how == or_    ? set_union
                      : how == and_ ? set_intersection
                                    : set_difference);
  }
  auto refuse = [&](int n, const value& v) {
    if (how == minus)
      operand_error(n, v, {"number", "set"});
    else
      operand_error(n, v, sets ? "set" : "number");
    return builtin_failure(f, name);
  };
  if (how == and_ || how == or_)
    return a.is_set() ? refuse(2, b) : refuse(1, a);
  if (!a.is_number() || !b.is_number()) {
    if (how == minus && a.is_set())
      operand_error(2, b, "set");
    else if (how == minus && a.is_number())
      operand_error(2, b, "number");
    else
      return a.is_number() ? refuse(2, b) : refuse(1, a);
    return builtin_failure(f, name);
  }
  switch (how) {
  case plus:
    return number_plus(mem_, a, b);
  case minus:
    return number_minus(mem_, a, b);
  case mul:
    return number_multiply(mem_, a, b);
  case div:
    if (!is_zero(b))
      return number_divide(mem_, a, b);
    call_context::fail("divide by zero");
    return builtin_failure(f, name);
  default:
    break;
  }
  bool by_zero = is_zero(b);
  if (!by_zero)
    if (auto r = number_remainder(mem_, a, b); r.defined())
      return r;
  call_context::fail(by_zero && to_rounded_int(a)
                         ? "modulo by zero"
                         : "modulo on floating-point number");
  return builtin_failure(f, name);
}

// A value as texts show it. Refuses what would not fit the memory, as a value
// small by sharing may be long when written.
std::string machine::shown(const value& v) {
  check_written_size(*this, v);
  return v.is_string() ? std::string(v.as_string()) : to_rego(v);
}

// Strings stand for themselves; one value a part, or "<undefined>".
value machine::text(const frame& f, const insn& i) {
  std::string out;
  for (size_t k = 0; k < i.n; ++k) {
    auto& p = in(f, f.unit->args[static_cast<size_t>(i.b) + k]);
    if (p.is_string()) {
      out += p.as_string();
    } else if (!p.is_set() || p.size() == 0) {
      out += "<undefined>";
    } else if (p.size() > 1) {
      fail(f, "eval_conflict_error",
           "template-strings must not produce multiple outputs");
    } else {
      out += shown(p.keys()[0]);
    }
    if (out.size() > mem_.room())
      throw memory_exceeded{};
  }
  return make_string(mem_, out);
}

// Every combination of the parts' values is a line of its own.
void machine::print(const frame& f, const insn& i) {
  std::vector<std::string> lines{""};
  for (size_t k = 0; k < i.n; ++k) {
    auto& p = in(f, f.unit->args[static_cast<size_t>(i.b) + k]);
    std::vector<std::string> next;
    size_t bytes = 0;
    auto add = [&](std::string line) {
      bytes += line.size();
      if (bytes > mem_.room())
        throw memory_exceeded{};
      next.push_back(std::move(line));
    };
    for (auto& l : lines) {
      auto start = k ? l + " " : l;
      if (!p.is_set() || p.size() == 0) {
        add(start + "<undefined>");
        continue;
      }
      for (auto& v : p.keys())
        add(start + shown(v));
      if (next.size() > 1000)
        break;
    }
    lines = std::move(next);
  }
  for (auto& l : lines) {
    if (prints_.size() == 10000)
      return;
    printed_ += l.size();
    if (printed_ > mem_.room())
      throw memory_exceeded{};
    prints_.push_back(l);
  }
}

} // namespace rego
