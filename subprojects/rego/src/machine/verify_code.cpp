// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "machine/verify_code.hpp"

#include <algorithm>
#include <functional>

namespace rego {

namespace {

// Bodies within bodies cost each instruction some 15 steps a level, with events
// 52, and the parser takes less than 300 levels.
constexpr uint64_t steps_free = 1'000'000;
constexpr uint64_t steps_each = 5000;
constexpr uint64_t steps_each_traced = 20'000;
// Changes of registers that are kept, of 12 bytes.
constexpr uint64_t changes_each = 200;

} // namespace

code_verifier::code_verifier(const program& p, const code_unit& unit)
    : program_(p), unit_(unit), builtins_(builtin_table::instance()),
      work_max_(steps_free
                + (unit.traces.empty() ? steps_each : steps_each_traced)
                      * unit.code.size()),
      changes_max_(steps_free + changes_each * unit.code.size()) {
  auto wrong = [](const char* what, size_t n, const char* expected) {
    throw code_refused{std::string(what) + " " + std::to_string(n) + " "
                       + expected};
  };
  if (unit.code.size() >= UINT32_MAX || unit.args.size() > INT32_MAX
      || unit.constants.size() > INT32_MAX || unit.places.size() >= UINT32_MAX)
    throw code_refused{"the code has more parts than 31 bits can count"};
  for (size_t k = 0; k < unit.places.size(); ++k)
    if (unit.places[k].file >= unit.files.size())
      wrong("place", k, "is in no file; expected one that exists");
  for (size_t k = 0; k < unit.constants.size(); ++k)
    if (unit.constants[k].type() == kind::node)
      wrong("constant", k, "is a lazy node; expected a value");
  find_labels();
}

void code_verifier::find_labels() {
  auto size = unit_.code.size();
  label_of_.resize(size);
  owner_.resize(size);
  uint32_t count = 0;
  for (uint32_t k = 0; k < size; ++k) {
    auto& i = unit_.code[k];
    auto wrong = [&](const std::string& what) {
      throw code_refused{"instruction " + std::to_string(k) + " " + what};
    };
    if (!is_known(i.code))
      wrong("has opcode " + std::to_string(static_cast<int>(i.code))
            + "; expected at most "
            + std::to_string(static_cast<int>(op::trace)));
    if (i.place >= unit_.places.size())
      wrong("has place " + std::to_string(i.place) + " of "
            + std::to_string(unit_.places.size()));
    auto how = shape_of(i.code).next;
    if (how != op_next::fails && how != op_next::jumps)
      continue;
    if (i.target >= size)
      wrong("jumps to " + std::to_string(i.target) + "; the code has "
            + std::to_string(size) + " instructions");
    if (!label_of_[i.target])
      label_of_[i.target] = ++count;
  }
  labels_.resize(count);
}

void code_verifier::follow(const code_frame& f, uint32_t entry) {
  frame_ = &f;
  at_ = entry;
  if (entry >= unit_.code.size())
    refuse("is where it begins; the code has "
           + std::to_string(unit_.code.size()) + " instructions");
  ++walk_;
  withs_ = 0;
  front_ = entry;
  ahead_.clear();
  returning_.clear();
  regs_.start(f.registers);
  for (size_t r = 0; r < f.given; ++r)
    regs_.set(r, held::value);
  walk(entry, false);
  while (resume())
    walk(at_, true);
}

// In order from `at` until the code goes on elsewhere. `arrived`: what the
// registers hold there is known.
void code_verifier::walk(uint32_t at, bool arrived) {
  for (;; ++at, arrived = false) {
    if (at >= unit_.code.size())
      refuse("is the last one, and the code runs off its end");
    auto* l = label_at(at);
    if (l && !arrived) {
      claim(*l);
      if (l->is_settled)
        return come_back(*l, at);
      merge(*l, l->first, l->last);
      settle(*l);
    }
    if (owner_[at] && owner_[at] != walk_)
      refuse("runs into instruction " + std::to_string(at)
             + " of another clause");
    at_ = at;
    owner_[at] = walk_;
    front_ = std::max(front_, at);
    if (!step())
      return;
  }
}

// Where to walk next: ways back first, then the nearest label ahead.
bool code_verifier::resume() {
  if (!returning_.empty()) {
    at_ = returning_.back();
    returning_.pop_back();
    auto& l = *label_at(at_);
    l.is_queued = false;
    withs_ = l.withs;
    restore(l, l.settled);
    return true;
  }
  while (!ahead_.empty()) {
    std::pop_heap(ahead_.begin(), ahead_.end(), std::greater<>());
    at_ = ahead_.back();
    ahead_.pop_back();
    auto& l = *label_at(at_);
    if (l.is_settled)
      continue;
    withs_ = l.withs;
    settle(l);
    return true;
  }
  return false;
}

// The state here is one that `target` may be reached with.
void code_verifier::leave_for(uint32_t target) {
  auto& l = *label_at(target);
  bool fresh = l.owner == 0;
  claim(l);
  if (l.is_settled)
    return come_back(l, target);
  if (target > front_) {
    if (fresh) {
      ahead_.push_back(target);
      std::push_heap(ahead_.begin(), ahead_.end(), std::greater<>());
    }
    merge(l, l.first, l.last);
    return;
  }
  // Walked past, as nothing led there.
  if (owner_[target])
    refuse("jumps to instruction " + std::to_string(target)
           + " of another clause");
  l.is_settled = l.is_queued = true;
  l.settled = l.checked = regs_.time();
  returning_.push_back(target);
}

void code_verifier::claim(label& l) {
  if (l.owner == 0) {
    l.owner = walk_;
    l.withs = withs_;
    l.first = l.last = regs_.time();
  }
  if (l.owner != walk_)
    refuse("leads into the code of another clause");
  if (l.withs != withs_)
    refuse("leads to where " + std::to_string(l.withs)
           + " replacements are in force; here there are "
           + std::to_string(withs_));
}

held code_verifier::at_label(const label& l, uint32_t r, uint32_t since) {
  if (!l.others.empty())
    if (auto known = l.others.find(r); known != l.others.end())
      return known->second;
  return regs_.at(r, since);
}

// One more way to a label, whose state was known at `since`: of registers only
// those can differ that changed since the way before. Did any?
bool code_verifier::merge(label& l, uint32_t since, uint32_t& until) {
  auto end = regs_.time();
  bool differs = false;
  for (; until < end; ++until) {
    spend(1);
    auto r = regs_.changed(until);
    auto there = at_label(l, r, since);
    auto both = either(there, regs_.now(r));
    if (both == there)
      continue;
    l.others[r] = both;
    differs = true;
  }
  return differs;
}

// Makes the state here that of the label.
void code_verifier::restore(const label& l, uint32_t since) {
  auto end = regs_.time();
  for (auto t = since; t < end; ++t) {
    spend(1);
    regs_.set(regs_.changed(t), at_label(l, regs_.changed(t), since));
  }
}

// All ways forward to it are known.
void code_verifier::settle(label& l) {
  restore(l, l.first);
  l.others.clear();
  l.is_settled = true;
  l.settled = l.checked = regs_.time();
}

// A way back to what was walked with more known is walked again with less.
void code_verifier::come_back(label& l, uint32_t at) {
  if (!merge(l, l.settled, l.checked) || l.is_queued)
    return;
  l.is_queued = true;
  returning_.push_back(at);
}

// Checks the instruction and follows it elsewhere; does the next one follow?
bool code_verifier::step() {
  auto& i = unit_.code[at_];
  auto& s = shape_of(i.code);
  spend(1);
  if (regs_.time() > changes_max_)
    refuse("writes registers more often than code of this size may");
  if (s.a != op_part::none)
    look_at(i, "a", i.a, s.a);
  if (s.b != op_part::none)
    look_at(i, "b", i.b, s.b);
  if (s.c != op_part::none)
    look_at(i, "c", i.c, s.c);
  extra(i);
  if (i.code == op::scan_next || i.code == op::scan || i.code == op::recall
      || i.code == op::group)
    return true;
  auto into = static_cast<size_t>(i.a);
  auto gives = s.gives;
  if (i.code == op::move)
    gives = kind_of("b", i.b);
  else if (i.code == op::get && kind_of("b", i.b) != held::lazy)
    gives = held::value;
  if (s.b == op_part::spent)
    regs_.set(static_cast<size_t>(i.b), held::unusable);
  if (s.next == op_next::fails) {
    if (s.a == op_part::into)
      regs_.set(into, held::maybe);
    leave_for(i.target);
  }
  if (s.a == op_part::into)
    regs_.set(into, gives);
  if (s.next == op_next::jumps)
    leave_for(i.target);
  bool answered = i.code == op::solution && i.x != 0;
  if ((s.next == op_next::ends || answered) && withs_)
    refuse("ends with " + std::to_string(withs_)
           + " replacements in force; expected none");
  return (s.next == op_next::follows && !answered) || s.next == op_next::fails;
}

void code_verifier::refuse(const std::string& what) const {
  std::string out;
  if (frame_ && !frame_->name.empty())
    out = std::string(frame_->name) + ": ";
  out += "instruction " + std::to_string(at_);
  if (at_ < unit_.code.size())
    out += " (" + std::string(shape_of(unit_.code[at_].code).name) + ")";
  throw code_refused{out + " " + what};
}

} // namespace rego
