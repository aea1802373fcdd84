// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is wrong with a configuration, collected so that all is said at once.

#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"

#include <string>

namespace acgs::config {

class problems {
public:
  void add(const std::string& sentence) {
    if (++count_ > 20)
      return; // enough to begin with
    sentences_ += (sentences_.empty() ? "" : "\n") + sentence;
  }
  bool empty() const { return count_ == 0; }
  caf::error to_error() const {
    return make_error(ec::invalid_argument, sentences_);
  }

private:
  std::size_t count_ = 0;
  std::string sentences_;
};

/// What no single key can be blamed for: keys that contradict one another.
void check_together(const settings& values, problems& found);

} // namespace acgs::config
