// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A LEDGER that keeps what it is given in memory, knows idempotency keys, and
// refuses when it is told to. What it took outlives the actor, as a disk does.
// It understands only what is written by others, not what NODE asks of it.

#include "actors/ledger/protocol.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace acgs::test {

struct fake_ledger {
  struct taken {
    std::vector<ledger::append> entries;
    std::vector<ledger::put_blob> blobs;
    std::map<std::string, std::uint64_t> by_key;
    caf::error refusal; ///< of every request, while it is set
    unsigned asked = 0;
  };

  explicit fake_ledger(caf::actor_system& system)
      : what{std::make_shared<taken>()} {
    auto actor = system.spawn<caf::hidden>(
        [kept = what](caf::event_based_actor*) -> caf::behavior {
          return {[kept](const ledger::append& entry)
                      -> caf::result<ledger::appended> {
                    ++kept->asked;
                    if (kept->refusal)
                      return kept->refusal;
                    return add(*kept, entry);
                  },
                  [](ledger::get_head) {
                    return ledger::head{"the head of the log"};
                  },
                  [kept](const ledger::put_blob& blob) -> caf::result<void> {
                    ++kept->asked;
                    if (kept->refusal)
                      return kept->refusal;
                    kept->blobs.push_back(blob);
                    return caf::unit;
                  }};
        });
    handle = caf::actor_cast<ledger_actor>(actor);
  }

  /// The entries of one kind.
  std::vector<wire::entry> of_kind(domain::entry_kind kind) const {
    std::vector<wire::entry> out;
    for (const auto& each : what->entries)
      if (each.entry->kind == kind)
        out.push_back(each.entry);
    return out;
  }

  static ledger::appended add(taken& to, const ledger::append& entry) {
    if (!entry.idempotency_key.empty()) {
      auto [at, added] =
          to.by_key.try_emplace(entry.idempotency_key, to.entries.size());
      if (!added)
        return {at->second, true};
    }
    to.entries.push_back(entry);
    return {to.entries.size() - 1, false};
  }

  std::shared_ptr<taken> what;
  ledger_actor handle;
};

} // namespace acgs::test
