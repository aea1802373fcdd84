// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows the process itself in the metrics, under the names that Prometheus's
// own clients use: memory, descriptors, threads, processor time. Read from
// /proc whenever somebody scrapes, on the scraper's thread.

#include "runtime/metrics/registry.hpp"

namespace acgs::node {

/// From now on every collection shows what the process uses.
void show_process(acgs::metrics::registry& in);

} // namespace acgs::node
