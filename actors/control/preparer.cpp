// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/preparer.hpp"

#include "actors/control/archives.hpp"
#include "actors/control/bundle_changes.hpp"
#include "actors/control/bundle_shelf.hpp"
#include "runtime/actor/bounded.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::control {

namespace {

/// More than CONTROL ever sends: one command and the order to end.
constexpr std::size_t mailbox_bound = 8;

class worker {
public:
  explicit worker(preparer_config cfg)
      : cfg_{std::move(cfg)}, archives_{cfg_.store, cfg_.ledger_store},
        shelf_{cfg_.bundle_keys, [this](std::string_view digest) {
                 return archives_.find(digest);
               }} {
    // Reads when asked.
  }

  result<prepared> carry_out(const prepare_command& what) {
    auto command = what.command;
    if (auto wrong = check_activated(*command, *what.upon.state))
      return wrong;
    if (what.archive) {
      auto described = shelf_.offer(what.archive, *command);
      if (!described)
        return described.error();
      command = std::move(*described);
    }
    auto limits = limits_of_new_policies;
    limits.cancel = cfg_.ended.get();
    return prepare(
        what.upon, command, what.now, cfg_.aliases,
        [this](std::string_view digest) { return shelf_.open(digest); },
        limits);
  }

private:
  /// What is asked of a bundle today and not of those in the history: that it
  /// is signed by the keys of the configuration.
  caf::error check_activated(const domain::command& what,
                             const domain::control_state& in) {
    if (what.kind != domain::command_kind::activate_bundle)
      return {};
    auto digests = changes::digests_of(what.body);
    if (!digests)
      return digests.error();
    for (const auto& digest : *digests)
      if (in.archives.contains({digest, std::string{what.name}}))
        if (auto wrong = shelf_.check(digest))
          return wrong;
    return {};
  }

  preparer_config cfg_;
  archives archives_;
  bundle_shelf shelf_; ///< reads the archives
};

} // namespace

preparer_actor::behavior_type preparer(preparer_actor::pointer,
                                       preparer_config cfg) {
  auto kept = std::make_shared<worker>(std::move(cfg));
  return {[kept](const prepare_command& what) {
    preparation out;
    if (auto done = kept->carry_out(what))
      out.done = std::move(*done);
    else
      out.refusal = done.error();
    return out;
  }};
}

preparer_actor spawn_preparer(caf::actor_system& system, preparer_config cfg) {
  return spawn_bounded<caf::detached>(system, mailbox_bound, preparer,
                                      std::move(cfg));
}

} // namespace acgs::control
