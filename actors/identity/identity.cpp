// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/identity.hpp"

#include "actors/identity/shell.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::identity {

self_actor::behavior_type identity(self_actor::pointer self, config cfg) {
  auto kept = std::make_shared<shell>(self, std::move(cfg));
  return {
      [kept](login& what) { return kept->log_in(what); },
      [kept](const refresh& what) { return kept->exchange(what); },
      [kept](const issue& what) { return kept->give(what); },
      [kept](const revoke& what) { return kept->take_back(what); },
      [kept](put_user& what) { return kept->put(what); },
      [kept](const refused& what) { kept->record(what, "credential"); },
      [kept](const control::published& now) { kept->update(now); },
  };
}

} // namespace acgs::identity
