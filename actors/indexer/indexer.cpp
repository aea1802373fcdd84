// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/indexer/indexer.hpp"

#include "actors/indexer/state.hpp"
#include "runtime/base/log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::indexer {

namespace {

const log::logger out{"indexer"};

/// The size in INDEXER's own message to itself, of which there is one at most.
constexpr std::uint64_t go_on = ~std::uint64_t{0};

struct parts {
  parts(config with, state built)
      : cfg{std::move(with)}, core{std::move(built)},
        behind{cfg.registry->make_gauge("acgs_ledger_index_behind",
                                        "Entries that are not indexed yet")} {
    // Nothing else.
  }
  config cfg;
  state core;
  acgs::metrics::gauge behind;
  std::uint64_t left = 0;
  bool going_on = true; ///< such a message is under way
};

void stop(indexer_actor::pointer self, const caf::error& why) {
  out.error("the index cannot be written",
            {{"event", "index_failed"}, {"reason", sentence_of(why)}});
  self->quit(why);
}

} // namespace

indexer_actor::behavior_type indexer(indexer_actor::pointer self, config cfg) {
  auto core = state::open(*cfg.index, *cfg.ledger, cfg.origin);
  if (!core) {
    stop(self, core.error());
    return indexer_actor::behavior_type::make_empty_behavior();
  }
  auto kept = std::make_shared<parts>(std::move(cfg), std::move(*core));
  self->send(self, grown{go_on});
  return {
      [self, kept](const grown& what) {
        if (what.size == go_on)
          kept->going_on = false;
        auto left = kept->core.advance(kept->cfg.step);
        if (!left)
          return stop(self, left.error());
        kept->left = *left;
        kept->behind.set(static_cast<double>(*left));
        if (*left > 0 && !std::exchange(kept->going_on, true))
          self->send(self, grown{go_on});
      },
      [kept](probe) {
        probe_result found;
        found.facts = "{\"indexed\":" + std::to_string(kept->core.indexed())
                      + ",\"behind\":" + std::to_string(kept->left) + "}";
        return found;
      },
  };
}

} // namespace acgs::indexer
