// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/content.hpp"

namespace acgs::control {

bool changes_content(domain::command_kind kind) {
  using domain::command_kind;
  switch (kind) {
  case command_kind::put_policy:
  case command_kind::delete_policy:
  case command_kind::put_data:
  case command_kind::patch_data:
  case command_kind::delete_data:
  case command_kind::set_constitution:
  case command_kind::put_candidate:
  case command_kind::drop_candidate:
  case command_kind::put_bundle:
  case command_kind::activate_bundle:
    return true;
  case command_kind::set_strict_mode:
  case command_kind::set_lockdown:
  case command_kind::put_user:
  case command_kind::revoke_user:
  case command_kind::issue_token:
  case command_kind::revoke_token:
  case command_kind::set_limit:
  case command_kind::key_event:
  case command_kind::set_log_level:
  case command_kind::set_aliases:
    return false;
  }
  return true; // a kind that nobody knows is refused when it is prepared
}

namespace {

/// Revision and time of what the command wrote, which bear its number.
class stamp {
public:
  stamp(std::uint64_t before, std::uint64_t after, std::int64_t now_nanos)
      : before_{before}, after_{after}, now_nanos_{now_nanos} {
    // Earlier commands have smaller numbers.
  }

  template <class Item>
  void put_on(Item& item) const {
    if (item.revision != before_)
      return;
    item.revision = after_;
    item.time_nanos = now_nanos_;
  }

  template <class Key, class Item>
  void put_on_all(std::map<Key, Item>& items) const {
    for (auto& [key, item] : items)
      put_on(item);
  }

private:
  std::uint64_t before_;
  std::uint64_t after_;
  std::int64_t now_nanos_;
};

} // namespace

domain::control_state_ptr moved_upon(const domain::control_state& upon,
                                     const domain::control_state& made,
                                     std::int64_t now_nanos) {
  auto out = std::make_shared<domain::control_state>(upon);
  ++out->revision;
  out->time_nanos = now_nanos;
  out->constitution_digest = made.constitution_digest;
  out->constitution = made.constitution;
  out->policies = made.policies;
  out->data = made.data;
  out->data_revision =
      made.data_revision == made.revision ? out->revision : made.data_revision;
  out->trial = made.trial;
  out->archives = made.archives;
  out->bundles = made.bundles;
  stamp mark{made.revision, out->revision, now_nanos};
  mark.put_on_all(out->constitution);
  mark.put_on_all(out->policies);
  mark.put_on_all(out->archives);
  mark.put_on_all(out->bundles);
  if (made.trial && made.trial->revision == made.revision) {
    auto trial = std::make_shared<domain::candidate>(*made.trial);
    mark.put_on(*trial);
    mark.put_on_all(trial->modules);
    out->trial = std::move(trial);
  }
  return out;
}

} // namespace acgs::control
