// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/node.hpp"

#include "actors/health/protocol.hpp"
#include "actors/node/activation.hpp"
#include "actors/node/actor_gauges.hpp"
#include "actors/node/ask.hpp"
#include "actors/node/certificate_gauges.hpp"
#include "actors/node/gateways.hpp"
#include "actors/node/log.hpp"
#include "actors/node/outbound.hpp"
#include "actors/node/process_gauges.hpp"
#include "actors/node/tree.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor_state.hpp"
#include "runtime/base/version.hpp"
#include "runtime/process/deadline.hpp"
#include "runtime/process/run_files.hpp"
#include "runtime/process/signals.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <cstdlib>

namespace acgs::node {

namespace {

/// How long the tree may take to end where the process's grace is longer.
constexpr auto tree_stop_timeout = std::chrono::seconds{20};

/// The exit code of a process some of whose actors did not end: a failure of
/// its own, as exit_code_of() has it.
constexpr int ended_by_force = 4;

/// What is left of the grace when the process ends itself by force, so that it
/// says why before the scripts' SIGKILL comes.
std::chrono::nanoseconds margin_of(std::chrono::nanoseconds grace) {
  return std::min<std::chrono::nanoseconds>(grace / 10,
                                            std::chrono::seconds{1});
}

/// Whether an actor has ended, which its supervisor may not have lived to see.
bool has_ended(const caf::actor& which) {
  auto ended = std::make_shared<bool>(false);
  // One that has ended calls it at once.
  which->attach_functor([ended](const caf::error&) { *ended = true; });
  return *ended;
}

std::string busy_actors(directory& actors) {
  std::string out;
  for (const auto& row : actors.rows())
    if (row.status.state != actor_state::stopped
        && !has_ended(actors.find(actor_key<caf::actor>{row.name}).get()))
      out += (out.empty() ? "" : ", ") + row.name;
  return out;
}

/// Bounds the end of the node.
std::unique_ptr<process::deadline> limit_end(parts& of,
                                             process::run_files& files) {
  auto grace = of.settings.process.graceful_shutdown_timeout;
  std::weak_ptr<directory> actors = of.actors;
  return std::make_unique<process::deadline>(
      grace - margin_of(grace), [actors, &files] {
        auto alive = actors.lock();
        logger.error("the process ends by force: some actors are still busy",
                     {{"event", "node_ended_by_force"},
                      {"actors", alive ? busy_actors(*alive) : ""}});
        files.remove();
        // What was acknowledged is synced; what was not, nobody relies on.
        std::_Exit(ended_by_force);
      });
}

/// A supervisor whose end is the process's: what it could not mend, nobody
/// here can. When this returns, it has started its children.
result<supervisor_actor> spawn_root(parts& of, supervisor_config with) {
  with.listener = [&of](const supervisor_event& event) {
    of.seen.saw(event);
    if (event.what != supervisor_event::kind::gave_up)
      return;
    of.exit_code = 4;
    process::request_stop();
  };
  auto root = spawn_bounded(of.system, 256, supervisor, std::move(with));
  // It starts them before it hears anything.
  auto tree = ask<supervision::tree>(
      of.system, actor_ref<supervisor_actor>::fixed(root),
      std::chrono::seconds{60}, supervision::get_tree{});
  if (!tree)
    return tree.error();
  return root;
}

void stop_tree(parts& of, supervisor_actor& which) {
  if (!which)
    return;
  auto done = ask<void>(of.system, actor_ref<supervisor_actor>::fixed(which),
                        tree_stop_timeout, supervision::stop_children{});
  // One that is gone gave up, and ended its children before.
  if (!done && done.error() != caf::sec::request_receiver_down)
    logger.error("some actors did not end",
                 {{"reason", sentence_of(done.error())}});
  which = nullptr;
}

caf::error start_metrics(parts& of, process::run_files& files) {
  const auto& at = of.settings.metrics.listen;
  auto started = acgs::metrics::exposer::start(
      of.registry, at.host, at.port, of.settings.process.strict_ports ? 1 : 100,
      of.settings.http.hosts);
  if (!started)
    return started.error();
  of.exposer = std::move(*started);
  const std::uint16_t port[]{of.exposer->port()};
  return files.put_ports("metrics", port);
}

/// Whoever finds the port for HTTP asks whether the node is ready, and then
/// reads the others: it is written last.
caf::error write_ports(parts& of, process::run_files& files) {
  auto ports = gateway_ports(of);
  if (!ports)
    return ports.error();
  for (const auto& [name, numbers] : *ports)
    if (auto error = files.put_ports(name, numbers))
      return error;
  return {};
}

void record(parts& of, domain::entry_kind kind, std::string_view event_type) {
  std::string detail = "{\"version\":\"";
  detail += std::string{version} + "\"}";
  of.entries->put(
      of.seen.entry(kind, event_type, of.settings.node.name, detail));
}

/// Everything that NODE itself put in is in the ledger, or lost and counted.
void flush_entries(parts& of) {
  auto done = ask<void>(of.system, of.actors->find(outbox_key),
                        std::chrono::seconds{5}, outbox_flush{});
  if (!done)
    logger.error("entries of the node's own were not written",
                 {{"event", "entries_lost"},
                  {"entries", of.entries->names()},
                  {"reason", sentence_of(done.error())}});
}

caf::error bring_up(parts& of, process::run_files& files) {
  of.registry
      .make_gauge("acgs_build_info", "1; the version is in the label",
                  {{"version", version}})
      .set(1);
  show_actors(of.registry, of.actors);
  show_process(of.registry);
  if (auto error = start_metrics(of, files))
    return error;
  auto core = spawn_root(of, core_tree(of));
  if (!core)
    return core.error();
  of.core = *core;
  if (auto error = activate_configured(of))
    return error;
  auto gateways = spawn_root(of, gateway_tree(of));
  if (!gateways)
    return gateways.error();
  of.gateways = *gateways;
  // Their files were made with the gateways.
  show_certificates(of.registry, of.time, certificate_files_of(of.settings));
  if (auto error = write_ports(of, files))
    return error;
  record(of, domain::entry_kind::start, "node_started");
  return {};
}

/// Why the node could not be brought up: whoever asks a part that is not there
/// hears less than its supervisor, which has ended by now.
caf::error cause_of(const parts& of, caf::error seen) {
  auto told = of.seen.gave_up();
  return told.empty() ? std::move(seen) : make_error(code_of(seen), told);
}

/// As configured, but leaving LEDGER the time to end in order.
std::chrono::nanoseconds drain_time(const config::process_settings& set) {
  auto grace = set.graceful_shutdown_timeout;
  return std::min(set.drain_timeout, grace - 2 * margin_of(grace));
}

void bring_down(parts& of) {
  caf::anon_send(of.actors->find(health::key).get(), health::drain{});
  drain_gateways(of, drain_time(of.settings.process));
  of.cancel = true; // whoever still waits is told that the node stops
  stop_tree(of, of.gateways);
  record(of, domain::entry_kind::stop, "node_stopped");
  flush_entries(of);
  stop_tree(of, of.core);
  // While the directory is there to say for whom.
  of.system.await_all_actors_done();
}

} // namespace

struct node::parts : acgs::node::parts {
  using acgs::node::parts::parts;
};

node::node(std::unique_ptr<parts> from, process::run_files& files)
    : files_{&files}, parts_{std::move(from)} {
}

node::~node() = default;

result<std::unique_ptr<node>>
node::start(const config::settings& settings,
            std::shared_ptr<const crypto::key_lock> lock,
            process::run_files& files) {
  auto carrier = make_carrier(settings.egress);
  if (!carrier)
    return carrier.error();
  auto opened = open_stores(settings);
  if (!opened)
    return opened.error();
  auto log = choose_log(settings, *opened->ledger);
  if (!log)
    return log.error();
  auto keys = read_public_keys(settings, log->origin, std::move(lock));
  if (!keys)
    return keys.error();
  std::unique_ptr<process::deadline> limit;
  auto made =
      std::make_unique<parts>(settings, std::move(*opened), std::move(*keys),
                              std::move(*log), std::move(*carrier));
  if (auto error = bring_up(*made, files)) {
    limit = limit_end(*made, files);
    bring_down(*made);
    return cause_of(*made, std::move(error));
  }
  logger.info("the node takes work", {{"event", "node_started"},
                                      {"node", settings.node.name},
                                      {"origin", made->origin},
                                      {"version", version}});
  return std::unique_ptr<node>{new node{std::move(made), files}};
}

int node::run() {
  while (process::wait_for_request() == process::request::reopen)
    if (auto error = log::reopen())
      logger.error("the log file cannot be opened anew",
                   {{"reason", sentence_of(error)}});
  logger.info("the node stops", {{"event", "node_stopping"}});
  limit_ = limit_end(*parts_, *files_);
  bring_down(*parts_);
  logger.info("the node has stopped", {{"event", "node_stopped"}});
  return parts_->exit_code;
}

} // namespace acgs::node
