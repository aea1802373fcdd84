// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The steps of a partial evaluation, told to whoever listens, in OPA's events.
// Literals are told as the evaluator has them, flat, each at the place of the
// one that it is of. What the machine answers on the way is told by its own
// events, as steps of the literal that asks. Where nobody listens nothing is
// made and nothing paid.

#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "partial/budget.hpp"
#include "partial/node.hpp"

namespace rego::partial {

/// A query, a clause or a closure that is being evaluated.
struct told_query {
  uint64_t id = 0;
  uint64_t parent = 0;
  const trace_node* node = nullptr; // null: nobody listens
};

class steps {
public:
  /// `known` are the policy's own nodes, in which clauses are found.
  steps(tracer* to, std::span<const trace_node> known, budget& left);

  bool told() const { return to_; }

  told_query query(const literals& body);
  told_query clause(const told_query& in, const module& m, const rule& r);
  told_query closure(const told_query& in, const literals& body);

  void tell(trace_op op, const told_query& q);
  /// A literal of the query's, which is the one under way from here on.
  void tell(trace_op op, const told_query& q, const literal& l,
            std::span<const trace_local> locals = {});
  /// What is saved is told at the place of the literal that it is left of.
  void tell_saved(const told_query& q, const literal& at, const literal& saved);
  void tell_note(std::string_view message);
  void tell_lookup(std::string_view path, size_t clauses);

  /// The literal under way.
  struct position {
    told_query in;
    const trace_node* at = nullptr;
  };
  const position& now() const { return now_; }
  void back_to(const position& p) { now_ = p; }

  /// Gets the machine's events while it answers the literal under way by this
  /// query, which they are about; null where nobody listens.
  tracer* of_machine(prepared_ptr q);

  /// What the events are about, but for the policy's own nodes.
  std::shared_ptr<const void> nodes() const { return kept_; }

private:
  using place = std::tuple<std::string, int, int>;
  struct told_nodes {
    std::map<std::pair<place, std::string>, trace_node> own;
    std::vector<prepared_ptr> asked;
  };
  class machine_events : public tracer {
  public:
    explicit machine_events(steps& s) : s_(s) {}
    void on_event(const trace_event& e) override { s_.pass_on(e); }

  private:
    steps& s_;
  };

  const trace_node* node(trace_node_kind kind, std::string text,
                         const std::string& file, const location& at);
  void emit(trace_op op, const told_query& q, const trace_node* about,
            std::string_view message = {}, std::string_view ref = {},
            std::span<const trace_local> locals = {});
  void pass_on(const trace_event& e);
  uint64_t next_id();

  tracer* to_;
  budget& left_;
  std::map<place, const trace_node*> clauses_;
  std::shared_ptr<told_nodes> kept_;
  machine_events machine_{*this};
  position now_;
  uint64_t next_ = 0;
  uint64_t of_answer_ = 0; // queries within the machine's last answer
};

} // namespace rego::partial
