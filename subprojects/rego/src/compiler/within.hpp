// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a compilation within its bound of work.

#include "core/work.hpp"
#include "rego/engine.hpp"

namespace rego {

/// What `run` makes of texts of so many bytes, or the error that it takes too
/// much work.
template <class Run>
auto within(const compile_limits& l, size_t bytes, Run run) -> decltype(run()) {
  auto more = l.steps_per_byte * bytes;
  work_bound bound(l.steps > UINT64_MAX - more ? UINT64_MAX : l.steps + more,
                   l.cancel);
  try {
    return run();
  } catch (const work_exceeded& e) {
    return error{"rego_compile_error",
                 e.cancelled ? "compiling was ended from outside"
                             : "compiling takes more work than a text of this "
                               "size may take; expected smaller rules, bodies "
                               "or heads",
                 "", 0, 0};
  }
}

} // namespace rego
