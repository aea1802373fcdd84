// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/permissions.hpp"

#include <string>

namespace acgs::auth {

namespace {

using domain::role;

/// A set of roles, one bit each.
using roles = unsigned;

constexpr roles only(role who) {
  return 1u << static_cast<unsigned>(who);
}

constexpr roles agent = only(role::agent);
constexpr roles viewer = only(role::viewer);
constexpr roles analyst = only(role::analyst);
constexpr roles operator_ = only(role::operator_);
constexpr roles admin = only(role::admin);
constexpr roles staff = viewer | analyst | operator_ | admin;
constexpr roles everybody = agent | staff;

struct rule {
  verb what;
  roles who;
  bool in_lockdown = false; ///< goes on for these roles while lockdown is on
  bool admin_policy = false;
};

/// The table. A line a verb, in the order of the enumeration.
constexpr std::array rules{
    rule{verb::decide, agent | analyst | operator_ | admin},
    rule{verb::health, everybody, true},
    rule{verb::info, everybody, true},
    rule{verb::metrics, everybody, true},
    rule{verb::read_own_entries, everybody, true},
    rule{verb::read_ledger, staff, true},
    rule{verb::read_checkpoint, everybody, true},
    rule{verb::verify_ledger, staff, true},
    rule{verb::read_payloads, analyst | admin},
    rule{verb::record_event, agent | analyst | operator_ | admin},
    rule{verb::record_outcome, agent | analyst | operator_ | admin},
    rule{verb::shred, admin, false, true},
    rule{verb::replay, analyst | admin},
    rule{verb::read_policies, staff},
    rule{verb::write_policies, admin, false, true},
    rule{verb::read_data, staff},
    rule{verb::write_data, operator_ | admin, false, true},
    rule{verb::query, analyst | operator_ | admin},
    rule{verb::read_cache, staff},
    rule{verb::manage_cache, admin, false, true},
    rule{verb::manage_modes, admin, false, true},
    rule{verb::read_identities, admin},
    rule{verb::manage_identities, admin, false, true},
    rule{verb::read_actors, staff},
    rule{verb::manage_actors, operator_ | admin, false, true},
    rule{verb::manage_logs, operator_ | admin, false, true},
    rule{verb::manage_limits, admin, false, true},
    rule{verb::back_up, admin, false, true},
    rule{verb::manage_keys, admin, false, true},
    rule{verb::archive, admin, false, true},
};
static_assert(rules.size() == verb_names.size());

constexpr bool in_order() {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].what != static_cast<verb>(i))
      return false;
  return true;
}
static_assert(in_order());

constexpr const rule& rule_of(verb what) {
  return rules[static_cast<std::size_t>(what)];
}

std::string names_of(roles who) {
  std::string out;
  for (std::size_t i = 0; i < domain::role_names.size(); ++i) {
    if (!(who & (1u << i)))
      continue;
    out += out.empty() ? "" : ", ";
    out += domain::role_names[i];
  }
  return out;
}

} // namespace

bool may(role who, verb what) {
  return rule_of(what).who & only(who);
}

caf::error authorise(const domain::identity_view& who, verb what) {
  if (may(who.role_, what))
    return {};
  return make_error(ec::forbidden,
                    "the role " + std::string{to_string_view(who.role_)}
                        + " may not " + std::string{to_string_view(what)}
                        + "; it takes " + names_of(rule_of(what).who));
}

caf::error authorise_in_lockdown(const domain::identity_view& who, verb what) {
  if (auto refused = authorise(who, what))
    return refused;
  if (who.role_ == role::admin || rule_of(what).in_lockdown)
    return {};
  return make_error(ec::forbidden,
                    std::string{to_string_view(what)}
                        + " is refused while the node is in lockdown");
}

bool asks_admin_policy(verb what) {
  return rule_of(what).admin_policy;
}

} // namespace acgs::auth
