// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What LEDGER counts.

#include "runtime/metrics/registry.hpp"

namespace acgs::ledger {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in)
      : entries_{in.make_counter("acgs_ledger_entries_total",
                                 "Entries made durable since the start")},
        refused_{in.make_counter("acgs_ledger_refused_total",
                                 "Entries that were not written")},
        unsigned_{in.make_counter("acgs_ledger_signature_failures_total",
                                  "Checkpoints that could not be signed")},
        commit_{in.make_histogram("acgs_ledger_commit_seconds",
                                  "Writing and syncing one batch",
                                  acgs::metrics::latency_bounds())},
        publish_{in.make_histogram("acgs_ledger_publish_seconds",
                                   "Putting durable batches into the store",
                                   acgs::metrics::latency_bounds())},
        batch_{in.make_histogram("acgs_ledger_batch_entries",
                                 "Entries in one batch",
                                 acgs::metrics::count_bounds())},
        queue_{in.make_gauge("acgs_ledger_queue_length",
                             "Entries taken from the queue and not durable")},
        size_{in.make_gauge("acgs_ledger_size", "Entries in the log")} {
    // Handles only.
  }

  void queued(std::size_t length) { queue_.set(static_cast<double>(length)); }

  void committed(std::size_t entries, std::size_t refused, std::uint64_t size,
                 std::chrono::nanoseconds took) {
    entries_.increment(static_cast<double>(entries));
    refused_.increment(static_cast<double>(refused));
    batch_.observe(static_cast<double>(entries));
    commit_.observe(took);
    size_.set(static_cast<double>(size));
    queued(0);
  }

  void published(std::chrono::nanoseconds took) { publish_.observe(took); }

  void signature_failed() { unsigned_.increment(); }

private:
  acgs::metrics::counter entries_;
  acgs::metrics::counter refused_;
  acgs::metrics::counter unsigned_;
  acgs::metrics::histogram commit_;
  acgs::metrics::histogram publish_;
  acgs::metrics::histogram batch_;
  acgs::metrics::gauge queue_;
  acgs::metrics::gauge size_;
};

} // namespace acgs::ledger
