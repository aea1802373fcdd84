// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/process_gauges.hpp"

#include "runtime/process/usage.hpp"

namespace acgs::node {

void show_process(acgs::metrics::registry& in) {
  auto memory = in.make_gauge("process_resident_memory_bytes",
                              "Memory of the process that is not swapped");
  auto descriptors = in.make_gauge("process_open_fds", "Open file descriptors");
  auto threads = in.make_gauge("process_threads", "Threads of the process");
  // A counter by nature, read whole; prometheus-cpp's counters only add up.
  auto processor = in.make_counter("process_cpu_seconds_total",
                                   "Processor time of the process, in seconds");
  in.before_collection([=]() mutable {
    auto now = process::current_usage();
    memory.set(static_cast<double>(now.resident_bytes));
    descriptors.set(static_cast<double>(now.descriptors));
    threads.set(static_cast<double>(now.threads));
    if (auto more = now.cpu_seconds - processor.value(); more > 0)
      processor.increment(more);
  });
}

} // namespace acgs::node
