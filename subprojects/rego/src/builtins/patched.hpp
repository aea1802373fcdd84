// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A document that is changed in many places, one after the other. A collection
// on the way to a change is opened: what differs from the value that it was
// stands beside it, so that each further change takes no copy. What is asked
// for as a value is closed again. Used by one call of a built-in, within the
// evaluation's arena.

#include <span>

#include "builtins/builtin.hpp"

namespace rego {

class patched {
public:
  using path = std::span<const value>;

  patched(call_context& c, const value& document) : c_(c), root_(document) {}

  /// What the path leads to, undefined where it leads nowhere.
  value at(path p);

  // Each is false where that cannot be: the document is of no use then. Throws
  // bound_reached where it would be deeper than a value may be.
  bool insert(path p, const value& what);
  bool remove(path p);
  /// As to remove what is there, then to insert.
  bool replace(path p, const value& what);

private:
  enum class change { insert, replace, remove };
  struct opened;

  bool changed(value& v, path p, change how, const value& now);
  bool changed_array(opened& o, path p, change how, const value& now);
  bool changed_set(opened& o, path p, change how, const value& now);
  bool changed_object(opened& o, path p, change how, const value& now);
  bool put(path p, change how, const value& now);
  opened& open(value& v);
  void close(value& v);

  call_context& c_;
  value root_; // it and what is in opened ones: a value, or kind::node
};

} // namespace rego
