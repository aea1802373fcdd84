// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/protocol.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/gate.hpp"
#include "actors/rpc_gateway/log.hpp"
#include "actors/rpc_gateway/protocol.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/base/log.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;
using domain::command_kind;

void write(const actor_row& from, steady_time now, schema::Actor::Builder to) {
  to.setName(text(from.name));
  to.setParent(text(from.status.parent));
  to.setState(text(std::string{to_string_view(from.status.state)}));
  to.setMailbox(from.mailbox_length);
  to.setMailboxMax(from.mailbox_bound);
  to.setRefused(from.refused);
  to.setQueue(from.queue_length);
  to.setQueueMax(from.queue_bound);
  to.setRestarts(from.status.restarts);
  to.setUptimeNanos((now - from.status.since).count());
  to.setLastError(text(from.status.last_error));
}

void write(const breaker::status& from, wall_time now,
           schema::Breaker::Builder to) {
  auto& counted = from.counted;
  to.setName(text(from.name));
  to.setState(text(std::string{to_string_view(counted.now)}));
  to.setCalls(counted.counted.calls);
  to.setFailures(counted.counted.failed);
  to.setSlow(counted.counted.slow);
  to.setRejected(counted.refused);
  to.setOpened(counted.opened);
  to.setChangeNanos(to_nanos(now) - counted.in_state.count());
}

backup::base read(schema::BackupBase::Reader from) {
  backup::base out;
  out.size = from.getSize();
  out.revision = from.getRevision();
  auto salt = from.getSalt();
  auto key = from.getSealKey();
  auto copied = [](capnp::Data::Reader raw) {
    auto* first = reinterpret_cast<const std::byte*>(raw.begin());
    return bytes{first, first + raw.size()};
  };
  out.seal = {copied(salt), copied(key)};
  auto root = from.getRoot();
  if (root.size() > 0) {
    out.root.emplace(); // one of another length is none of ours
    if (root.size() == out.root->size())
      std::copy(root.begin(), root.end(),
                reinterpret_cast<kj::byte*>(out.root->data()));
  }
  return out;
}

class admin_cap final : public schema::Admin::Server {
public:
  explicit admin_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> actors(ActorsContext context) override {
    return serve(*who_, verb::read_actors, context, [&]() -> caf::error {
      auto rows = directory().rows();
      auto now = who_->with().settings.time->steady_now();
      auto to = context.getResults().initResult().initValue(
          static_cast<unsigned>(rows.size()));
      for (unsigned i = 0; i < to.size(); ++i)
        write(rows[i], now, to[i]);
      return {};
    });
  }

  kj::Promise<void> restartActor(RestartActorContext context) override {
    return named(
        context, verb::manage_actors, "restart_actor",
        [this](const std::string& name, const deed&) { return restart(name); });
  }

  kj::Promise<void> cacheStats(CacheStatsContext context) override {
    return serve(*who_, verb::read_cache, context, [&] {
      return ask<policy::cache_stats>(
          *who_, policies(), policy::get_cache_stats{},
          [context](const policy::cache_stats& got) mutable {
            auto to = context.getResults().initResult().initValue();
            to.setL1Hits(got.l1_hits);
            to.setL1Misses(got.l1_misses);
            to.setL1Entries(got.l1_entries);
            to.setL1Max(got.l1_max);
            to.setL2Hits(got.l2_hits);
            to.setL2Misses(got.l2_misses);
            to.setL2Entries(got.l2_entries);
            to.setL2Max(got.l2_max);
          });
    });
  }

  kj::Promise<void> clearCache(ClearCacheContext context) override {
    return gated(
        context, verb::manage_cache, "clear_cache", "",
        [this, context](const deed&) {
          return ask<policy::cleared>(
              *who_, policies(), policy::clear_cache{},
              [context](const policy::cleared& got) mutable {
                context.getResults().initResult().initValue().setEntries(
                    got.entries);
              });
        });
  }

  kj::Promise<void> warmCache(WarmCacheContext context) override {
    return gated(context, verb::manage_cache, "warm_cache", "",
                 [this, context](const deed&) {
                   return ask<policy::warmed>(
                       *who_, policies(), policy::warm_cache{},
                       [context](const policy::warmed& got) mutable {
                         auto to =
                             context.getResults().initResult().initValue();
                         to.setScenarios(got.scenarios);
                         to.setEvaluated(got.evaluated);
                         to.setAdded(got.added);
                         to.setNanos(got.nanos);
                       });
                 });
  }

  kj::Promise<void> setStrictMode(SetStrictModeContext context) override {
    return set_mode(context, command_kind::set_strict_mode);
  }

  kj::Promise<void> setLockdown(SetLockdownContext context) override {
    return set_mode(context, command_kind::set_lockdown);
  }

  kj::Promise<void> breakers(BreakersContext context) override {
    return serve(*who_, verb::read_actors, context, [&] {
      return all_breakers().then(
          [this, context](
              kj::Array<result<breaker::status>> got) mutable -> caf::error {
            fill(kj::mv(got), context);
            return {};
          });
    });
  }

  kj::Promise<void> tripBreaker(TripBreakerContext context) override {
    return named(context, verb::manage_actors, "trip_breaker",
                 [this](const std::string& name, const deed& what) {
                   return at_breaker(name, breaker::trip{reason_of(what)});
                 });
  }

  kj::Promise<void> resetBreaker(ResetBreakerContext context) override {
    return named(context, verb::manage_actors, "reset_breaker",
                 [this](const std::string& name, const deed& what) {
                   return at_breaker(name, breaker::reset{reason_of(what)});
                 });
  }

  kj::Promise<void> setLogLevel(SetLogLevelContext context) override {
    auto name = copy(context.getParams().getLevel());
    return serve(
        *who_, verb::manage_logs, name, context,
        [&]() -> kj::Promise<caf::error> {
          auto level = log::parse_level(name);
          if (!level)
            return make_error(ec::invalid_argument,
                              "'" + name
                                  + "' is no log level; expected DEBUG, INFO, "
                                    "WARNING or ERROR",
                              "level");
          auto what = make_deed(*who_, verb::manage_logs, "set_log_level", name,
                                context.getParams().getChange());
          if (!what)
            return std::move(what.error());
          return carry_out(
              *who_, *what, command_kind::set_log_level, {},
              to_string_view(*level), 0,
              [context, level = *level](const control::applied&) mutable {
                log::set_level(level);
                context.getResults().initResult().initValue();
              });
        });
  }

  kj::Promise<void> backup(BackupContext context) override {
    auto from = read(context.getParams().getBase());
    auto about = "from " + std::to_string(from.size);
    return gated(context, verb::back_up, "backup", about,
                 [this, context, from](const deed&) {
                   return ask<archiver::begun>(
                       *who_, who_->with().others().archiver.get(),
                       archiver::begin_backup{from},
                       [this, context](const archiver::begun& got) mutable {
                         context.getResults().initResult().setValue(
                             make_backup(kj::addRef(*who_), got.of));
                       });
                 });
  }

private:
  acgs::directory& directory() { return *who_->with().others().actors; }
  policy_actor policies() { return who_->with().others().policy.get(); }

  std::string reason_of(const deed& what) const {
    return "by " + who_->who().subject
           + (what.reason.empty() ? "" : ": " + what.reason);
  }

  /// Serves a call that the policy on admins is asked about first.
  template <class Context, class Act>
  kj::Promise<void> gated(Context context, verb what, const char* command,
                          std::string subject, Act act) {
    return serve(
        *who_, what, subject, context, [&]() -> kj::Promise<caf::error> {
          auto made = make_deed(*who_, what, command, subject,
                                context.getParams().getChange());
          if (!made)
            return std::move(made.error());
          return and_then(permit(*who_, *made),
                          [made = *made, act]() mutable { return act(made); });
        });
  }

  /// The same for one that is done to something named and answers nothing.
  template <class Context, class Act>
  kj::Promise<void> named(Context context, verb what, const char* command,
                          Act act) {
    auto name = copy(context.getParams().getName());
    return gated(
        context, what, command, name,
        [context, name,
         act](const deed& made) mutable -> kj::Promise<caf::error> {
          if (auto error = check_name(name, "name"))
            return error;
          return act(name, made).then([context](caf::error error) mutable {
            if (!error)
              context.getResults().initResult().initValue();
            return error;
          });
        });
  }

  template <class Context>
  kj::Promise<void> set_mode(Context context, command_kind kind) {
    std::string state = context.getParams().getOn() ? "on" : "off";
    return serve(*who_, verb::manage_modes, state, context,
                 [&]() -> kj::Promise<caf::error> {
                   auto options = context.getParams().getChange();
                   auto what = make_deed(*who_, verb::manage_modes,
                                         std::string{to_string_view(kind)},
                                         state, options);
                   if (!what)
                     return std::move(what.error());
                   if (what->reason.empty())
                     return make_error(ec::invalid_argument,
                                       "a mode needs a reason", "reason");
                   return carry_out(*who_, *what, kind, state, {},
                                    options.getExpectedRevision(),
                                    fill_applied(context));
                 });
  }

  kj::Promise<caf::error> restart(const std::string& name) {
    auto rows = directory().rows();
    auto found = std::find_if(rows.begin(), rows.end(),
                              [&](auto& row) { return row.name == name; });
    if (found == rows.end())
      return make_error(ec::not_found, "there is no actor '" + name + "'",
                        "name");
    if (found->status.parent.empty())
      return make_error(
          ec::invalid_argument,
          "'" + name + "' is a root of the tree; restart the node", "name");
    auto supervisor =
        directory().find(actor_key<supervisor_actor>{found->status.parent});
    if (name == key.name)
      return restart_self(supervisor);
    return ask<caf::unit_t>(*who_, supervisor.get(),
                            supervision::restart_child{name}, [] {});
  }

  /// The caller's connection ends with this gateway: the answer, that it was
  /// begun, goes out before the supervisor is told.
  kj::Promise<caf::error> restart_self(actor_ref<supervisor_actor> supervisor) {
    // Runs once all that is ready has run: the answer is with the socket.
    kj::evalLast([supervisor] {
      caf::anon_send(supervisor.get(),
                     supervision::restart_child{std::string{key.name}});
    }).detach([](kj::Exception&& why) {
      logger.error("the RPC gateway cannot be started anew",
                   {{"event", "rpc_restart_failed"},
                    {"reason", why.getDescription().cStr()}});
    });
    return caf::error{};
  }

  kj::Promise<kj::Array<result<breaker::status>>> all_breakers() {
    auto names = breaker::names(directory());
    auto calls = kj::heapArrayBuilder<kj::Promise<result<breaker::status>>>(
        names.size());
    for (auto& name : names)
      calls.add(who_->with().bridge.call<breaker::status>(
          breaker::find<breaker_actor>(directory(), name).get(),
          who_->with().settings.call_timeout, breaker::get_status{}));
    return kj::joinPromises(calls.finish());
  }

  /// A breaker that restarts just now is left out.
  template <class Context>
  void fill(kj::Array<result<breaker::status>> got, Context& context) {
    std::vector<const breaker::status*> found;
    for (auto& each : got)
      if (each)
        found.push_back(&*each);
    auto to = context.getResults().initResult().initValue(
        static_cast<unsigned>(found.size()));
    auto now = who_->with().settings.time->now();
    for (unsigned i = 0; i < to.size(); ++i)
      write(*found[i], now, to[i]);
  }

  template <class Message>
  kj::Promise<caf::error> at_breaker(const std::string& name, Message message) {
    auto names = breaker::names(directory());
    if (std::find(names.begin(), names.end(), name) == names.end())
      return make_error(ec::not_found, "there is no breaker '" + name + "'",
                        "name");
    return ask<caf::unit_t>(
        *who_, breaker::find<breaker_actor>(directory(), name).get(),
        std::move(message), [] {});
  }

  kj::Own<session> who_;
};

} // namespace

schema::Admin::Client make_admin(kj::Own<session> who) {
  return kj::heap<admin_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
