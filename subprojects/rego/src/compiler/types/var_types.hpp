// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of a body's variables. What a closure learns is forgotten at its
// end, by undoing: a body may have very many closures and variables.

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/types/type.hpp"

namespace rego::types {

class var_types {
public:
  /// Null where nothing is known.
  type of(const std::string& name) const {
    auto at = known_.find(name);
    return at == known_.end() ? nullptr : at->second;
  }

  void set(const std::string& name, type t) {
    auto& slot = known_[name];
    undo_.emplace_back(name, std::exchange(slot, std::move(t)));
  }

  size_t mark() const { return undo_.size(); }

  void forget(size_t mark) {
    for (; undo_.size() > mark; undo_.pop_back())
      known_[undo_.back().first] = std::move(undo_.back().second);
  }

private:
  std::unordered_map<std::string, type> known_;
  std::vector<std::pair<std::string, type>> undo_;
};

} // namespace rego::types
