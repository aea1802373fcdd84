// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/snapshot/snapshot.hpp"

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

void write(const domain::identity& from, schema::Identity::Builder to) {
  to.setSubject(text(from.subject));
  to.setRole(static_cast<std::uint8_t>(from.role_));
  to.setTenant(text(from.tenant));
  to.setMethod(static_cast<std::uint8_t>(from.method));
  to.setTokenId(text(from.token_id));
  to.setAddress(text(from.address));
}

void write(const domain::mode& from, schema::Mode::Builder to) {
  to.setOn(from.on);
  to.setBy(text(from.by));
  to.setReason(text(from.reason));
  to.setSinceNanos(from.since_nanos);
}

std::int64_t uptime_nanos(const config& settings) {
  return moment_of(*settings.time).since(settings.started).count();
}

void write(const services& with, schema::Node::Builder to) {
  auto& settings = with.settings;
  to.setName(text(settings.node_name));
  to.setVersion(text(settings.version));
  to.setStartedNanos(to_nanos(settings.started.wall));
  to.setUptimeNanos(uptime_nanos(settings));
  auto now = with.now.get();
  if (now.compiled)
    to.setConstitutionalHash(text(now.compiled->constitution().shown));
  if (!now.state)
    return;
  to.setConstitutionDigest(
      text(to_hex(byte_view{now.state->constitution_digest})));
  to.setRevision(now.state->revision);
  to.setPolicies(now.state->policies.size());
  write(now.state->strict, to.initStrictMode());
  write(now.state->lockdown, to.initLockdown());
}

void write(const services& with, const health::report& from,
           schema::Health::Builder to) {
  to.setStatus(text(std::string{to_string_view(from.status)}));
  to.setService("acgs");
  to.setVersion(text(with.settings.version));
  to.setTimeNanos(to_nanos(from.time));
  auto list = to.initComponents(static_cast<unsigned>(from.components.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    auto& each = from.components[i];
    list[i].setName(text(each.name));
    list[i].setStatus(text(std::string{to_string_view(each.status)}));
    list[i].setReason(text(each.reason));
    list[i].setFacts(text(each.facts));
  }
}

void write(const acgs::metrics::decision_stats::percentiles& from,
           schema::Load::Latencies::Builder to) {
  to.setP50Nanos(from.p50.count());
  to.setP95Nanos(from.p95.count());
  to.setP99Nanos(from.p99.count());
  to.setMeanNanos(from.mean.count());
}

void write(const services& with, schema::Load::Builder to) {
  const auto& settings = with.settings;
  auto now = with.decisions.summarise(settings.time->steady_now());
  to.setDecisions(now.decisions);
  to.setRefusals(now.refusals);
  to.setRefusalsLastMinute(now.refusals_last_minute);
  to.setUptimeNanos(uptime_nanos(settings));
  write(now.latency, to.initLatency());
  write(now.durable, to.initDurable());
}

class session_cap final : public schema::Session::Server {
public:
  explicit session_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> identity(IdentityContext context) override {
    return serve(*who_, verb::info, context, [&]() -> caf::error {
      write(who_->who(), context.getResults().initResult().initValue());
      return {};
    });
  }

  kj::Promise<void> health(HealthContext context) override {
    return serve(*who_, verb::health, context, [&] {
      return ask<acgs::health::report>(
          *who_, who_->with().others().health.get(), acgs::health::get_report{},
          [this, context](const acgs::health::report& got) mutable {
            write(who_->with(), got,
                  context.getResults().initResult().initValue());
          });
    });
  }

  kj::Promise<void> node(NodeContext context) override {
    return serve(*who_, verb::info, context, [&]() -> caf::error {
      write(who_->with(), context.getResults().initResult().initValue());
      return {};
    });
  }

  kj::Promise<void> load(LoadContext context) override {
    return serve(*who_, verb::metrics, context, [&]() -> caf::error {
      write(who_->with(), context.getResults().initResult().initValue());
      return {};
    });
  }

  kj::Promise<void> policy(PolicyContext context) override {
    return grant(context, make_policy);
  }

  kj::Promise<void> ledger(LedgerContext context) override {
    return grant(context, make_ledger);
  }

  kj::Promise<void> keys(KeysContext context) override {
    return grant(context, make_keys);
  }

  kj::Promise<void> identities(IdentitiesContext context) override {
    return grant(context, make_identities);
  }

  kj::Promise<void> admin(AdminContext context) override {
    return grant(context, make_admin);
  }

private:
  /// To every session: what may be done with it, each of its calls is asked,
  /// so that whoever tries to change the node without the right is recorded.
  template <class Context, class Make>
  kj::Promise<void> grant(Context context, Make make) {
    return serve(*who_, verb::info, context, [&]() -> caf::error {
      context.getResults().initResult().setValue(make(kj::addRef(*who_)));
      return {};
    });
  }

  kj::Own<session> who_;
};

} // namespace

schema::Session::Client make_session(kj::Own<session> who) {
  return kj::heap<session_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
