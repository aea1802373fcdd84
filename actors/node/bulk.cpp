// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/bulk.hpp"

#include "runtime/base/log.hpp"
#include "runtime/process/scheduling.hpp"

namespace acgs::node {

namespace {

constexpr log::logger out{"node"};

} // namespace

void work_in_bulk() {
  if (auto error = process::schedule_as_batch())
    out.warning(
        "a busy node answers less than it could",
        {{"event", "no_batch_scheduling"}, {"reason", sentence_of(error)}});
}

} // namespace acgs::node
