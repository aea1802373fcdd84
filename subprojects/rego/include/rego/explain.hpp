// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Explanations: the events of one evaluation kept, chosen from and shown. Plain
// values; the nodes belong to the policy and the query, which must outlive the
// trace.

#include <string>
#include <vector>

#include "rego/engine.hpp"

namespace rego {

enum class explain_mode : uint8_t { off, notes, fails, full, debug };

/// A value that a literal came by; texts are empty where there was none.
struct shown_local {
  std::string name;
  std::string text; // as JSON
  std::string rego; // as Rego, its beginning
  int row;
  int col;
  std::string written; // its text in the source
  bool tried;          // its evaluation began
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

/// Keeps events within bounds; the rest is counted.
class trace_keeper : public tracer {
public:
  explicit trace_keeper(size_t events_max = 1000000,
                        size_t bytes_max = size_t{256} << 20)
      : events_left_(events_max), bytes_left_(bytes_max) {}
  void on_event(const trace_event& e) override;
  kept_trace take() { return std::move(events_); }
  size_t dropped() const { return dropped_; }

private:
  kept_trace events_;
  size_t events_left_;
  size_t bytes_left_;
  size_t dropped_ = 0;
};

/// What the mode shows: notes and fails come with the path that led there.
kept_trace chosen(const kept_trace& all, explain_mode mode);
/// Notes and fails together, as `opa test -v` shows them.
kept_trace notes_and_fails(const kept_trace& all);

/// One line an event: place, depth, event; values where asked for.
std::string trace_text(const kept_trace& t, bool values);

/// An array of events as OPA's REST API has them: {"op", "query_id",
/// "parent_id", "type", "node", "locals", "location", "message"?}, nodes and
/// values as syntax trees, as written but for the names of rules and imports,
/// which are in full. A note's type is "" and its node null.
value trace_events(arena& a, const kept_trace& t);

/// At most `limit` bytes, "..." behind what was cut; 0 is no limit.
std::string shortened(std::string text, size_t limit);

} // namespace rego
