// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines typed at the terminal, with history and completion. While it lives,
// Ctrl-C does not end the program: it gives up the line that is typed, and
// otherwise says so to whoever works on the one before. One at a time.

#include <atomic>
#include <memory>
#include <string>

#include "cli/session.hpp"

namespace rego::cli {

class line_editor {
public:
  enum class outcome : uint8_t { line, given_up, end };

  explicit line_editor(session& s);
  ~line_editor();
  line_editor(const line_editor&) = delete;
  line_editor& operator=(const line_editor&) = delete;

  /// The next line, in UTF-8, without what ended it.
  outcome next(std::string& line);

  /// Whether Ctrl-C came since a line was last waited for.
  static const std::atomic<bool>& interrupted();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace rego::cli
