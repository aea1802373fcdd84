// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What variables are bound to. Each rule that is entered has bindings of its
// own with a number; a variable that is left open is written with it, so that
// the variables of two rules stay apart in one body.

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "partial/node.hpp"

namespace rego::partial {

class bindings;

/// A term and the bindings that its variables are of.
struct place {
  node_ptr n;
  bindings* in;
};

class bindings {
public:
  explicit bindings(uint64_t id) : id(id) {}
  bindings(const bindings&) = delete;
  bindings& operator=(const bindings&) = delete;

  struct bound {
    std::string name;
    place to;
  };
  const bound* find(const std::string& name) const;
  void bind(const std::string& name, place to) {
    list.push_back({name, std::move(to)});
  }
  void unbind(const std::string& name);

  const uint64_t id;
  std::vector<bound> list;
};

/// A variable bound for as long as this lives.
class binding_scope {
public:
  binding_scope(bindings& b, std::string name, place to)
      : b_(b), name_(std::move(name)) {
    b_.bind(name_, std::move(to));
  }
  ~binding_scope() { b_.unbind(name_); }
  binding_scope(const binding_scope&) = delete;
  binding_scope& operator=(const binding_scope&) = delete;

private:
  bindings& b_;
  std::string name_;
};

/// What a term is where it is a variable that is bound; else itself.
place apply(node_ptr n, bindings* b);

/// The names of open variables outside their rule.
class naming {
public:
  naming(arena& memory, const bindings& root, const names& taken)
      : memory_(memory), root_(root), taken_(taken) {}

  /// Bound variables by what they are bound to, the others as they are.
  node_ptr plug(const node_ptr& n, bindings* b) const {
    return plug(n, b, false, 0);
  }
  /// The others by their names outside. Closures stay as they are.
  node_ptr plug_out(const node_ptr& n, bindings* b) const {
    return plug(n, b, true, 0);
  }
  /// As plug_out, within closures and bodies as well: variables that are bound
  /// outside become equations at a closure's end.
  node_ptr close(const node_ptr& n, bindings* b) const;
  literal close(const literal& l, bindings* b) const;
  std::string name_of(const std::string& name, const bindings& b) const;

private:
  node_ptr plug(const node_ptr& n, bindings* b, bool out, int depth) const;
  node_ptr named(const node_ptr& n, bindings* b) const;

  arena& memory_;
  const bindings& root_;
  const names& taken_;
};

/// Variables that are left open, innermost last.
class open_variables {
public:
  void push(std::string name, const bindings* b) {
    list_.push_back({std::move(name), b});
  }
  void pop(size_t count) { list_.resize(list_.size() - count); }
  bool has(const std::string& name, const bindings* b) const;
  struct open {
    std::string name;
    const bindings* of;
  };
  const std::vector<open>& list() const { return list_; }

private:
  std::vector<open> list_;
};

} // namespace rego::partial
