// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/tree.hpp"
#include "actors/node/bundle_keys.hpp"

#include "actors/archiver/archiver.hpp"
#include "actors/control/control.hpp"
#include "actors/identity/identity.hpp"
#include "actors/indexer/indexer.hpp"
#include "actors/ledger/ledger.hpp"
#include "actors/node/bulk.hpp"
#include "actors/node/deciding.hpp"
#include "actors/node/health_family.hpp"
#include "actors/node/outbound.hpp"
#include "actors/node/reading.hpp"
#include "actors/node/replaying.hpp"
#include "actors/signer/key_files.hpp"
#include "actors/signer/signer.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/crypto/random.hpp"

#include <caf/send.hpp>
#include <caf/spawn_options.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace acgs::node {

namespace {

constexpr std::size_t actor_mailbox_bound = 256;

/// To sign a head and check the signature takes a tenth of a millisecond.
/// Whoever asks for a receipt sooner has the head of the moment signed.
constexpr std::chrono::milliseconds signature_pause{10};

/// A transaction of the index takes about half a millisecond, and then lets
/// others have the processor.
constexpr std::uint64_t index_step = 128;
constexpr std::chrono::microseconds index_rest{200};

/// LEDGER and CONTROL finish what they hold before they end.
constexpr auto writer_stop_timeout = std::chrono::seconds{5};

child_spec signer_child(parts& of) {
  return make_child(signer::key, [&of] {
    signer::config with;
    with.folder = of.settings.keys.dir;
    with.origin = of.origin;
    with.lock = of.keys.lock;
    with.time = &of.time;
    with.published = [keys = of.keys.log, tokens = of.tokens](
                         const crypto::key_history& now) mutable {
      keys.publish(now);
      tokens->set_keys(token_keys_of(now));
    };
    return signer_actor{
        spawn_bounded(of.system, actor_mailbox_bound, signer::signer, with)};
  });
}

child_spec ledger_child(parts& of) {
  supervision::child_rule rule;
  rule.stop_timeout = writer_stop_timeout;
  return make_child(
      ledger::key,
      [&of] {
        ledger::config with;
        with.ledger = of.store.ledger;
        with.wal = of.store.wal;
        with.origin = of.origin;
        with.keys = of.keys.log;
        with.reserve_bytes = of.settings.ledger.reserve;
        with.time = &of.time;
        with.registry = &of.registry;
        with.signer = of.actors->find(signer::key);
        with.signature_pause = signature_pause;
        with.grown =
            indexer::waker(of.actors->find(indexer::key), of.index_told);
        with.thronged = bulk_switch();
        with.remember = [mark = of.mark](const store::log_head& head) {
          return mark->advance(head);
        };
        with.fatal = end_at_once;
        return ledger_actor{spawn_bounded<caf::detached>(
            of.system, of.settings.ledger.queue_max, ledger::ledger, with)};
      },
      rule);
}

child_spec outbox_child(parts& of) {
  return make_child(outbox_key, [&of] {
    outbox_config with;
    with.entries = of.entries;
    with.ledger = of.actors->find(actor_key<appender_actor>{ledger::key.name});
    with.random = crypto::random_fill;
    return spawn_outbox(of.system, with);
  });
}

child_spec indexer_child(parts& of) {
  return make_child(indexer::key, [&of] {
    indexer::config with;
    with.index = of.store.index;
    with.ledger = of.store.ledger;
    with.origin = of.origin;
    with.knows = of.index_told;
    with.step = index_step;
    with.rest = index_rest;
    with.registry = &of.registry;
    return indexer_actor{spawn_bounded<caf::detached>(
        of.system, actor_mailbox_bound, in_bulk(indexer::indexer), with)};
  });
}

child_spec archiver_child(parts& of) {
  return make_child(archiver::key, [&of] {
    archiver::config with;
    with.ledger = of.store.ledger;
    with.state = of.store.state;
    with.origin = of.origin;
    with.keys = of.keys.log;
    with.ring = [folder = of.settings.keys.dir] {
      return signer::read_ring_text(folder);
    };
    with.signer = of.actors->find(signer::key);
    with.ledger_writer = of.actors->find(ledger::key);
    return archiver_actor{spawn_bounded<caf::detached>(
        of.system, actor_mailbox_bound, archiver::archiver, with)};
  });
}

/// Who must hear of each new state although it cannot subscribe again.
std::vector<actor_ref<control_listener>> listeners_in(directory& actors) {
  std::vector<actor_ref<control_listener>> out;
  for (auto name :
       {"policy", "candidate", "identity", "http_gateway", "rpc_gateway"})
    out.push_back(actors.find(actor_key<control_listener>{name}));
  return out;
}

child_spec control_child(parts& of) {
  supervision::child_rule rule;
  rule.stop_timeout = writer_stop_timeout;
  return make_child(
      control::key,
      [&of]() -> result<control_actor> {
        auto keys = read_bundle_keys(of.settings.policy);
        if (!keys)
          return keys.error();
        control::config with;
        with.store = of.store.state;
        with.ledger_store = of.store.ledger;
        with.origin = of.origin;
        with.aliases = of.settings.constitution.aliases;
        with.bundle_keys = std::move(*keys);
        with.desk = of.archives;
        with.node = of.settings.node.name;
        with.ledger = of.actors->find(ledger::key);
        with.signer = of.actors->find(signer::key);
        with.registry = &of.registry;
        with.time = &of.time;
        with.listeners = listeners_in(*of.actors);
        with.on_publish = [tokens = of.tokens, latest = of.latest,
                           out = of.egress](const control::published& now) {
          tokens->update(now.state);
          // Before requests on their way out end: what they were made for is
          // decided by this then.
          latest->activate(now.compiled);
          if (out)
            out->way->open(!now.state->lockdown.on);
        };
        with.reserve_bytes = of.settings.ledger.reserve;
        with.ending = &of.cancel;
        with.fatal = end_at_once;
        return control_actor{spawn_bounded<caf::detached>(
            of.system, actor_mailbox_bound, control::control, with)};
      },
      rule);
}

child_spec identity_child(parts& of) {
  return make_child(identity::key, [&of] {
    const auto& set = of.settings.auth;
    identity::config with;
    with.node = of.settings.node.name;
    with.control = of.actors->find(control::key);
    with.signer = of.actors->find(signer::key);
    with.ledger = of.actors->find(ledger::key);
    with.registry = &of.registry;
    with.time = &of.time;
    with.ids = &of.ids;
    with.token_ttl = set.token_ttl;
    with.refresh_ttl = set.refresh_ttl;
    with.login_attempts = static_cast<unsigned>(set.login_attempts);
    with.login_lock = set.login_lock;
    return identity_actor{spawn_bounded<caf::detached>(
        of.system, actor_mailbox_bound, identity::identity, with)};
  });
}

child_spec health_child(parts& of) {
  health_family with;
  with.system = &of.system;
  with.actors = of.actors;
  with.components = {
      {"database", "control", true},  {"policies", "policy", true},
      {"signing", "signer", true},    {"audit", "ledger", true},
      {"index", "indexer", false},    {"queries", "reader", false},
      {"api", "http_gateway", false}, {"rpc", "rpc_gateway", false}};
  with.rules = breaker_rules(of.settings.breakers);
  with.clock = &of.time;
  with.random = crypto::random_fill;
  with.registry = &of.registry;
  with.on_restart = [&of](const supervisor_event& e) { of.seen.saw(e); };
  with.on_breaker = [&of](const breaker::change_event& e) { of.seen.saw(e); };
  with.on_health = [&of](const health::transition& e) { of.seen.saw(e); };
  return make_health_family(std::move(with));
}

} // namespace

supervisor_config core_tree(parts& of) {
  supervisor_config out;
  out.name = "node";
  out.how = supervision::strategy::rest_for_one;
  out.within.restarts_max =
      static_cast<unsigned>(of.settings.process.restarts_max);
  out.within.restarts_window = of.settings.process.restarts_window;
  out.actors = of.actors;
  out.clock = &of.time;
  out.random = crypto::random_fill;
  out.listener = [&of](const supervisor_event& event) { of.seen.saw(event); };
  out.children.push_back(signer_child(of));
  out.children.push_back(ledger_child(of));
  out.children.push_back(outbox_child(of));
  out.children.push_back(indexer_child(of));
  for (auto& child : reading_children(of))
    out.children.push_back(std::move(child));
  out.children.push_back(archiver_child(of));
  out.children.push_back(control_child(of));
  for (auto& child : deciding_children(of))
    out.children.push_back(std::move(child));
  out.children.push_back(replayer_child(of));
  out.children.push_back(identity_child(of));
  out.children.push_back(health_child(of));
  for (auto& child : outbound_children(of.system, of.egress.get()))
    out.children.push_back(std::move(child));
  for (auto& child : trying_children(of))
    out.children.push_back(std::move(child));
  return out;
}

} // namespace acgs::node
