// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/apply.hpp"

#include "actors/control/bundle_changes.hpp"
#include "actors/control/changes.hpp"
#include "actors/control/command_body.hpp"

#include <array>

namespace acgs::control {

namespace {

using domain::command_kind;

using bundle_change = caf::error(domain::control_state& next,
                                 const domain::command& what,
                                 const bundle_source& bundles);

struct row {
  command_kind kind;
  changes::change* carry_out;
  bundle_change* with_bundles = nullptr; ///< instead
};

/// In the order of the enumeration.
constexpr std::array rows{
    row{command_kind::put_policy, changes::put_policy},
    row{command_kind::delete_policy, changes::delete_policy},
    row{command_kind::put_data, changes::put_data},
    row{command_kind::patch_data, changes::patch_data},
    row{command_kind::delete_data, changes::delete_data},
    row{command_kind::set_constitution, changes::set_constitution},
    row{command_kind::set_strict_mode, changes::set_strict_mode},
    row{command_kind::set_lockdown, changes::set_lockdown},
    row{command_kind::put_user, changes::put_user},
    row{command_kind::revoke_user, changes::revoke_user},
    row{command_kind::issue_token, changes::issue_token},
    row{command_kind::revoke_token, changes::revoke_token},
    row{command_kind::set_limit, changes::set_limit},
    row{command_kind::key_event, changes::key_event},
    row{command_kind::set_log_level, changes::set_log_level},
    row{command_kind::put_candidate, changes::put_candidate},
    row{command_kind::drop_candidate, changes::drop_candidate},
    row{command_kind::put_bundle, nullptr, changes::put_bundle},
    row{command_kind::activate_bundle, nullptr, changes::activate_bundle},
    row{command_kind::set_aliases, changes::set_aliases},
};
static_assert(rows.size() == domain::command_kind_names.size());

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].kind != static_cast<command_kind>(i))
      return false;
  return true;
}
static_assert(in_order());

/// What every command has.
caf::error check_frame(const domain::control_state& to,
                       const domain::command& what) {
  if (static_cast<std::size_t>(what.kind) >= rows.size())
    return make_error(ec::invalid_argument, "a kind of command that this "
                                            "version does not know");
  if (auto wrong = check_revision(to, what))
    return wrong;
  if (!what.reason.empty())
    if (auto wrong = check_name("reason", what.reason, bounds::reason_bytes))
      return wrong;
  return {};
}

} // namespace

caf::error check_revision(const domain::control_state& to,
                          const domain::command& what) {
  if (what.expected_revision == 0 || what.expected_revision == to.revision)
    return {};
  return make_error(ec::conflict, "control state has revision "
                                      + std::to_string(to.revision) + ", not "
                                      + std::to_string(what.expected_revision)
                                      + " as expected; read it again");
}

domain::control_state_ptr initial_state() {
  auto out = std::make_shared<domain::control_state>();
  out->data = std::make_shared<const std::string>("{}");
  return out;
}

result<domain::control_state_ptr> apply(const domain::control_state& to,
                                        const domain::command& what,
                                        const bundle_source& bundles) {
  if (auto wrong = check_frame(to, what))
    return wrong;
  auto next = std::make_shared<domain::control_state>(to);
  ++next->revision;
  next->time_nanos = what.time_nanos;
  const auto& how = rows[static_cast<std::size_t>(what.kind)];
  if (how.with_bundles && !bundles)
    return make_error(ec::internal, "a bundle's command without its archives");
  auto wrong = how.with_bundles ? how.with_bundles(*next, what, bundles)
                                : how.carry_out(*next, what);
  if (wrong)
    return wrong;
  return domain::control_state_ptr{std::move(next)};
}

} // namespace acgs::control
