// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// health, node, actors, breaker, cache, strict-mode, lockdown, logs

#include "actors/shell/admin_rows.hpp"
#include "actors/shell/environment.hpp"

namespace acgs::shell {

namespace {

int health(invocation& in, client::connection& node) {
  return show(in, node.health(), [&](const client::health& got) {
    auto& out = in.out();
    if (out.is_json()) {
      std::string components = "{";
      for (auto& each : got.components) {
        row one{{"status", text(each.status)},
                {"reason", text(each.reason)},
                {"facts", json(each.facts)}};
        components += (components.size() > 1 ? "," : "") + text(each.name).json
                      + ":" + to_json(one);
      }
      out.record({{"status", text(got.status)},
                  {"service", text(got.service)},
                  {"version", text(got.version)},
                  {"components", json(components + "}")},
                  {"timestamp", time(got.time_nanos)}});
    } else {
      std::vector<row> rows;
      for (auto& each : got.components)
        rows.push_back({{"component", text(each.name)},
                        {"status", text(each.status)},
                        {"reason", text(each.reason)},
                        {"facts", json(each.facts)}});
      out.note(got.service + " " + got.version + ": " + got.status);
      out.list(rows);
    }
    return got.status == "unhealthy" ? 3 : 0;
  });
}

void add_mode(row& to, const std::string& name, const domain::mode& mode) {
  to.emplace_back(name, boolean(mode.on));
  if (!mode.on)
    return;
  to.emplace_back(name + "_by", text(mode.by));
  to.emplace_back(name + "_reason", text(mode.reason));
  to.emplace_back(name + "_since", time(mode.since_nanos));
}

int node_show(invocation& in, client::connection& node) {
  auto who = node.identity();
  if (!who)
    return in.fail(who.error());
  return show(in, node.node(), [&](const client::node& got) {
    row out{{"name", text(got.name)},
            {"version", text(got.version)},
            {"started", time(got.started_nanos)},
            {"uptime_ns", duration(got.uptime_nanos)},
            {"constitutional_hash", text(got.constitutional_hash)},
            {"constitution_digest", text(got.constitution_digest)},
            {"revision", number(got.revision)},
            {"policies", number(got.policies)}};
    add_mode(out, "strict_mode", got.strict);
    add_mode(out, "lockdown", got.lockdown);
    out.emplace_back("you_are", text(who->subject));
    out.emplace_back("your_role", text(to_string_view(who->role_)));
    in.out().record(out);
    return 0;
  });
}

int actors(invocation& in, client::connection& node) {
  return show(in, node.admin().actors(), [&](const auto& got) {
    in.out().list(actor_rows(got, in.out().is_json()));
    return 0;
  });
}

int actors_restart(invocation& in, client::connection& node) {
  auto name = in.value("name");
  auto error = node.admin().restart_actor(name, in.change());
  if (error || name != "rpc_gateway")
    return report(in, error, "restarted '" + name + "'");
  in.env().disconnect(); // the next command opens another
  return report(in, error,
                "restarted '" + name
                    + "', and with it all connections end; "
                      "this one as well");
}

int breaker_list(invocation& in, client::connection& node) {
  return show(in, node.admin().breakers(), [&](const auto& got) {
    in.out().list(breaker_rows(got));
    return 0;
  });
}

int breaker_trip(invocation& in, client::connection& node) {
  return report(in, node.admin().trip_breaker(in.value("name"), in.change()),
                "tripped '" + in.value("name") + "'");
}

int breaker_reset(invocation& in, client::connection& node) {
  return report(in, node.admin().reset_breaker(in.value("name"), in.change()),
                "reset '" + in.value("name") + "'");
}

int cache_stats(invocation& in, client::connection& node) {
  return show(in, node.admin().cache(), [&](const client::cache_stats& got) {
    in.out().list(cache_rows(got));
    return 0;
  });
}

int cache_clear(invocation& in, client::connection& node) {
  return show(in, node.admin().clear_cache(in.change()),
              [&](std::uint64_t got) {
                in.out().record({{"cleared", number(got)}});
                return 0;
              });
}

int cache_warm(invocation& in, client::connection& node) {
  return show(in, node.admin().warm_cache(in.change()),
              [&](const client::warmed& got) {
                in.out().record({{"scenarios", number(got.scenarios)},
                                 {"evaluated", number(got.evaluated)},
                                 {"added", number(got.added)},
                                 {"time_ns", duration(got.nanos)}});
                return 0;
              });
}

int set_strict(invocation& in, bool on) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  auto change = in.change();
  if (change.reason.empty())
    change.reason = "by acgs"; // the record has one of each mode
  return report(in, node->admin().set_strict_mode(on, change),
                on ? "strict mode is on" : "strict mode is off");
}

int set_lockdown(invocation& in, bool on) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  return report(in, node->admin().set_lockdown(on, in.change()),
                on ? "the node is in lockdown" : "lockdown is lifted");
}

int strict_on(invocation& in) {
  return set_strict(in, true);
}
int strict_off(invocation& in) {
  return set_strict(in, false);
}
int lockdown_on(invocation& in) {
  return set_lockdown(in, true);
}
int lockdown_off(invocation& in) {
  return set_lockdown(in, false);
}

int logs_level(invocation& in, client::connection& node) {
  return report(in, node.admin().set_log_level(in.value("level"), in.change()),
                "log level is " + in.value("level"));
}

std::vector<command> seeing_commands() {
  const parameter actor{"name", "the actor", kind::actor, true};
  const parameter breaker{"name", "the breaker", kind::breaker, true};
  return {
      {"health",
       "Shows how the node and its components do",
       "acgs health",
       {},
       false,
       on_node<health>},
      {"node show",
       "Shows the node, its constitution and its modes",
       "acgs node show",
       {},
       false,
       on_node<node_show>},
      {"actors",
       "Shows the live tree of actors",
       "acgs actors",
       {},
       false,
       on_node<actors>},
      {"actors restart",
       "Restarts an actor",
       "acgs actors restart reader --yes",
       {actor, reason_option()},
       true,
       on_node<actors_restart>},
      {"breaker list",
       "Lists the circuit breakers",
       "acgs breaker list",
       {},
       false,
       on_node<breaker_list>},
      {"breaker trip",
       "Opens a circuit breaker",
       "acgs breaker trip audit --reason drill --yes",
       {breaker, reason_option()},
       true,
       on_node<breaker_trip>},
      {"breaker reset",
       "Closes a circuit breaker",
       "acgs breaker reset audit --yes",
       {breaker, reason_option()},
       true,
       on_node<breaker_reset>},
  };
}

std::vector<command> emergency_commands() {
  return {
      {"cache stats",
       "Shows the decision cache",
       "acgs cache stats",
       {},
       false,
       on_node<cache_stats>},
      {"cache clear",
       "Empties the decision cache",
       "acgs cache clear --yes",
       {reason_option()},
       true,
       on_node<cache_clear>},
      {"cache warm",
       "Evaluates recent requests again",
       "acgs cache warm",
       {reason_option()},
       false,
       on_node<cache_warm>},
      {"strict-mode on",
       "Raises the threshold, turns caches off",
       "acgs strict-mode on --reason 'incident 12' --yes",
       {reason_option()},
       true,
       strict_on},
      {"strict-mode off",
       "Back to normal",
       "acgs strict-mode off --yes",
       {reason_option()},
       true,
       strict_off},
      {"lockdown on",
       "Refuses everything",
       "acgs lockdown on --reason 'key leaked' --yes",
       {reason_option(true)},
       true,
       lockdown_on},
      {"lockdown off",
       "Back to normal",
       "acgs lockdown off --reason 'keys rotated' --yes",
       {reason_option(true)},
       true,
       lockdown_off},
      {"logs level",
       "Sets the log level",
       "acgs logs level DEBUG",
       {{"level",
         "from which level on lines are written",
         kind::choice,
         true,
         false,
         false,
         {"DEBUG", "INFO", "WARNING", "ERROR"}},
        reason_option()},
       false,
       on_node<logs_level>},
  };
}

} // namespace

std::vector<command> admin_commands() {
  auto out = seeing_commands();
  for (auto& each : emergency_commands())
    out.push_back(std::move(each));
  return out;
}

} // namespace acgs::shell
