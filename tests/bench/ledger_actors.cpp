// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The ledger's actors under closed-loop submitters:
//   ledger_actors FOLDER [SUBMITTERS] [ENTRIES]
// Prints one JSON line: acknowledged entries a second, the latency that a
// submitter sees, a receipt's, a query's by the index, how far the index was
// behind, and how long it takes to verify all of it.
#include "tests/bench/ledger_rig.hpp"

using namespace acgs;
using namespace acgs::bench;

namespace {

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
            [](const caf::error& why) { end_with(why); });
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
  auto shared = std::make_shared<load>();
  shared->to = node.writes;
  shared->requests = make_requests(300);
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
              "\"query_p99_ms\":%.3f,\"entries\":%llu,\"verified\":%s,"
              "\"verify_seconds\":%.2f,\"verified_per_second\":%.0f}\n",
              submitters, static_cast<double>(entries) / took * 1e3,
              percentile(shared->waits, 0.5), percentile(shared->waits, 0.99),
              static_cast<unsigned long long>(behind), receipt,
              percentile(queries, 0.5), percentile(queries, 0.99),
              static_cast<unsigned long long>(checked.checked),
              checked.verified ? "true" : "false", verify / 1e3,
              static_cast<double>(checked.checked) / verify * 1e3);
  shared.reset();
  node.stop();
  return 0;
}
