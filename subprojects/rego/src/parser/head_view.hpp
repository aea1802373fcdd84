// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The head of a rule in OPA's terms, which differ with what stands behind it.

#include <vector>

#include "parser/place.hpp"

namespace rego {

/// A rule's head as OPA has it: which part of `p[x]` is the key depends on what
/// stands behind.
struct head_view {
  /// What the value is when none is written: true, with a place of its own or
  /// with the head's.
  enum class value_origin { none, written, generated, at_head };

  std::vector<term> ref;
  const std::vector<term>* args = nullptr;
  const term* key = nullptr;
  const term* value = nullptr;
  value_origin origin = value_origin::none;
  bool assigned = false;
  bool named = false; // OPA gives the head a name beside its ref
  place at;

  bool value_is_true() const {
    return value->is(term_kind::boolean) && value->truth;
  }
};

/// Views `r`, which must outlive it.
head_view view_head(const rule& r, const places& where, bool is_else);

/// How many parts a head's name has, for the form that all heads are given.
bool needs_ref_form(const rule& r);

} // namespace rego
