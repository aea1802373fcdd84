// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Explanations: the events of one evaluation kept, chosen from and shown as
// `opa eval --explain` does. Plain values; the nodes belong to the policy and
// the query, which must outlive the trace.

#include <string>
#include <vector>

#include "rego/engine.hpp"

namespace rego::cli {

enum class explain_mode : uint8_t { off, notes, fails, full, debug };

/// "off", "notes", "fails", "full" or "debug", or a usage_error.
explain_mode parse_explain(const std::string& text);

/// A value that a literal came by, as text; empty where there was none.
struct shown_local {
  std::string name;
  std::string text;
  int row;
  int col;
};

struct kept_event {
  trace_op op;
  uint64_t query_id;
  uint64_t parent_id;
  const trace_node* node; // may be null
  std::string message;
  std::string ref;
  std::vector<shown_local> locals;
};

using kept_trace = std::vector<kept_event>;

/// Keeps events, at most a million; the rest is counted.
class trace_keeper : public tracer {
public:
  void on_event(const trace_event& e) override;
  kept_trace take() { return std::move(events_); }
  size_t dropped() const { return dropped_; }

private:
  kept_trace events_;
  size_t dropped_ = 0;
};

/// Passes events on to several.
class trace_fan : public tracer {
public:
  void add(tracer* t) { all_.push_back(t); }
  bool empty() const { return all_.empty(); }
  void on_event(const trace_event& e) override {
    for (auto* t : all_)
      t->on_event(e);
  }

private:
  std::vector<tracer*> all_;
};

/// What the mode shows: notes and fails come with the path that led there.
kept_trace chosen(const kept_trace& all, explain_mode mode);
/// Notes and fails together, as `opa test -v` shows them.
kept_trace notes_and_fails(const kept_trace& all);

/// One line an event: place, depth, event; values where asked for.
std::string trace_text(const kept_trace& t, bool values);

/// OPA's "explanation": an array of events.
value trace_value(arena& a, const kept_trace& t);

/// The line that failed last and the values in it; empty where none did.
std::string failure_text(const kept_trace& t, bool values);

} // namespace rego::cli
