// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows the tree of actors in the metrics: how many messages wait for each
// one, how many were refused, whether it runs and how often it was started
// again. Read from the directory
// whenever somebody scrapes, on the scraper's thread.

#include "runtime/actor/directory.hpp"
#include "runtime/metrics/registry.hpp"

#include <memory>
#include <string>

namespace acgs::node {

/// How often a supervisor started that actor again.
acgs::metrics::counter restarts_of(acgs::metrics::registry& in,
                                   const std::string& actor);

/// From now on every collection shows the actors of the directory, as long as
/// it lives; the registry does not keep it alive.
void show_actors(acgs::metrics::registry& in,
                 const std::shared_ptr<directory>& actors);

} // namespace acgs::node
