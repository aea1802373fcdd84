// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From method and path to a route, by a small table. A pattern is a path whose
// steps are names, "{one}" for any one step, or, as the last one, "{rest*}"
// for any number of steps. Of two patterns that fit, the one with names where
// the other has holes wins. Built once, read only afterwards.

#include "runtime/auth/permissions.hpp"
#include "runtime/net/http/message.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::http_gateway {

class call;
using call_ptr = std::shared_ptr<call>;

/// The shape of a route's errors.
enum class error_style : std::uint8_t {
  opa,     ///< {"code","message","errors"?}
  runbook, ///< {"error","message","details"?,"timestamp","request_id"}
  both,    ///< the runbooks' with OPA's code, and errors, beside
};

struct route {
  http::method verb = http::method::get;
  std::string_view pattern;
  auth::verb right = auth::verb::decide;
  error_style style = error_style::runbook;
  /// What an operator types instead on this machine: for the answer 401.
  std::string_view command;
  void (*serve)(const call_ptr&) = nullptr;
  /// Of a pattern that takes what follows: not where nothing does.
  bool not_at_root = false;
};

class router {
public:
  /// Throws `std::logic_error` on two routes of one method and pattern: our
  /// own bug.
  explicit router(std::vector<route> table);
  ~router();

  struct match {
    const route* found = nullptr; ///< null: no such path, or another method
    std::size_t index = 0;        ///< of the route in the table
    std::vector<std::string> captures; ///< what the holes stand for, in order
    std::vector<http::method> allowed; ///< methods of the path
  };

  /// The route for decoded steps. HEAD finds GET.
  match find(http::method verb, std::vector<std::string> steps) const;

  const std::vector<route>& table() const { return table_; }

private:
  struct node;

  std::vector<route> table_;
  std::unique_ptr<node> root_;
};

} // namespace acgs::http_gateway
