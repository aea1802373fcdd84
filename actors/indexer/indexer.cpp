// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/indexer/indexer.hpp"

#include "actors/indexer/state.hpp"
#include "runtime/base/log.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace acgs::indexer {

namespace {

const log::logger out{"indexer"};

/// The size in INDEXER's own message to itself, of which there is one at most.
constexpr std::uint64_t go_on = ~std::uint64_t{0};

/// Records that one transaction looks at for archived entries to forget.
constexpr std::uint64_t sweep_piece = 16384;

struct parts {
  explicit parts(config with)
      : cfg{std::move(with)}, behind{cfg.registry->make_gauge(
                                  "acgs_ledger_index_behind",
                                  "Entries that are not indexed yet")} {
    // Begins with its first step.
  }
  void show_left(std::uint64_t count) {
    left = count;
    behind.set(static_cast<double>(count));
  }

  config cfg;
  std::optional<state> core; ///< none before the index could be read
  acgs::metrics::gauge behind;
  std::uint64_t reached = 0; ///< entries indexed, as far as is known
  std::uint64_t left = 0;
  bool going_on = true; ///< such a message is under way
  caf::error trouble;   ///< why it waits
  std::chrono::milliseconds wait{0};
};

bool lacks_room(const caf::error& why) {
  return code_of(why) == ec::store_full;
}

void tell(const caf::error& why) {
  if (lacks_room(why))
    out.warning("the index has no room to grow",
                {{"event", "index_full"}, {"reason", sentence_of(why)}});
  else
    out.error("the index cannot be written",
              {{"event", "index_failed"}, {"reason", sentence_of(why)}});
}

/// Tries again later, however often the log grows meanwhile: soon where only
/// room is missing, and else the more seldom the longer it lasts.
void wait(indexer_actor::pointer self, parts& of, caf::error why) {
  if (code_of(of.trouble) != code_of(why))
    tell(why);
  if (!of.trouble || lacks_room(why))
    of.wait = of.cfg.retry;
  else
    of.wait = std::min(2 * of.wait, of.cfg.retry_max);
  // What it knew may be of a transaction that was given up.
  if (!lacks_room(why))
    of.core.reset();
  of.trouble = std::move(why);
  self->delayed_send(self, of.wait, grown{go_on});
}

/// One step; whether there is more to do.
result<bool> step(parts& of) {
  if (!of.core) {
    auto opened = state::open(*of.cfg.index, *of.cfg.ledger, of.cfg.origin);
    if (!opened)
      return opened.error();
    of.core.emplace(std::move(*opened));
  }
  auto left = of.core->advance(of.cfg.step);
  of.reached = of.core->indexed();
  if (!left)
    return left.error();
  of.show_left(*left);
  return *left == 0 ? of.core->sweep(sweep_piece) : result<bool>{true};
}

void advance(indexer_actor::pointer self, parts& of) {
  // Before it looks: what is committed from here on wakes it anew.
  of.cfg.knows->store(false);
  auto more = step(of);
  if (!more)
    return wait(self, of, std::move(more.error()));
  if (std::exchange(of.trouble, {}))
    out.info("the index is written again", {{"event", "index_mended"}});
  of.going_on = *more;
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
  if (!of.trouble)
    return;
  // While it waits it only says how far it is behind.
  of.cfg.knows->store(false);
  if (what.size > of.reached)
    of.show_left(what.size - of.reached);
}

probe_result check(const parts& of) {
  probe_result found;
  found.facts = "{\"indexed\":" + std::to_string(of.reached)
                + ",\"behind\":" + std::to_string(of.left) + "}";
  if (!of.trouble)
    return found;
  found.status = health_status::degraded;
  found.reason = (lacks_room(of.trouble)
                      ? "it waits for room: "
                      : "it cannot be written, and queries read the log for "
                        "what it lacks: ")
                 + sentence_of(of.trouble);
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
  auto kept = std::make_shared<parts>(std::move(cfg));
  self->send(self, grown{go_on});
  return {
      [self, kept](const grown& what) { follow(self, *kept, what); },
      [kept](probe) { return check(*kept); },
  };
}

} // namespace acgs::indexer
