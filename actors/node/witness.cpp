// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/witness.hpp"

#include "actors/node/actor_gauges.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/log.hpp"

#include <utility>

namespace acgs::node {

namespace {

constexpr log::logger supervisor_log{"supervisor"};

/// Reasons come from exceptions' texts: bounded before they are stored.
constexpr std::size_t reason_bytes_max = 500;

} // namespace

witness::witness(std::string node, const time_source& time,
                 acgs::metrics::registry& registry,
                 std::shared_ptr<outbox> entries)
    : node_{std::move(node)}, time_{time}, registry_{registry},
      entries_{std::move(entries)} {
}

void witness::saw(const supervisor_event& event) {
  using kind = supervisor_event::kind;
  switch (event.what) {
  case kind::ended:
    supervisor_log.warning("an actor ended", {{"event", "actor_ended"},
                                              {"actor", event.child},
                                              {"reason", event.reason}});
    break;
  case kind::restarted:
    supervisor_log.warning("an actor was started again",
                           {{"event", "actor_restarted"},
                            {"actor", event.child},
                            {"reason", event.reason},
                            {"restarts", event.restarts}});
    record(event);
    break;
  case kind::killed:
  case kind::abandoned:
    supervisor_log.error("an actor did not end in time",
                         {{"event", "actor_hangs"}, {"actor", event.child}});
    break;
  case kind::gave_up:
    supervisor_log.error("a supervisor gave up",
                         {{"event", "supervisor_gave_up"},
                          {"actor", event.supervisor},
                          {"reason", event.reason}});
    note_gave_up(event.reason);
    break;
  }
}

void witness::note_gave_up(const std::string& why) {
  std::lock_guard guard{mutex_};
  if (gave_up_.empty())
    gave_up_ = why;
}

std::string witness::gave_up() const {
  std::lock_guard guard{mutex_};
  return gave_up_;
}

void witness::record(const supervisor_event& event) {
  std::string detail = "{\"reason\":";
  append_json_string(detail, event.reason.substr(0, reason_bytes_max));
  detail += ",\"restarts\":" + std::to_string(event.restarts) + '}';
  restarts_of(registry_, event.child).increment();
  entries_->put(entry(domain::entry_kind::restart, "actor_restarted",
                      event.child, detail));
}

void witness::saw(const breaker::change_event& event) {
  auto from = breaker::to_string_view(event.what.from);
  auto to = breaker::to_string_view(event.what.to);
  supervisor_log.warning("a circuit breaker changed its state",
                         {{"event", "breaker_changed"},
                          {"breaker", event.name},
                          {"from", from},
                          {"to", to},
                          {"reason", event.what.reason}});
  std::string detail = "{\"from\":";
  append_json_string(detail, from);
  detail += ",\"to\":";
  append_json_string(detail, to);
  detail += ",\"reason\":";
  append_json_string(detail, event.what.reason.substr(0, reason_bytes_max));
  detail += '}';
  entries_->put(entry(domain::entry_kind::breaker, "breaker_changed",
                      event.name, detail));
}

void witness::saw(const health::transition& event) {
  auto line = event.to < event.from ? log::level::info : log::level::warning;
  supervisor_log.write(
      line, "a component's health changed",
      {{"event", "health_changed"},
       {"component", event.component.empty() ? "node" : event.component},
       {"from", to_string_view(event.from)},
       {"to", to_string_view(event.to)},
       {"reason", event.reason}});
}

ledger::append witness::entry(domain::entry_kind kind,
                              std::string_view event_type,
                              std::string_view about,
                              std::string_view detail) const {
  domain::entry out;
  out.kind = kind;
  out.time_nanos = to_nanos(time_.now());
  out.node = node_;
  out.event_type = event_type;
  out.path = about;
  out.caller.subject = node_;
  out.caller.method = domain::auth_method::internal;
  out.detail = detail;
  return {wire::entry{out}, {}, {}};
}

} // namespace acgs::node
