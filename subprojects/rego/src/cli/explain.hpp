// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Explanations as `opa eval --explain` and `opa test` show them.

#include <string>
#include <vector>

#include "rego/explain.hpp"

namespace rego::cli {

/// "off", "notes", "fails", "full" or "debug", or a usage_error.
explain_mode parse_explain(const std::string& text);

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

/// OPA's "explanation": an array of events.
value trace_value(arena& a, const kept_trace& t);

} // namespace rego::cli
