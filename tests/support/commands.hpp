// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Applies commands to a control state, one after the other.

#include "actors/control/apply.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace acgs::test {

struct commands {
  commands() { next.time_nanos = 1000; }

  /// Carries out one; an error leaves the state as it was.
  caf::error carry_out(domain::command_kind kind, std::string_view name,
                       std::string_view body = {}) {
    next.kind = kind;
    next.name = name;
    next.body = body;
    auto out = control::apply(*state, next, bundles);
    if (!out)
      return out.error();
    state = *out;
    return {};
  }

  /// The code of the error, or `ec::none`.
  ec code(domain::command_kind kind, std::string_view name,
          std::string_view body = {}) {
    return code_of(carry_out(kind, name, body));
  }

  /// The sentence of the error, or "done".
  std::string why(domain::command_kind kind, std::string_view name,
                  std::string_view body = {}) {
    auto wrong = carry_out(kind, name, body);
    return wrong ? sentence_of(wrong) : "done";
  }

  void must(domain::command_kind kind, std::string_view name,
            std::string_view body = {}) {
    BOOST_TEST(why(kind, name, body) == "done");
  }

  domain::control_state_ptr state = control::initial_state();
  domain::command next;
  control::bundle_source bundles; ///< for commands about them
};

} // namespace acgs::test
