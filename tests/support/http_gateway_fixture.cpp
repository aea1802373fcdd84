// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/http_gateway_fixture.hpp"

#include "runtime/auth/token.hpp"
#include "runtime/crypto/ed25519.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstring>
#include <stdexcept>

namespace acgs::test {

namespace {

using namespace std::chrono_literals;
using guard = std::lock_guard<std::mutex>;

ledger::released release(const domain::decide_request& request,
                         http_fakes& by) {
  domain::decision out;
  out.decision_id = "0190-decision";
  out.request_id = request.request_id;
  out.path = request.path;
  auto known = by.outcomes.find(std::string{request.path});
  out.outcome = known == by.outcomes.end() ? by.outcome : known->second;
  out.result = "true";
  if (known == by.outcomes.end())
    out.result = by.result;
  out.explanation = by.explanation;
  out.error_code = by.error_code;
  out.error_message = by.error_message;
  out.errors = by.errors;
  out.constitutional_hash = "abababababababab";
  out.latency_nanos = 300'000;
  out.evaluation_nanos = 200'000;
  return {wire::decision{out}, by.decisions.size(), 100'000};
}

policy_actor::behavior_type fake_policy(policy_actor::pointer self,
                                        http_fakes* by) {
  return {
      [=](const wire::decide_request& request)
          -> caf::result<ledger::released> {
        guard lock{by->mutex};
        by->decisions.push_back(request);
        if (by->never_decides)
          return self->make_response_promise();
        if (by->refusal)
          return *by->refusal;
        return release(*request, *by);
      },
      [=](const policy::decide_many& all)
          -> caf::result<ledger::released_many> {
        guard lock{by->mutex};
        if (by->refusal)
          return *by->refusal;
        ledger::released_many out;
        for (const auto& request : all.each) {
          by->decisions.push_back(request);
          if (by->refused_inputs.count(std::string{request->input}))
            out.each.emplace_back(make_error(ec::store_full, "no room"));
          else
            out.each.emplace_back(release(*request, *by));
        }
        return out;
      },
      [](const control::published&) {},
      [](policy::get_cache_stats) {
        return policy::cache_stats{8, 2, 5, 10, 1, 1, 3, 100};
      },
      [](policy::clear_cache) { return policy::cleared{9}; },
      [](policy::warm_cache) {
        return policy::warmed{5, 4, 3, 2'000'000};
      },
      [](probe) { return probe_result{}; },
  };
}

control_actor::behavior_type fake_control(control_actor::pointer,
                                          http_fakes* by) {
  return {
      [=](const wire::command& command) -> caf::result<control::applied> {
        guard lock{by->mutex};
        by->commands.push_back(command);
        if (by->command_refusal)
          return *by->command_refusal;
        return control::applied{8, 77};
      },
      [](control::get_published) { return control::published{}; },
      [](const control::get_history&) { return control::history{}; },
      [](const control_listener&) {}, // the fixture publishes by itself
      [](const control::rotate_key&) { return control::key_changed{}; },
      [](const control::revoke_key&) { return control::key_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

identity::token_pair some_pair(const time_source& clock) {
  return {"access", "refresh", "t-9", to_nanos(clock.now() + 900s),
          domain::role::viewer};
}

identity_actor::behavior_type fake_identity(identity_actor::pointer,
                                            http_fakes* by,
                                            const time_source* clock) {
  return {
      [=](const identity::login& with) -> caf::result<identity::token_pair> {
        guard lock{by->mutex};
        by->logins.push_back(with);
        if (with.password != "correct")
          return make_error(ec::unauthenticated, "wrong name or password");
        return some_pair(*clock);
      },
      [=](const identity::refresh&) { return some_pair(*clock); },
      [=](const identity::issue&) { return some_pair(*clock); },
      [=](const identity::revoke& what) {
        guard lock{by->mutex};
        by->revoked.push_back(what.token_id);
      },
      [](const identity::put_user&) {},
      [=](const identity::refused& what) {
        guard lock{by->mutex};
        by->refused.push_back(what);
      },
  };
}

ledger_actor::behavior_type fake_ledger(ledger_actor::pointer, http_fakes* by) {
  return {
      [=](const ledger::append& what) {
        guard lock{by->mutex};
        by->entries.push_back(what.entry);
        return ledger::appended{by->entries.size() - 1, false};
      },
      [](const ledger::release& what) {
        return ledger::released{what.decision, 0, 0};
      },
      [](const ledger::shred&) { return ledger::shredded{0}; },
      [](const ledger::archive&) { return ledger::archived{0}; },
      [](const ledger::release_many&) { return ledger::released_many{}; },
      [](const ledger::put_blob&) {},
      [](ledger::publish) {},
      [](ledger::settle) {},
      [](ledger::get_head) { return ledger::head{}; },
      [](probe) { return probe_result{}; },
  };
}

reader::located some_entry(const http_fakes& by) {
  domain::identity caller;
  caller.subject = by.entry_caused_by;
  domain::entry entry;
  entry.kind = domain::entry_kind::decision;
  entry.event_type = "safety_violation";
  entry.outcome = domain::verdict::deny;
  entry.caller = caller;
  return {5, {}, wire::entry{entry}};
}

reader_actor::behavior_type fake_reader(reader_actor::pointer, http_fakes* by) {
  return {
      [=](const reader::query& what) {
        guard lock{by->mutex};
        by->queries.push_back(what);
        reader::query_result out;
        out.entries.push_back(some_entry(*by));
        out.beyond_total = what.agent == "busy";
        out.total = out.beyond_total ? reader::total_max : 1;
        return out;
      },
      [=](const reader::get_entry& what) -> caf::result<reader::entry_result> {
        guard lock{by->mutex};
        if (what.index != 5 && what.decision_id != "0190-decision")
          return make_error(ec::not_found, "there is no such entry");
        reader::entry_result out;
        out.found = some_entry(*by);
        return out;
      },
      [](const reader::get_receipt& what) {
        return reader::text_result{"receipt of " + what.decision_id};
      },
      [=](const reader::verify& what) {
        guard lock{by->mutex};
        by->verifications.push_back(what);
        reader::verify_result out;
        out.verified = true;
        out.checked = 3;
        out.tree_size = 10;
        return out;
      },
      [=](const reader::get_resource& what) {
        guard lock{by->mutex};
        by->resources.push_back(what.origin + "|" + what.path);
        return reader::text_result{"bytes"};
      },
      [](const reader::get_sealed&) { return reader::sealed_result{}; },
      [](reader::get_stats) { return reader::stats{}; },
      [](probe) { return probe_result{}; },
  };
}

health_actor::behavior_type fake_health(health_actor::pointer, http_fakes* by,
                                        const time_source* clock) {
  return {
      [=](health::get_report) {
        guard lock{by->mutex};
        health::report out;
        out.status = by->health;
        out.ready = by->health != health_status::unhealthy;
        out.reason = out.ready ? "" : "the disk is full";
        out.time = clock->now();
        out.components.push_back({"database", by->health,
                                  R"({"free_bytes":1024})", "", clock->now(),
                                  clock->now()});
        return out;
      },
      [](health::drain) {},
      [](const health::breaker_changed&) {},
      [](health::tick) {},
  };
}

candidate_actor::behavior_type fake_candidate(candidate_actor::pointer,
                                              http_fakes* by) {
  return {
      [=](const candidate::decided& what) {
        guard lock{by->mutex};
        by->tried.push_back(what);
      },
      [](const control::published&) {},
      [](probe) { return probe_result{}; },
  };
}

void fixed_bytes(std::span<std::byte> into) {
  std::memset(into.data(), 7, into.size());
}

} // namespace

struct http_gateway_fixture::keys {
  crypto::signing_key key = crypto::signing_key::generate();
  auth::token_key shown{key.public_part()};
  unsigned issued = 0;
};

http_gateway_fixture::quiet::quiet() {
  set("scheduler.max-threads", 2u);
  set("logger.verbosity", caf::atom("quiet"));
}

http_gateway_fixture::http_gateway_fixture()
    : ids{clock, fixed_bytes}, keys_{std::make_shared<keys>()} {
  control.revision = 7;
  control.constitution_digest.fill(std::byte{0xab});
  control.data = std::make_shared<std::string>(R"({"acgs":{"agents":{}}})");
  settings.server.listen = {{"127.0.0.1", 0}};
  settings.limits.fallback = {0, 0}; // no limit
  settings.access_log = false;
  settings.node_name = "node-1";
  settings.version = "0.1.0";
  settings.started = moment_of(clock);
  settings.time = &clock;
  settings.ids = &ids;
  settings.registry = &registry;
  settings.tokens = std::make_shared<auth::authenticator>(clock);
  settings.tokens->set_keys({keys_->shown});
  settings.others = std::make_shared<http_gateway::peers>(http_gateway::peers{
      actor_ref<policy_actor>::fixed(system.spawn(fake_policy, &fakes)),
      actor_ref<control_actor>::fixed(system.spawn(fake_control, &fakes)),
      actor_ref<identity_actor>::fixed(
          system.spawn(fake_identity, &fakes, &clock)),
      actor_ref<ledger_actor>::fixed(system.spawn(fake_ledger, &fakes)),
      actor_ref<reader_actor>::fixed(system.spawn(fake_reader, &fakes)),
      actor_ref<health_actor>::fixed(system.spawn(fake_health, &fakes, &clock)),
      actor_ref<candidate_actor>::fixed(system.spawn(fake_candidate, &fakes))});
  start();
}

http_gateway_fixture::~http_gateway_fixture() {
  stop();
  settings.others = nullptr;
}

void http_gateway_fixture::stop() {
  if (!gateway)
    return;
  caf::scoped_actor self{system};
  self->send_exit(gateway, caf::exit_reason::user_shutdown);
  self->wait_for(gateway);
  gateway = nullptr;
}

void http_gateway_fixture::start() {
  stop();
  auto made = http_gateway::start(system, loop, settings);
  if (!made)
    throw std::runtime_error{sentence_of(made.error())};
  gateway = *made;
  publish();
}

void http_gateway_fixture::publish() {
  caf::scoped_actor self{system};
  ++control.revision;
  auto now = std::make_shared<const domain::control_state>(control);
  settings.tokens->update(now);
  self->send(gateway,
             control::published{
                 now, nullptr,
                 std::make_shared<const acgs::control::bundle_faults>(faults)});
  // The mailbox is in order, and the answer comes through the loop.
  self->request(gateway, caf::infinite, http_gateway::get_addresses{})
      .receive(
          [this](const http_gateway::addresses& at) {
            port = at.bound.at(0).port;
          },
          [](const caf::error& error) {
            throw std::runtime_error{sentence_of(error)};
          });
}

std::string http_gateway_fixture::token(domain::role as,
                                        const std::string& subject) {
  auth::claims of;
  of.token_id = "t-" + std::to_string(++keys_->issued);
  of.subject = subject;
  of.role_ = as;
  of.issued = of.not_before =
      std::chrono::floor<std::chrono::seconds>(clock.now());
  of.expires = of.issued + 900s;
  domain::token kept;
  kept.subject = subject;
  kept.role_ = as;
  kept.expires_nanos = to_nanos(of.expires);
  control.tokens[of.token_id] = kept;
  publish();
  auto input = auth::signing_input(of, keys_->shown);
  auto by = keys_->key.sign(as_byte_view(input));
  return auth::with_signature(std::move(input), by);
}

std::string http_gateway_fixture::bearer(domain::role as,
                                         const std::string& subject) {
  return "Authorization: Bearer " + token(as, subject) + "\r\n";
}

http_reply http_gateway_fixture::ask(std::string_view method,
                                     std::string_view target,
                                     std::string_view body,
                                     std::string_view fields) {
  http_client client{port};
  return client.ask(method, target, body, fields);
}

wire::decide_request http_gateway_fixture::last_decision() {
  guard lock{fakes.mutex};
  return fakes.decisions.at(fakes.decisions.size() - 1);
}

} // namespace acgs::test
