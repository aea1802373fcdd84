// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/replayer/replayer.hpp"

#include "actors/replayer/state.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace acgs::replayer {

replayer_actor::behavior_type replayer(replayer_actor::pointer self,
                                       config with) {
  auto core = state::open(std::move(with));
  if (!core) {
    self->quit(core.error());
    return replayer_actor::behavior_type::make_empty_behavior();
  }
  auto kept = std::make_shared<state>(std::move(*core));
  return {
      [kept](const replay& what) -> caf::result<replayed> {
        auto done = kept->run(what);
        if (!done)
          return std::move(done.error());
        return std::move(*done);
      },
  };
}

} // namespace acgs::replayer
