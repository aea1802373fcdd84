// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/policy/state.hpp"

#include "runtime/auth/admin_gate.hpp"

#include <cassert>

namespace acgs::policy {

state::state(std::vector<worker> workers, std::chrono::nanoseconds time_max)
    : workers_{std::move(workers)}, time_max_{time_max} {
  assert(!workers_.empty());
}

bool is_urgent(const domain::decide_request& request) {
  return request.path == auth::admin_path
         && request.caller.role_ >= domain::role::operator_;
}

namespace {

caf::error check_pin(const snapshot& now, std::string_view pinned) {
  auto other = now.constitution().other_among(pinned);
  if (!other)
    return {};
  return make_error(ec::hash_mismatch,
                    "constitutional_hash '" + std::string{other->substr(0, 64)}
                        + "' is not the active constitution; expected '"
                        + now.constitution().shown + "'",
                    "constitutional_hash");
}

caf::error none_active() {
  return make_error(ec::unavailable,
                    "no policies are active yet: the node is starting");
}

} // namespace

result<snapshot_ptr> state::admit(const domain::decide_request& request) const {
  auto now = active();
  if (!now)
    return none_active();
  if (auto wrong = check_pin(*now, request.pinned_hash))
    return wrong;
  return now;
}

result<snapshot_ptr> state::admit(const decide_many& all) const {
  auto now = active();
  if (!now)
    return none_active();
  for (const auto& each : all.each)
    if (auto wrong = check_pin(*now, each->pinned_hash))
      return wrong;
  return now;
}

probe_result
state::look_at(const std::vector<std::chrono::nanoseconds>& busy) const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  probe_result out;
  std::size_t hanging = 0;
  for (std::size_t i = 0; i < busy.size(); ++i) {
    if (busy[i] <= time_max_ + hang_margin)
      continue;
    ++hanging;
    out.reason +=
        (out.reason.empty() ? "" : "; ") + workers_[i].name
        + " has been at one decision for "
        + std::to_string(duration_cast<milliseconds>(busy[i]).count())
        + " ms, though policy.time_max is "
        + std::to_string(duration_cast<milliseconds>(time_max_).count())
        + " ms";
  }
  if (hanging > 0)
    out.status = hanging == workers_.size() ? health_status::unhealthy
                                            : health_status::degraded;
  return out;
}

} // namespace acgs::policy
