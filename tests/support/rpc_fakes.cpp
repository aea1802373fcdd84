// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/rpc_node.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::test {

namespace {

using knobs_ptr = std::shared_ptr<knobs>;

/// The result of a fake decision says who asked, so that tests see whom the
/// gateway took the caller for.
wire::decision decide(const wire::decide_request& request, bool allowed,
                      domain::verdict instead, std::string_view error_code) {
  auto result = "{\"allow\":" + std::string{allowed ? "true" : "false"}
                + ",\"caller\":\"" + std::string{request->caller.subject}
                + "\",\"role\":\""
                + std::string{to_string_view(request->caller.role_)} + "\"}";
  domain::decision out;
  out.decision_id = "d-1";
  out.request_id = request->request_id;
  out.path = request->path;
  out.outcome = allowed ? domain::verdict::allow : domain::verdict::deny;
  out.result = result;
  if (instead != domain::verdict::none)
    out.outcome = instead;
  if (out.outcome == domain::verdict::error)
    out.error_code = error_code;
  return wire::decision{out};
}

policy_actor::behavior_type fake_policy(policy_actor::pointer self,
                                        knobs_ptr by) {
  return {
      [self, by](const wire::decide_request& request)
          -> caf::result<ledger::released> {
        by->note("decide " + std::string{request->path} + " "
                 + std::string{request->input});
        if (by->policy_silent)
          return self->make_response_promise<ledger::released>();
        if (request->path == "die") {
          self->quit(caf::exit_reason::kill);
          return make_error(ec::unavailable, "dying");
        }
        auto admin = request->path == "acgs/admin/allow";
        auto instead = admin ? domain::verdict::none : by->outcome.load();
        return ledger::released{decide(request, !admin || by->admin_allowed,
                                       instead, by->error_code),
                                41, 1000};
      },
      [by](const policy::decide_many& all) {
        by->note("decide_many " + std::to_string(all.each.size()));
        ledger::released_many out;
        for (const auto& request : all.each)
          if (request->input == by->full_input)
            out.each.emplace_back(make_error(ec::store_full, "no room"));
          else
            out.each.emplace_back(ledger::released{
                decide(request, true, by->outcome.load(), by->error_code), 41,
                1000});
        return out;
      },
      [](const control::published&) {},
      [](policy::get_cache_stats) {
        return policy::cache_stats{1, 2, 3, 4, 5, 6, 7, 8};
      },
      [by](policy::clear_cache) {
        by->note("clear_cache");
        return policy::cleared{9};
      },
      [](policy::warm_cache) {
        return policy::warmed{4, 3, 2, 1};
      },
      [](probe) { return probe_result{}; },
  };
}

ledger_actor::behavior_type fake_ledger(ledger_actor::pointer, knobs_ptr by) {
  return {
      [by](const ledger::append& one) -> caf::result<ledger::appended> {
        if (by->ledger_full)
          return make_error(ec::store_full, "no room");
        by->note("append " + std::string{one.entry->event_type} + " "
                 + std::string{to_string_view(one.entry->outcome)} + " "
                 + std::string{one.entry->caller.subject});
        return ledger::appended{42, false};
      },
      [](const ledger::release& one) {
        return ledger::released{one.decision, 43, 0};
      },
      [by](const ledger::shred& what) {
        by->note("shred " + std::to_string(what.index) + " "
                 + std::string{what.record.entry->detail});
        return ledger::shredded{44};
      },
      [by](const ledger::archive& what) {
        by->note("archive " + std::to_string(what.size) + " "
                 + std::string{what.record.entry->detail});
        return ledger::archived{45};
      },
      [](const ledger::release_many&) { return ledger::released_many{}; },
      [](const ledger::put_blob&) {},
      [](ledger::publish) {},
      [](ledger::settle) {},
      [](ledger::get_head) { return ledger::head{}; },
      [](probe) { return probe_result{}; },
  };
}

control_actor::behavior_type fake_control(control_actor::pointer,
                                          knobs_ptr by) {
  return {
      [by](const wire::command& one) -> caf::result<control::applied> {
        if (one->body == "broken")
          return make_error(ec::policy_invalid, "line 1: unexpected");
        by->note("command " + std::string{to_string_view(one->kind)} + " "
                 + std::string{one->name} + " by "
                 + std::string{one->caller.subject});
        return control::applied{12, 13};
      },
      [](control::get_published) { return control::published{}; },
      [](const control::get_history& which) {
        domain::command one;
        one.kind = domain::command_kind::put_policy;
        one.name = "mine";
        one.body = "package mine";
        one.reason = "all";
        if (!which.name.empty())
          one.reason = which.name;
        control::history out;
        out.items.push_back({5, wire::command{one}});
        return out;
      },
      [by](const control_listener&) { by->note("subscribed"); },
      [by](const control::rotate_key& what) {
        by->note("rotate by " + what.caller.subject + ": " + what.reason);
        return control::key_changed{"n1/log+abcd", "n1/log+ef01", 14, 15};
      },
      [by](const control::revoke_key& what)
          -> caf::result<control::key_changed> {
        by->note("revoke key " + what.key + ": " + what.reason);
        return make_error(ec::not_found, "no such key", "key");
      },
      [](probe) { return probe_result{}; },
  };
}

reader::located sample_entry(const std::string& subject) {
  domain::entry entry;
  entry.kind = domain::entry_kind::decision;
  entry.decision_id = "d-1";
  entry.agent = "agent-7";
  entry.caller.subject = subject;
  reader::located out;
  out.index = 3;
  out.entry = wire::entry{entry};
  return out;
}

reader_actor::behavior_type fake_reader(reader_actor::pointer, knobs_ptr by) {
  return {
      [by](const reader::query& which) {
        by->note(
            "query " + which.agent + " caused_by=" + which.caused_by
            + (which.before ? " cursor=" + std::to_string(*which.before) : ""));
        reader::query_result out;
        out.entries.push_back(sample_entry("alice"));
        out.beyond_total = which.agent == "busy";
        out.total = out.beyond_total ? reader::total_max : 1;
        if (!which.oldest_first)
          out.next = 3;
        else if (!which.before)
          out.next = 0; // as after the first entry of all
        return out;
      },
      [](const reader::get_entry& which) -> caf::result<reader::entry_result> {
        if (which.index > 100)
          return make_error(ec::not_found, "there is no entry");
        reader::entry_result out;
        out.found = sample_entry(which.index == 1 ? "bob" : "alice");
        if (which.with_payloads)
          out.payloads.push_back(
              {domain::payload_kind::input, false, false, true, "{}"});
        return out;
      },
      [](const reader::get_receipt&) { return reader::text_result{"proof"}; },
      [](const reader::verify&) {
        reader::verify_result out;
        out.verified = true;
        out.checked = 4;
        return out;
      },
      [](const reader::get_resource& which) {
        return reader::text_result{which.path};
      },
      [](const reader::get_sealed& which) {
        // In two pieces.
        reader::sealed_result out;
        out.content.assign(3, std::byte{'s'});
        if (which.index == 0)
          out.next = reader::get_sealed{which.bundle, 3, 5, 1};
        return out;
      },
      [](reader::get_stats) {
        reader::stats out;
        out.entries = 4;
        out.by_kind = {1, 2};
        return out;
      },
      [](probe) { return probe_result{}; },
  };
}

identity_actor::behavior_type fake_identity(identity_actor::pointer,
                                            knobs_ptr by) {
  return {
      [](const identity::login&) { return identity::token_pair{}; },
      [](const identity::refresh&) { return identity::token_pair{}; },
      [by](const identity::issue& what) {
        by->note("issue " + what.subject + " by " + what.caller.subject);
        identity::token_pair out;
        out.access_token = "secret";
        out.token_id = "t9";
        return out;
      },
      [by](const identity::revoke& what) {
        by->note("revoke " + what.token_id);
      },
      [by](const identity::put_user& what) { by->note("user " + what.name); },
      [by](const identity::refused& what) {
        by->note("refused " + what.subject + ": " + what.reason + " from "
                 + what.address);
      },
  };
}

signer_actor::behavior_type fake_signer(signer_actor::pointer) {
  return {
      [](const signer::sign&) { return signer::signature{}; },
      [](signer::list_keys) {
        signer::key_list out;
        signer::public_key key;
        key.name = "n1/log";
        key.verifier_key = "n1/log+abcd+key";
        out.keys.push_back(key);
        return out;
      },
      [](const signer::rotate&) { return signer::keys_changed{}; },
      [](const signer::revoke&) { return signer::keys_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

health_actor::behavior_type fake_health(health_actor::pointer) {
  return {
      [](health::get_report) {
        health::report out;
        out.status = health_status::degraded;
        health::component_report one;
        one.name = "database";
        one.status = health_status::degraded;
        one.reason = "little room";
        one.facts = "{\"free_bytes\":7}";
        out.components.push_back(one);
        return out;
      },
      [](health::drain) {},
      [](const health::breaker_changed&) {},
      [](health::tick) {},
  };
}

} // namespace

policy_actor spawn_policy(caf::actor_system& in, knobs_ptr by) {
  return in.spawn(fake_policy, std::move(by));
}
ledger_actor spawn_ledger(caf::actor_system& in, knobs_ptr by) {
  return in.spawn(fake_ledger, std::move(by));
}
control_actor spawn_control(caf::actor_system& in, knobs_ptr by) {
  return in.spawn(fake_control, std::move(by));
}
reader_actor spawn_reader(caf::actor_system& in, knobs_ptr by) {
  return in.spawn(fake_reader, std::move(by));
}
identity_actor spawn_identity(caf::actor_system& in, knobs_ptr by) {
  return in.spawn(fake_identity, std::move(by));
}
signer_actor spawn_signer(caf::actor_system& in) {
  return in.spawn(fake_signer);
}
health_actor spawn_health(caf::actor_system& in) {
  return in.spawn(fake_health);
}

} // namespace acgs::test
