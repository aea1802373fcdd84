// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/policy/state.hpp"

#include <cassert>
#include <utility>

namespace acgs::policy {

state::state(std::vector<worker> workers) : workers_{std::move(workers)} {
  assert(!workers_.empty());
}

void state::activate(snapshot_ptr next) {
  if (!active_ || next->revision() >= active_->revision())
    active_ = std::move(next);
}

caf::error state::admits(const domain::decide_request& request) const {
  if (!active_)
    return make_error(ec::unavailable,
                      "no policies are active yet: the node is starting");
  if (request.pinned_hash.empty()
      || active_->is_constitution(request.pinned_hash))
    return {};
  return make_error(ec::hash_mismatch,
                    "constitutional_hash '"
                        + std::string{request.pinned_hash.substr(0, 64)}
                        + "' is not the active constitution; expected '"
                        + active_->constitutional_hash() + "'");
}

const worker& state::next() {
  std::size_t best = workers_.size();
  unsigned fewest = 0;
  for (std::size_t i = 1; i <= workers_.size(); ++i) {
    auto candidate = (last_ + i) % workers_.size();
    auto waiting = workers_[candidate].waiting->load(std::memory_order_relaxed);
    if (best == workers_.size() || waiting < fewest) {
      best = candidate;
      fewest = waiting;
    }
  }
  last_ = best;
  workers_[best].waiting->fetch_add(1, std::memory_order_relaxed);
  return workers_[best];
}

} // namespace acgs::policy
