// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CONTROL counts.

#include "runtime/base/error.hpp"
#include "runtime/domain/command.hpp"
#include "runtime/metrics/registry.hpp"

namespace acgs::control {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in);

  /// A command was carried out and recorded, so long after it was accepted.
  void done(domain::command_kind kind, std::chrono::nanoseconds took);

  /// A command was refused, or its entry could not be written.
  void refused(domain::command_kind kind, ec why);

  void show_revision(std::uint64_t revision);
  void show_waiting(std::size_t commands);

private:
  acgs::metrics::counter_family commands_;
  acgs::metrics::histogram duration_;
  acgs::metrics::gauge revision_;
  acgs::metrics::gauge waiting_;
};

} // namespace acgs::control
