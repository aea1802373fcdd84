// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The verifier's walk through code (see verify.hpp). Clause by clause, each
// from its entry on in the order of addresses, so that all ways forward to a
// place are known when it is reached; a way back that brings less than was
// known there has the code walked again from there.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "builtins/builtin.hpp"
#include "machine/register_history.hpp"

namespace rego {

/// Thrown inside the verifier: what is wrong.
struct code_refused {
  std::string why;
};

/// What a piece of code runs in.
struct code_frame {
  enum class form : uint8_t { complete, function, set, object, query, entry };
  form kind = form::query;
  std::string_view name; // of the rule
  size_t registers = 0;
  size_t given = 0; // the first ones hold arguments or a key
  bool finishes = false;
};

class code_verifier {
public:
  /// Looks at what code of the unit refers to, and finds where it is jumped to.
  code_verifier(const program& p, const code_unit& unit);

  /// Walks what can be reached from `entry`.
  void follow(const code_frame& f, uint32_t entry);

private:
  // Where code is jumped to. While it lies ahead, `first` and `last` are the
  // times of the first and the last way there; once it was walked, `settled` is
  // since when and `checked` the time of the last way back. `others` is what
  // registers hold where that is not what they held at `first` or `settled`.
  struct label {
    uint32_t owner = 0; // number of the walk; 0: nobody came yet
    uint32_t withs = 0;
    uint32_t first = 0;
    uint32_t last = 0;
    uint32_t settled = 0;
    uint32_t checked = 0;
    bool is_settled = false;
    bool is_queued = false; // to be walked, again or at last
    std::unordered_map<uint32_t, held> others;
  };

  void find_labels();
  label* label_at(uint32_t at) {
    return label_of_[at] ? &labels_[label_of_[at] - 1] : nullptr;
  }
  void walk(uint32_t at, bool arrived);
  bool resume();
  bool step();
  void leave_for(uint32_t target);
  void claim(label& l);
  held at_label(const label& l, uint32_t r, uint32_t since);
  bool merge(label& l, uint32_t since, uint32_t& until);
  void restore(const label& l, uint32_t since);
  void settle(label& l);
  void come_back(label& l, uint32_t at);

  // Operands (verify_operands.cpp).
  void look_at(const insn& i, std::string_view which, int32_t o, op_part what);
  void number(std::string_view which, int32_t n, size_t count,
              std::string_view of);
  held kind_of(std::string_view which, int32_t operand);
  held in_register(std::string_view which, int32_t r);
  void want(std::string_view which, int32_t operand, held least);
  void want_list(std::string_view which, int32_t at, size_t n);
  void range(std::string_view which, int32_t at, size_t n);
  void writable(std::string_view which, int32_t r, size_t n = 1);
  const rule_slot& slot(std::string_view which, int32_t n, bool function);
  void callee(std::string_view which, int32_t n, size_t operands);

  // Instructions that the table does not tell of (verify_special.cpp).
  void extra(const insn& i);
  void join(const insn& i);
  void memory(const insn& i);
  void group(const insn& i);
  void scan(const insn& i);
  void scan_next(const insn& i);
  void with_function(const insn& i);
  void result(const insn& i);
  void trace(const insn& i);
  void event(const insn& i);

  void spend(uint64_t steps) {
    regs_.work += steps;
    if (regs_.work > work_max_)
      refuse("takes more work to verify than code of this size may take");
  }
  [[noreturn]] void refuse(const std::string& what) const;

  const program& program_;
  const code_unit& unit_;
  const builtin_table& builtins_;
  const code_frame* frame_ = nullptr;
  register_history regs_;
  std::vector<uint32_t> label_of_; // of each instruction, plus one; 0: none
  std::vector<label> labels_;
  std::vector<uint32_t> owner_;     // of each instruction: which walk; 0: none
  std::vector<uint32_t> ahead_;     // labels to come, a heap
  std::vector<uint32_t> returning_; // labels behind, to be walked
  std::unordered_map<int32_t, size_t> remembered_; // operands by place
  uint32_t walk_ = 0;
  uint32_t at_ = 0;    // the instruction
  uint32_t front_ = 0; // the last one that was walked to in order
  uint32_t withs_ = 0; // replacements in force
  uint64_t work_max_;
  uint64_t changes_max_;
};

} // namespace rego
