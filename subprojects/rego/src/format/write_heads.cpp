// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Heads of rules.

#include "format/writer.hpp"

namespace rego::formatting {

bool writer::write_head(const head_view& h, const rule& r, bool constant,
                        bool is_else) {
  bool as_ref = style_.ref_heads || h.ref.size() == 1;
  // Comments within a key are kept with it.
  if (!as_ref && !notes_.empty() && h.ref[1].at.row == notes_.front().at.row) {
    put_original(h.at);
    return true;
  }
  bool ok = write_name(h);
  if (!h.args->empty()) {
    put("(");
    head_ = true;
    ok &= write_list(*h.args, 0, h.at, closing_row(h.at, {'(', ')'}), false);
    put(")");
  }
  if (h.key && !h.value) {
    put(style_.contains ? " contains " : "[");
    ok &= write_term(*h.key);
    put(style_.contains ? "" : "]");
  }
  return write_head_value(h, r, constant, is_else) && ok;
}

bool writer::write_name(const head_view& h) {
  if (style_.ref_heads || h.ref.size() == 1)
    return write_ref(h.ref);
  put(term_text(h.ref[0]) + "[");
  auto& key = h.ref[1];
  put(key.is(term_kind::string) ? string_literal(key.text) : term_text(key));
  put("]");
  return true;
}

bool writer::write_head_value(const head_view& h, const rule& r, bool constant,
                              bool is_else) {
  if (!h.value)
    return true;
  bool shown = h.key || !h.value_is_true() || constant || r.is_default;
  if (!shown)
    return true;
  // What was not written need not be, unless a name of dots would be a
  // statement of nothing in Rego v1.
  bool needed = style_.v1 && constant && !h.key && h.args->empty();
  if (h.origin == head_view::value_origin::at_head && !is_else && !needed)
    return true;
  put(h.assigned || style_.v1 ? " := " : " = ");
  return write_term(*h.value);
}

} // namespace rego::formatting
