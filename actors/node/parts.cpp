// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/parts.hpp"

#include "actors/node/health_family.hpp"
#include "actors/node/log.hpp"
#include "actors/node/outbound.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/domain/archive_desk.hpp"

#include <caf/atom.hpp>

#include <cstdlib>
#include <iostream>
#include <thread>
#include <utility>

namespace acgs::node {

namespace {

/// NODE's entries that may wait while LEDGER is restarted.
constexpr std::size_t entries_waiting_max = 4096;

} // namespace

system_config::system_config() {
  // `sharing` wakes a worker for a message from outside in 5 us, `stealing`
  // in 112. Two workers at least, so that one that is busy starts nothing.
  auto cores = std::thread::hardware_concurrency();
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", std::size_t{cores > 2 ? cores : 2});
  set("scheduler.max-throughput", std::size_t{300});
  set("logger.verbosity", caf::atom("quiet"));
}

parts::parts(const config::settings& from, stores opened, public_keys found,
             log_choice writes, std::shared_ptr<rego::http_transport> carrier)
    : settings{from}, store{std::move(opened)}, keys{std::move(found)},
      origin{std::move(writes.origin)}, mark{std::move(writes.mark)},
      egress{
          make_outbound(std::move(carrier), settings.egress, host_breaker())},
      ids{time, crypto::random_fill},
      tokens{std::make_shared<auth::authenticator>(time)},
      archives{std::make_shared<domain::archive_desk>()}, system{cfg},
      actors{std::make_shared<directory>(system)},
      entries{std::make_shared<outbox>(
          entries_waiting_max, [this] { return ids.next(); },
          actors->find(outbox_key))},
      seen{settings.node.name, time, registry, entries} {
  tokens->set_keys(keys.token);
}

breaker::setup parts::host_breaker() {
  breaker::setup out;
  out.rules = breaker_rules(settings.breakers);
  out.clock = &time;
  out.random = crypto::random_fill;
  out.registry = &registry;
  out.listener = [this](const breaker::change_event& e) { seen.saw(e); };
  return out;
}

void end_at_once(const caf::error& why) {
  logger.error("the node ends: nothing can be made durable any more",
               {{"event", "fatal"}, {"reason", sentence_of(why)}});
  std::cerr << "acgsd: " << sentence_of(why) << std::endl;
  // Not exit: destructors would let actors answer as if all were well.
  std::_Exit(4);
}

} // namespace acgs::node
