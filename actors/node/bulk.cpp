// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/bulk.hpp"

#include "actors/node/log.hpp"
#include "runtime/process/scheduling.hpp"

namespace acgs::node {

namespace {

void warn_of(const caf::error& refused) {
  if (refused)
    logger.warning(
        "a busy node answers less than it could",
        {{"event", "no_batch_scheduling"}, {"reason", sentence_of(refused)}});
}

} // namespace

void work_in_bulk() {
  warn_of(process::schedule_as_batch());
}

std::function<void(bool)> bulk_switch() {
  return [mine = process::batch_while{}](bool bulk) mutable {
    warn_of(mine.set(bulk));
  };
}

} // namespace acgs::node
