// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// LEDGER with SIGNER, READER and INDEXER on their own threads, as NODE spawns
// them, for the programs that measure them.

#include "actors/indexer/indexer.hpp"
#include "actors/ledger/ledger.hpp"
#include "actors/reader/pool.hpp"
#include "actors/reader/reader.hpp"
#include "actors/signer/signer.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/process/scheduling.hpp"
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace acgs::bench {

using timer = std::chrono::steady_clock;

inline double ms_since(timer::time_point start) {
  return std::chrono::duration<double, std::milli>(timer::now() - start)
      .count();
}

/// Sorts; 0 where there is nothing.
inline double percentile(std::vector<double>& of, double part) {
  if (of.empty())
    return 0;
  std::sort(of.begin(), of.end());
  return of[static_cast<std::size_t>(static_cast<double>(of.size() - 1)
                                     * part)];
}

[[noreturn]] inline void end_with(const caf::error& why) {
  std::fprintf(stderr, "%s\n", sentence_of(why).c_str());
  std::_Exit(4);
}

/// Decisions with entries of about `bytes` bytes, payload included, sealed
/// beforehand as evaluators do on their own threads.
inline std::vector<ledger::release> make_requests(std::size_t bytes) {
  std::vector<ledger::release> out;
  for (int i = 0; i < 4096; ++i) {
    test::sample about;
    about.request = "request-" + std::to_string(i);
    about.agent = "agent-" + std::to_string(i % 50);
    about.decision_id = "decision-" + std::to_string(i);
    about.input.assign(bytes, 'x');
    auto made = test::make_pending(about);
    out.push_back({made.decision, made.record});
  }
  return out;
}

/// Before any thread is started, as in the node's main.
struct short_turns {
  short_turns() { process::take_short_turns(); }
};

inline auto index_in_bulk(indexer_actor::pointer self, indexer::config with) {
  if (auto refused = process::schedule_as_batch())
    end_with(refused);
  return indexer::indexer(self, std::move(with));
}

/// The node's part that the ledger is.
struct rig {
  short_turns before_all;
  caf::actor_system_config cfg;
  caf::actor_system system{cfg};
  caf::scoped_actor self{system};
  acgs::metrics::registry registry;
  store::stores stores;
  signer_actor signs;
  indexer_actor indexes;
  ledger_actor writes;
  reader_actor works;
  reader_actor reads; ///< through it

  template <class Reply, class To, class What>
  Reply ask(const To& to, What what) {
    Reply out{};
    self->request(to, caf::infinite, std::move(what))
        .receive([&](Reply& reply) { out = std::move(reply); },
                 [](caf::error& why) { end_with(why); });
    return out;
  }

  explicit rig(const std::filesystem::path& folder)
      : stores{std::move(*store::open_stores({folder / "store"}))} {
    signer::config sign;
    sign.folder = folder / "keys";
    sign.origin = test::sample_origin;
    signs = spawn_bounded<caf::detached>(system, 64, signer::signer, sign);
    auto keys = ask<signer::key_list>(signs, signer::list_keys{});
    std::vector verifier{
        *merkle::parse_verifier_key(keys.keys[0].verifier_key)};
    auto signing = actor_ref<signer_actor>::fixed(signs);
    indexer::config index;
    index.index = stores.index;
    index.ledger = stores.ledger;
    index.origin = test::sample_origin;
    index.registry = &registry;
    index.step = 128;
    index.rest = std::chrono::microseconds{200};
    indexes = spawn_bounded<caf::detached>(system, 64, index_in_bulk, index);
    ledger::config log;
    log.ledger = stores.ledger;
    log.wal = stores.wal;
    log.origin = test::sample_origin;
    log.keys = verifier;
    log.registry = &registry;
    log.signer = signing;
    log.signature_pause = std::chrono::milliseconds{10};
    log.grown =
        indexer::waker(actor_ref<indexer_actor>::fixed(indexes), index.knows);
    log.fatal = [](const caf::error&) { std::abort(); };
    writes = spawn_bounded<caf::detached>(system, ledger::queue_max,
                                          ledger::ledger, log);
    auto one = spawn_bounded<caf::detached>(
        system, 64, reader::reader,
        reader::config{stores.ledger, stores.index, test::sample_origin,
                       verifier, signing});
    reader_actor seated{one};
    reads =
        spawn_bounded(system, 64, reader::pool,
                      std::vector{actor_ref<reader_actor>::fixed(seated)},
                      actor_ref<ledger_actor>::fixed(writes), &system_clock());
    works = seated;
  }

  void stop() {
    for (auto& each : {caf::actor_cast<caf::actor>(writes),
                       caf::actor_cast<caf::actor>(reads),
                       caf::actor_cast<caf::actor>(works),
                       caf::actor_cast<caf::actor>(indexes),
                       caf::actor_cast<caf::actor>(signs)})
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }
};

} // namespace acgs::bench
