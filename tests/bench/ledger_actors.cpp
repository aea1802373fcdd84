// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER with SIGNER, READER and INDEXER on their own threads, as NODE spawns
// them, under closed-loop submitters:
//   ledger_actors FOLDER [SUBMITTERS] [ENTRIES]
// Prints one JSON line: acknowledged entries a second, the latency that a
// submitter sees, a receipt's, a query's, and how far the index was behind.
#include "actors/indexer/indexer.hpp"
#include "actors/ledger/ledger.hpp"
#include "actors/reader/reader.hpp"
#include "actors/signer/signer.hpp"
#include "runtime/actor/bounded.hpp"
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

using namespace acgs;

namespace {

using timer = std::chrono::steady_clock;

double ms_since(timer::time_point start) {
  return std::chrono::duration<double, std::milli>(timer::now() - start)
      .count();
}

/// Keeps so many requests in flight until all are acknowledged.
struct load {
  caf::event_based_actor* self;
  ledger_actor to;
  std::vector<ledger::release> requests;
  std::size_t left;
  std::size_t open = 0;
  std::vector<double> waits;
  caf::actor done;

  void submit() {
    --left;
    ++open;
    auto start = timer::now();
    self->request(to, caf::infinite, requests[left % requests.size()])
        .then(
            [this, start](const ledger::released&) {
              waits.push_back(ms_since(start));
              --open;
              if (left > 0)
                submit();
              else if (open == 0)
                self->send(done, caf::unit);
            },
            [](const caf::error& why) {
              std::fprintf(stderr, "%s\n", sentence_of(why).c_str());
              std::abort();
            });
  }
};

double percentile(std::vector<double>& of, double part) {
  std::sort(of.begin(), of.end());
  return of[static_cast<std::size_t>(static_cast<double>(of.size() - 1)
                                     * part)];
}

/// The node's part that the ledger is.
struct rig {
  caf::actor_system_config cfg;
  caf::actor_system system{cfg};
  caf::scoped_actor self{system};
  acgs::metrics::registry registry;
  store::stores stores;
  signer_actor signs;
  indexer_actor indexes;
  ledger_actor writes;
  reader_actor reads;

  template <class Reply, class To, class What>
  Reply ask(const To& to, What what) {
    Reply out{};
    self->request(to, caf::infinite, std::move(what))
        .receive([&](Reply& reply) { out = std::move(reply); },
                 [](caf::error& why) {
                   std::fprintf(stderr, "%s\n", sentence_of(why).c_str());
                   std::abort();
                 });
    return out;
  }

  explicit rig(const std::filesystem::path& folder)
      : stores{std::move(*store::open_stores({folder / "store"}))} {
    signs = spawn_bounded<caf::detached>(
        system, 64, signer::signer,
        signer::config{folder / "keys", test::sample_origin, {}});
    auto keys = ask<signer::key_list>(signs, signer::list_keys{});
    std::vector verifier{
        *merkle::parse_verifier_key(keys.keys[0].verifier_key)};
    auto signing = actor_ref<signer_actor>::fixed(signs);
    indexer::config index;
    index.index = stores.index;
    index.ledger = stores.ledger;
    index.origin = test::sample_origin;
    index.registry = &registry;
    indexes = spawn_bounded<caf::detached>(system, 64, indexer::indexer, index);
    ledger::config log;
    log.ledger = stores.ledger;
    log.origin = test::sample_origin;
    log.keys = verifier;
    log.registry = &registry;
    log.signer = signing;
    log.grown =
        indexer::waker(actor_ref<indexer_actor>::fixed(indexes), index.knows);
    log.fatal = [](const caf::error&) { std::abort(); };
    writes = spawn_bounded<caf::detached>(system, ledger::queue_max,
                                          ledger::ledger, log);
    reads = spawn_bounded<caf::detached>(
        system, 64, reader::reader,
        reader::config{stores.ledger, stores.index, test::sample_origin,
                       verifier, signing});
  }

  void stop() {
    for (auto& each : {caf::actor_cast<caf::actor>(writes),
                       caf::actor_cast<caf::actor>(reads),
                       caf::actor_cast<caf::actor>(indexes),
                       caf::actor_cast<caf::actor>(signs)})
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }
};

} // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("usage: ledger_actors FOLDER [SUBMITTERS] [ENTRIES]\n", stderr);
    return 2;
  }
  std::size_t submitters = count > 2 ? std::strtoul(words[2], nullptr, 10) : 64;
  std::size_t entries =
      count > 3 ? std::strtoul(words[3], nullptr, 10) : 100'000;
  rig node{words[1]};
  std::vector<ledger::release> requests;
  for (int i = 0; i < 4096; ++i) {
    test::sample about;
    about.request = "request-" + std::to_string(i);
    about.agent = "agent-" + std::to_string(i % 50);
    about.decision_id = "decision-" + std::to_string(i);
    about.input.assign(200, 'x');
    auto made = test::make_pending(about);
    requests.push_back({made.decision, made.record});
  }
  auto shared = std::make_shared<load>();
  shared->to = node.writes;
  shared->requests = std::move(requests);
  shared->left = entries;
  shared->done = caf::actor_cast<caf::actor>(node.self);
  auto start = timer::now();
  node.system.spawn([=](caf::event_based_actor* self) {
    shared->self = self;
    for (std::size_t i = 0; i < submitters; ++i)
      shared->submit();
  });
  node.self->receive([](caf::unit_t) {});
  auto took = ms_since(start);
  auto now = node.ask<reader::stats>(node.reads, reader::get_stats{});
  auto behind = now.entries - now.indexed;
  start = timer::now();
  node.ask<reader::text_result>(node.reads,
                                reader::get_receipt{now.entries - 1, {}});
  auto receipt = ms_since(start);
  std::vector<double> queries;
  while (node.ask<reader::stats>(node.reads, reader::get_stats{}).indexed
         < now.entries)
    ;
  for (int i = 0; i < 200; ++i) {
    reader::query what;
    what.agent = "agent-" + std::to_string(i % 50);
    what.limit = 20;
    start = timer::now();
    node.ask<reader::query_result>(node.reads, what);
    queries.push_back(ms_since(start));
  }
  start = timer::now();
  auto checked = node.ask<reader::verify_result>(node.reads, reader::verify{});
  auto verify = ms_since(start);
  std::printf("{\"bench\":\"ledger_actors\",\"submitters\":%zu,"
              "\"acknowledged_per_second\":%.0f,\"wait_p50_ms\":%.3f,"
              "\"wait_p99_ms\":%.3f,\"index_behind\":%llu,"
              "\"receipt_ms\":%.3f,\"query_p50_ms\":%.3f,"
              "\"query_p99_ms\":%.3f,\"verified\":%s,"
              "\"verified_per_second\":%.0f}\n",
              submitters, static_cast<double>(entries) / took * 1e3,
              percentile(shared->waits, 0.5), percentile(shared->waits, 0.99),
              static_cast<unsigned long long>(behind), receipt,
              percentile(queries, 0.5), percentile(queries, 0.99),
              checked.verified ? "true" : "false",
              static_cast<double>(checked.checked) / verify * 1e3);
  shared.reset();
  node.stop();
  return 0;
}
