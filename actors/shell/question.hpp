// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asking the person at the terminal.

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::shell {

enum class answer_is { shown, secret };

/// The line that is typed after the question, not shown where it is secret.
/// Nothing where Ctrl-C or Ctrl-D came instead, which ends the question and
/// nothing else. To be used on the main thread.
std::optional<std::string> ask_person(std::ostream& to,
                                      std::string_view question,
                                      answer_is what = answer_is::shown);

} // namespace acgs::shell
