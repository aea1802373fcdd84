// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/metrics.hpp"

#include <span>

namespace acgs::control {

metrics::metrics(acgs::metrics::registry& in)
    : commands_{in,
                "acgs_control_commands_total",
                "Changes of control state that were asked for",
                {"kind", "result"},
                domain::command_kind_names.size() * (ec_names.size() + 1)},
      duration_{in.make_histogram("acgs_control_command_duration_seconds",
                                  "From accepted to durable and recorded",
                                  acgs::metrics::latency_bounds())},
      revision_{in.make_gauge("acgs_control_revision",
                              "Revision of control state that is in force")},
      waiting_{in.make_gauge("acgs_control_queue_length",
                             "Commands that wait for the one before them")} {
  for (auto kind : domain::command_kind_names) {
    commands_.declare({kind, "done"});
    for (auto why : std::span{ec_names}.subspan(1)) // all but `none`
      commands_.declare({kind, why});
  }
}

void metrics::done(domain::command_kind kind, std::chrono::nanoseconds took) {
  commands_.increment({to_string_view(kind), "done"});
  duration_.observe(took);
}

void metrics::refused(domain::command_kind kind, ec why) {
  commands_.increment({to_string_view(kind), to_string_view(why)});
}

void metrics::show_revision(std::uint64_t revision) {
  revision_.set(static_cast<double>(revision));
}

void metrics::show_waiting(std::size_t commands) {
  waiting_.set(static_cast<double>(commands));
}

} // namespace acgs::control
