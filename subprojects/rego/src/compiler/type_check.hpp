// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The type pass: arguments that a built-in can never take, equations that can
// never hold. A type is the set of kinds that a term may have; whatever is not
// known may be anything, so that nothing is refused wrongly.

#include <string>
#include <unordered_map>

#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego {

/// Bits by kind: null, boolean, number, string, array, object, set.
using kind_set = unsigned;

class type_check {
public:
  type_check(std::string file, bool refuse_deprecated, errors& out)
      : file_(std::move(file)), refuse_deprecated_(refuse_deprecated),
        out_(out) {}

  void check(const rule& r);
  void check(const query& q);

private:
  using environment = std::unordered_map<std::string, kind_set>;

  void check_body(const query& q);
  void check_literal(const expr& e);
  void check_term(const term& t);
  void check_call(const term& t);
  void check_equation(const term& t);
  kind_set kinds_of(const term& t) const;
  void learn(const term& pattern, kind_set kinds);
  void fail(const location& at, std::string message);

  std::string file_;
  bool refuse_deprecated_;
  errors& out_;
  environment known_;
};

} // namespace rego
