// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/indexer/indexer.hpp"

#include "actors/indexer/state.hpp"
#include "runtime/base/log.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::indexer {

namespace {

const log::logger out{"indexer"};

/// The size in INDEXER's own message to itself, of which there is one at most.
constexpr std::uint64_t go_on = ~std::uint64_t{0};

/// Records that one transaction looks at for archived entries to forget.
constexpr std::uint64_t sweep_piece = 16384;

struct parts {
  parts(config with, state built)
      : cfg{std::move(with)}, core{std::move(built)},
        behind{cfg.registry->make_gauge("acgs_ledger_index_behind",
                                        "Entries that are not indexed yet")} {
    // Nothing else.
  }
  void show_left(std::uint64_t count) {
    left = count;
    behind.set(static_cast<double>(count));
  }

  config cfg;
  state core;
  acgs::metrics::gauge behind;
  std::uint64_t left = 0;
  bool going_on = true; ///< such a message is under way
  caf::error full;      ///< why it waits for room
};

void stop(indexer_actor::pointer self, const caf::error& why) {
  out.error("the index cannot be written",
            {{"event", "index_failed"}, {"reason", sentence_of(why)}});
  self->quit(why);
}

/// Tries again later, however often the log grows meanwhile.
void wait_for_room(indexer_actor::pointer self, parts& of, caf::error why) {
  if (!of.full)
    out.warning("the index has no room to grow",
                {{"event", "index_full"}, {"reason", sentence_of(why)}});
  of.full = std::move(why);
  self->delayed_send(self, of.cfg.retry, grown{go_on});
}

void advance(indexer_actor::pointer self, parts& of) {
  // Before it looks: what is committed from here on wakes it anew.
  of.cfg.knows->store(false);
  auto left = of.core.advance(of.cfg.step);
  auto more =
      left && *left == 0 ? of.core.sweep(sweep_piece) : result<bool>{true};
  if (!more)
    left = std::move(more.error());
  if (!left) {
    if (code_of(left.error()) == ec::store_full)
      return wait_for_room(self, of, left.error());
    return stop(self, left.error());
  }
  of.full = {};
  of.show_left(*left);
  of.going_on = *left > 0 || *more;
  if (!of.going_on)
    return;
  if (of.cfg.rest > of.cfg.rest.zero())
    self->delayed_send(self, of.cfg.rest, grown{go_on});
  else
    self->send(self, grown{go_on});
}

void follow(indexer_actor::pointer self, parts& of, const grown& what) {
  if (what.size == go_on)
    return advance(self, of);
  if (!std::exchange(of.going_on, true))
    self->delayed_send(self, of.cfg.pause, grown{go_on});
  if (!of.full)
    return;
  // While it waits for room it only says how far it is behind.
  of.cfg.knows->store(false);
  if (what.size > of.core.indexed())
    of.show_left(what.size - of.core.indexed());
}

probe_result check(const parts& of) {
  probe_result found;
  found.facts = "{\"indexed\":" + std::to_string(of.core.indexed())
                + ",\"behind\":" + std::to_string(of.left) + "}";
  if (of.full) {
    found.status = health_status::degraded;
    found.reason = "it waits for room: " + sentence_of(of.full);
  }
  return found;
}

} // namespace

std::function<void(std::uint64_t)> waker(actor_ref<indexer_actor> who,
                                         std::shared_ptr<told> knows) {
  return [who = std::move(who), knows = std::move(knows)](std::uint64_t size) {
    if (!knows->exchange(true))
      caf::anon_send(who.get(), grown{size});
  };
}

indexer_actor::behavior_type indexer(indexer_actor::pointer self, config cfg) {
  auto core = state::open(*cfg.index, *cfg.ledger, cfg.origin);
  if (!core) {
    stop(self, core.error());
    return indexer_actor::behavior_type::make_empty_behavior();
  }
  auto kept = std::make_shared<parts>(std::move(cfg), std::move(*core));
  self->send(self, grown{go_on});
  return {
      [self, kept](const grown& what) { follow(self, *kept, what); },
      [kept](probe) { return check(*kept); },
  };
}

} // namespace acgs::indexer
