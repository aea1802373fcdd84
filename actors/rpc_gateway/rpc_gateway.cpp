// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/rpc_gateway.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <string>

namespace acgs::rpc_gateway {

namespace {

constexpr auto look_interval = std::chrono::milliseconds{20};

/// It is renewed a month before: with so little left, that did not work.
constexpr std::chrono::days certificate_left_min{7};

probe_result probed(service& of) {
  auto now = of.load();
  probe_result out;
  out.facts = "{\"connections\":" + std::to_string(now.connections)
              + ",\"calls\":" + std::to_string(now.calls)
              + ",\"handshakes\":" + std::to_string(now.handshakes)
              + ",\"port\":" + std::to_string(of.port());
  if (auto left = now.certificate_left) {
    out.facts += ",\"certificate_seconds\":" + std::to_string(left->count());
    if (*left < certificate_left_min) {
      out.status = health_status::degraded;
      out.reason = left->count() > 0
                       ? "the certificate of RPC runs out in "
                             + std::to_string(left->count() / 3600)
                             + " hours and was not renewed"
                       : "the certificate of RPC has run out: clients over "
                         "TCP are refused";
    }
  }
  out.facts += '}';
  return out;
}

} // namespace

rpc_gateway_actor::behavior_type
rpc_gateway(rpc_gateway_actor::stateful_pointer<held> self,
            std::shared_ptr<service> serving,
            actor_ref<control_actor> control) {
  self->send(control.get(), caf::actor_cast<control_listener>(self));
  self->state.serving = std::move(serving);
  auto* kept = &self->state;
  return {
      [kept](const control::published& now) { kept->serving->update(now); },
      [self, kept](const rpc_gateway::drain& how) -> caf::result<drained> {
        if (kept->drain)
          return make_error(ec::conflict, "the RPC gateway drains already");
        kept->serving->drain();
        promise<drained> later{self};
        kept->drain.emplace(held::draining{later, how.within});
        self->send(self, look{});
        return later;
      },
      [self, kept](look) {
        if (!kept->drain)
          return;
        auto calls = kept->serving->load().calls;
        if (calls == 0 || kept->drain->left <= look_interval) {
          kept->drain->answer.deliver(drained{calls});
          kept->drain.reset();
          return;
        }
        kept->drain->left -= look_interval;
        self->delayed_send(self, look_interval, look{});
      },
      [kept](probe) { return probed(*kept->serving); },
  };
}

} // namespace acgs::rpc_gateway
