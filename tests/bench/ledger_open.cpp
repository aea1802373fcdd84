// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The ledger's actors under an open loop, as many users make it:
//   ledger_open FOLDER [RATE] [SECONDS]
// Requests are due at even times whatever became of those before, and a
// request's latency counts from when it was due, not from when it was sent
// (coordinated omission). Prints one JSON line: latency to durable, how far the
// index is behind under that load, and the delay from a verdict to the receipt
// that proves it.
#include "tests/bench/ledger_rig.hpp"

#include <atomic>
#include <thread>

using namespace acgs;
using namespace acgs::bench;

namespace {

constexpr std::chrono::milliseconds tick{1};

struct pulse {
  using local_message = void;
};

/// Sends what is due, each tick.
struct open_loop {
  caf::event_based_actor* self;
  ledger_actor to;
  std::vector<ledger::release> requests;
  double rate = 0;
  std::size_t total = 0;
  std::size_t sent = 0;
  std::size_t done = 0;
  timer::time_point start;
  std::vector<double> waits;
  std::atomic<std::uint64_t>* newest = nullptr; ///< index plus one
  caf::actor owner;

  timer::time_point due(std::size_t which) const {
    return start
           + std::chrono::duration_cast<timer::duration>(
               std::chrono::duration<double>(static_cast<double>(which)
                                             / rate));
  }

  void beat() {
    auto now = timer::now();
    while (sent < total && due(sent) <= now)
      submit(sent++);
    if (sent < total)
      self->delayed_send(self, tick, pulse{});
  }

  void submit(std::size_t which) {
    self->request(to, caf::infinite, requests[which % requests.size()])
        .then(
            [this, from = due(which)](const ledger::released& got) {
              waits.push_back(ms_since(from));
              newest->store(got.index + 1, std::memory_order_release);
              if (++done == total)
                self->send(owner, caf::unit);
            },
            [](const caf::error& why) { end_with(why); });
  }
};

/// What is asked beside the load, from a thread of its own.
struct samples {
  std::vector<double> lag_entries;
  std::vector<double> receipts;
};

void watch(rig& node, const std::atomic<std::uint64_t>& newest,
           const std::atomic<bool>& over, samples& out) {
  caf::scoped_actor self{node.system};
  std::uint64_t seen = 0;
  while (!over) {
    auto at = newest.load(std::memory_order_acquire);
    // A pause, so that what is asked here is no load of its own.
    self->receive(caf::after(std::chrono::milliseconds{5}) >> [] {});
    if (at == seen)
      continue;
    seen = at;
    auto start = timer::now();
    self->request(node.reads, caf::infinite, reader::get_receipt{at - 1, {}})
        .receive(
            [&](reader::text_result&) {
              out.receipts.push_back(ms_since(start));
            },
            [](caf::error& why) { end_with(why); });
    self->request(node.reads, caf::infinite, reader::get_stats{})
        .receive(
            [&](reader::stats& now) {
              out.lag_entries.push_back(
                  static_cast<double>(now.entries - now.indexed));
            },
            [](caf::error& why) { end_with(why); });
  }
}

} // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("usage: ledger_open FOLDER [RATE] [SECONDS]\n", stderr);
    return 2;
  }
  auto rate = count > 2 ? std::strtod(words[2], nullptr) : 15'000.0;
  auto seconds = count > 3 ? std::strtod(words[3], nullptr) : 8.0;
  if (!(rate >= 1) || !(seconds > 0)) {
    std::fputs("ledger_open: RATE is at least 1, SECONDS more than 0\n",
               stderr);
    return 2;
  }
  rig node{words[1]};
  std::atomic<std::uint64_t> newest{0};
  auto load = std::make_shared<open_loop>();
  load->to = node.writes;
  load->requests = make_requests(300);
  load->rate = rate;
  load->total = static_cast<std::size_t>(rate * seconds);
  load->newest = &newest;
  load->owner = caf::actor_cast<caf::actor>(node.self);
  std::atomic<bool> over{false};
  samples found;
  std::thread beside{[&] { watch(node, newest, over, found); }};
  auto start = timer::now();
  node.system.spawn<caf::detached>(
      [load](caf::event_based_actor* self) -> caf::behavior {
        load->self = self;
        load->start = timer::now();
        self->send(self, pulse{});
        return {[load](pulse) { load->beat(); }};
      });
  node.self->receive([](caf::unit_t) {});
  auto took = ms_since(start);
  over = true;
  beside.join();
  std::printf("{\"bench\":\"ledger_open\",\"asked_per_second\":%.0f,"
              "\"acknowledged_per_second\":%.0f,\"wait_p50_ms\":%.3f,"
              "\"wait_p99_ms\":%.3f,\"wait_max_ms\":%.3f,"
              "\"index_lag_p50_entries\":%.0f,\"index_lag_p99_entries\":%.0f,"
              "\"index_lag_p99_ms\":%.1f,\"receipts\":%zu,"
              "\"receipt_delay_p50_ms\":%.3f,\"receipt_delay_p99_ms\":%.3f}\n",
              rate, static_cast<double>(load->done) / took * 1e3,
              percentile(load->waits, 0.5), percentile(load->waits, 0.99),
              percentile(load->waits, 1.0), percentile(found.lag_entries, 0.5),
              percentile(found.lag_entries, 0.99),
              percentile(found.lag_entries, 0.99) / rate * 1e3,
              found.receipts.size(), percentile(found.receipts, 0.5),
              percentile(found.receipts, 0.99));
  load.reset();
  node.stop();
  return 0;
}
