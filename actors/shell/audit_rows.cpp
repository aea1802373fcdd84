// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_rows.hpp"

namespace acgs::shell {

row summary(const client::located_entry& from) {
  auto& entry = *from.entry;
  auto outcome = text(to_string_view(entry.outcome));
  if (entry.outcome == domain::verdict::none)
    outcome.shown.clear();
  return {{"index", number(from.index)},
          {"time", time(entry.time_nanos)},
          {"kind", text(to_string_view(entry.kind))},
          {"event_type", text(entry.event_type)},
          {"outcome", outcome},
          {"agent", text(entry.agent)},
          {"by", text(entry.caller.subject)},
          {"path", text(entry.path)}};
}

row whole(const client::located_entry& from) {
  auto& entry = *from.entry;
  auto out = summary(from);
  out.insert(out.end(),
             {{"request_id", text(entry.request_id)},
              {"decision_id", text(entry.decision_id)},
              {"node", text(entry.node)},
              {"role", text(to_string_view(entry.caller.role_))},
              {"auth_method", text(to_string_view(entry.caller.method))},
              {"address", text(entry.caller.address)},
              {"policy_digest", hex(entry.policy_digest)},
              {"data_digest", hex(entry.data_digest)},
              {"revision", number(entry.revision)},
              {"duration_ns", duration(entry.duration_nanos)},
              {"detail", json(entry.detail)},
              {"leaf_hash", hex(from.leaf_hash)}});
  return out;
}

} // namespace acgs::shell
