// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is done to a tree before it is written: collections lose their repeated
// members as OPA's do, and what OPA gives the place of another node gets it
// here, because rows decide the layout.

#include <string>
#include <vector>

#include "format/place.hpp"

namespace rego::formatting {

/// Changes the rules in place.
void prepare(std::vector<rule>& rules);

/// An order of terms, as OPA's, where a scalar comes before a collection;
/// 0 where they are equal.
int compare(const term& a, const term& b);

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
  place at;

  bool value_is_true() const {
    return value->is(term_kind::boolean) && value->truth;
  }
};

/// Views `r`, which must outlive it.
head_view view_head(const rule& r, const places& where, bool is_else);

/// How many parts a head's name has, for the form that all heads are given.
bool needs_ref_form(const rule& r);

} // namespace rego::formatting
