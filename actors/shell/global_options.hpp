// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands before or after any command: one table, which parsing, help and
// completion read.

#include "actors/shell/command.hpp"

#include <span>
#include <string_view>

namespace acgs::shell {

struct global_option {
  parameter what;
  std::string_view type; ///< of its value in the help; empty for a flag
  /// Takes the value, which was checked. Null: the parser answers by itself.
  void (*take)(global_options& to, const std::string& value) = nullptr;
  bool within_shell = true; ///< whether it means anything to a single command
};

std::span<const global_option> all_global_options();

} // namespace acgs::shell
