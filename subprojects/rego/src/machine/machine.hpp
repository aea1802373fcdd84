// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The machine: runs one prepared query at a time on one thread. Its arena,
// registers and memo tables stay allocated between evaluations. Errors of an
// evaluation travel as the exception eval_failure inside this folder only.

#include <memory>
#include <string>
#include <vector>

#include "builtins/builtin.hpp"
#include "machine/memo.hpp"
#include "machine/query.hpp"
#include "rego/engine.hpp"

namespace rego {

struct eval_failure {
  error what;
};

/// A function's result for its arguments; `context` is never reused.
struct call_entry {
  static constexpr size_t arguments_max = 4;
  uint64_t context = 0;
  int slot = -1;
  value args[arguments_max];
  value result;
};

/// One activation of a rule, function or query.
struct frame {
  value* regs = nullptr;
  const code_unit* unit = nullptr;
  const rule_slot* slot = nullptr;
  value result;
  array_builder items; // members of a set; inserts of an object
  bool finished = false;
  const insn* at = nullptr; // where it is, for errors
  explicit frame(arena& a) : items(a) {}
};

class machine : public call_context {
public:
  explicit machine(environment env);
  ~machine() override;

  answer run(const compiled_query& q, const snapshot& data, const value& input,
             const evaluate_options& o);
  arena& storage() { return mem_; }
  json_reader& reader() { return reader_; }
  void reset(const evaluate_options& o);

  // call_context
  int64_t now_ns() override;
  void random(void* bytes, size_t size) override;
  const std::string& runtime_json() override { return env_.runtime_json; }
  const http_access* network() override { return &env_.http; }
  const std::atomic<bool>* cancel() override { return options_.cancel; }
  int64_t time_left_ns() override;
  int64_t monotonic_ns() override { return env_.monotonic_ns(); }
  void check_bounds() override { check_budget(); }
  void tick(uint64_t work) override;

private:
  // The interpreter (run.cpp).
  void execute(frame& f, uint32_t entry);

  // Rules (rules.cpp).
  value rule_value(int slot);
  memo_entry& memo_of(int slot);
  value rule_at(int slot, const value& key);
  value compute_at(const rule_slot& s, const value& key);
  value weighed_at(const rule_slot& s, const value& key, memo_entry& m);
  value compute(const rule_slot& s);
  value call_function(frame& f, const insn& i, bool& failed);
  value apply_function(const rule_slot& s, const value* args);
  value finish_object(const rule_slot& s, frame& f,
                      const value* only = nullptr);
  value nested_object(std::vector<struct insertion>& list, size_t depth,
                      frame& f);
  value joined(std::vector<struct insertion>& group, size_t depth, frame& f);
  [[noreturn]] void refuse(frame& f, const struct insertion& x);
  void run_clauses(const rule_slot& s, frame& f);
  const rule_index* index_of(const rule_slot& s) const;
  struct index_roots roots(const value* arguments) const;
  void run_candidates(const rule_slot& s, frame& f);
  void run_indexed(const rule_slot& s, const rule_index& index, frame& f);
  void run_several(const rule_slot& s, const rule_index& index, frame& f);
  void run_chosen(const rule_slot& s, const rule_index& index,
                  std::span<const uint32_t> chosen, frame& f);
  call_entry* remembered(int slot, std::span<const value> args, bool& hit);
  value remembered_call(int slot, const rule_slot& s,
                        std::span<const value> args);
  void decode_insertions(frame& f, std::span<const value> prefix,
                         std::vector<struct insertion>& list);
  void insert_children(int node, std::vector<value>& prefix,
                       std::vector<struct insertion>& list, const value* only);
  void rule_result(frame& f, const value& v);
  void insert(frame& f, const insn& i);
  value* push_registers(int n);
  void check_depth(const frame* f);

  // Joins and remembered comprehensions (join.cpp).
  struct join_entry {
    uint64_t evaluation = 0;
    const insn* at = nullptr;
    const void* container = nullptr;
    struct by_key* table = nullptr;
  };
  struct recall_entry {
    uint64_t context = 0;
    const code_unit* unit = nullptr;
    int32_t args = -1;
    value key[2];
    value result;
  };
  struct by_key* build_join(const frame& f, const insn& i,
                            const value& container);
  value join(const frame& f, const insn& i);
  recall_entry* recall_slot(const frame& f, const insn& i);
  bool recall(frame& f, const insn& i);
  void remember(const frame& f, const insn& i);

  // Rows of comprehensions by their key (group.cpp).
  struct group_entry {
    uint64_t context = 0;
    const code_unit* unit = nullptr;
    int32_t args = -1;
    bool too_many = false; // rows to keep
    value of[2];
    struct by_key* rows = nullptr;
  };
  group_entry& group_of(const frame& f, const insn& i, bool& hit);
  bool group(frame& f, const insn& i);
  static bool group_test(const insn& i, const struct builder_pair& b,
                         const value& part, const value& wanted);
  bool group_row(struct builder_pair& b, const value& key, const value& wanted);
  value group_rows(frame& f, const insn& i);
  value rows_with(const struct by_key& rows, const value& key);

  // Virtual documents (documents.cpp).
  value vnode(int node);
  value vnode_get(const value& node, const value& key);
  value force(const value& v);
  value whole(int node);
  const value* base_at(int node) const;
  bool masked(int node) const;
  value vnode_keys(const value& node);
  value without_system(const value& root);
  value merged(const value& below, const value& above);

  // Built-ins and replacements (calls.cpp).
  value call_builtin(frame& f, const insn& i, bool& failed);
  value invoke(const frame& f, int builtin, std::span<const value> args);
  const struct replacement* replaced(bool builtin, int what) const;
  value document_of(const value& v);
  value call_replacement(frame& f, const struct replacement& r,
                         std::span<const value> args);
  void begin_with(frame& f, const insn& i);
  void end_with(size_t n);
  value with_path(const value& doc, std::span<const value> path,
                  const value& v);
  std::string shown(const value& v);
  value text(const frame& f, const insn& i);
  void print(const frame& f, const insn& i);

  // Events of instrumented code (trace.cpp).
  void trace(frame& f, const insn& i);
  void emit_event(const frame& f, const insn& i, std::string_view message);
  std::string index_message(const frame& f, const insn& i);
  size_t candidates(const rule_slot& s, const value* args);
  value operate(frame& f, const insn& i);
  value builtin_failure(const frame& f, std::string_view name);
  void keep_failure(error e);
  static error failure_at(const frame& f, std::string code,
                          std::string message);
  [[noreturn]] void fail(const frame& f, std::string code,
                         std::string message) const;
  /// Whether it matters which built-in failed, so that all have to be called.
  bool failures_show() const {
    return options_.strict_builtin_errors || options_.keep_builtin_errors;
  }

  const value& in(const frame& f, int32_t o) const {
    return o >= 0 ? f.regs[o] : f.unit->constants[static_cast<size_t>(~o)];
  }
  std::span<const value> gather(const frame& f, int32_t at, size_t n,
                                value* room);
  void check_budget();

  arena mem_;
  environment env_;
  json_reader reader_;
  const program* prog_ = nullptr;
  const builtin_table& builtins_;
  value input_;
  value base_;

  std::unique_ptr<std::byte[]> registers_;
  value* next_register_ = nullptr;
  value* end_register_ = nullptr;
  uint32_t depth_ = 0;

  rule_memo memo_; // of the context
  std::vector<call_entry> calls_{512};
  std::vector<join_entry> joins_{64};
  std::vector<recall_entry> recalls_{512};
  std::vector<group_entry> groups_{256};
  size_t rows_kept_ = 0; // in all groups of this evaluation
  uint64_t evaluation_id_ = 0;
  uint64_t context_id_ = 1; // changes with every context entered or left
  uint64_t next_context_ = 2;
  std::vector<value> masks_; // paths of data that `with` replaced
  std::vector<struct replacement> replacements_;
  std::vector<struct context> contexts_;

  evaluate_options options_;
  uint64_t work_ = 0;
  uint64_t spared_ = 0; // elements that keys given spared visiting
  uint64_t check_at_ = 0;
  int64_t deadline_ = INT64_MAX;
  int64_t now_ = 0;
  bool now_known_ = false;
  bool nondeterministic_ = false;
  std::vector<std::string> prints_;
  errors kept_errors_;
  size_t printed_ = 0; // bytes of both
  array_builder* solutions_ = nullptr;
  value entry_result_;
  bool entry_ = false;
  uint64_t query_id_ = 0; // of the query that instrumented code is in
  uint64_t parent_query_ = 0;
  uint64_t next_query_ = 0;
};

/// A function or built-in replaced by `with`.
struct replacement {
  bool builtin; // what is replaced: a built-in or a function slot
  int what;
  uint8_t by; // 0 a slot, 2 a built-in, 4 a value or a lazy node
  int target;
  value v;
};

/// What `with` put aside.
struct context {
  value input;
  value base;
  rule_memo memo;
  uint64_t id;
  size_t masks;
  size_t replacements;
};

} // namespace rego
