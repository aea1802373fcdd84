// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

std::vector<actor> read(capnp::List<schema::Actor>::Reader from) {
  std::vector<actor> out;
  for (auto each : from)
    out.push_back({copy(each.getName()), copy(each.getParent()),
                   copy(each.getState()), each.getMailbox(), each.getRestarts(),
                   each.getUptimeNanos(), each.getMailboxMax(),
                   each.getRefused(), copy(each.getLastError()),
                   each.getQueue(), each.getQueueMax()});
  return out;
}

cache_stats read(schema::CacheStats::Reader from) {
  return {from.getL1Hits(),    from.getL1Misses(), from.getL1Entries(),
          from.getL1Max(),     from.getL2Hits(),   from.getL2Misses(),
          from.getL2Entries(), from.getL2Max()};
}

warmed read(schema::Warmed::Reader from) {
  return {from.getScenarios(), from.getEvaluated(), from.getAdded(),
          from.getNanos()};
}

std::vector<breaker> read(capnp::List<schema::Breaker>::Reader from) {
  std::vector<breaker> out;
  for (auto each : from)
    out.push_back({copy(each.getName()), copy(each.getState()), each.getCalls(),
                   each.getFailures(), each.getSlow(), each.getRejected(),
                   each.getOpened(), each.getChangeNanos()});
  return out;
}

/// Sends an admin verb about something named.
template <class Make>
caf::error act(link& over, std::string_view name, const change_options& how,
               Make make) {
  auto admin = over.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = make(**admin);
  request.setName(terminated(std::string{name}));
  write(how, request.initChange());
  return over.ask_for_nothing(kj::mv(request));
}

/// Switches a mode.
template <class Make>
result<applied> switch_mode(link& over, bool on, const change_options& how,
                            Make make) {
  auto admin = over.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = make(**admin);
  request.setOn(on);
  write(how, request.initChange());
  return over.ask(kj::mv(request), read_applied);
}

} // namespace

result<std::vector<actor>> admin_calls::actors() {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  return link_.ask((*admin)->actorsRequest(),
                   [](auto from) { return read(from); });
}

caf::error admin_calls::restart_actor(std::string_view name,
                                      const change_options& how) {
  return act(link_, name, how,
             [](auto& from) { return from.restartActorRequest(); });
}

result<cache_stats> admin_calls::cache() {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  return link_.ask((*admin)->cacheStatsRequest(),
                   [](auto from) { return read(from); });
}

result<std::uint64_t> admin_calls::clear_cache(const change_options& how) {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = (*admin)->clearCacheRequest();
  write(how, request.initChange());
  return link_.ask(kj::mv(request),
                   [](auto from) { return from.getEntries(); });
}

result<warmed> admin_calls::warm_cache(const change_options& how) {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = (*admin)->warmCacheRequest();
  write(how, request.initChange());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<applied> admin_calls::set_strict_mode(bool on,
                                             const change_options& how) {
  return switch_mode(link_, on, how,
                     [](auto& from) { return from.setStrictModeRequest(); });
}

result<applied> admin_calls::set_lockdown(bool on, const change_options& how) {
  return switch_mode(link_, on, how,
                     [](auto& from) { return from.setLockdownRequest(); });
}

result<std::vector<breaker>> admin_calls::breakers() {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  return link_.ask((*admin)->breakersRequest(),
                   [](auto from) { return read(from); });
}

caf::error admin_calls::trip_breaker(std::string_view name,
                                     const change_options& how) {
  return act(link_, name, how,
             [](auto& from) { return from.tripBreakerRequest(); });
}

caf::error admin_calls::reset_breaker(std::string_view name,
                                      const change_options& how) {
  return act(link_, name, how,
             [](auto& from) { return from.resetBreakerRequest(); });
}

caf::error admin_calls::set_log_level(std::string_view level,
                                      const change_options& how) {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = (*admin)->setLogLevelRequest();
  request.setLevel(terminated(std::string{level}));
  write(how, request.initChange());
  return link_.ask_for_nothing(kj::mv(request));
}

} // namespace acgs::client
