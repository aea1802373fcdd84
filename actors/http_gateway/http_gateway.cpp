// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/http_gateway.hpp"

#include "actors/http_gateway/gateway.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace acgs::http_gateway {

namespace {

constexpr std::size_t mailbox_bound = 1024;

/// What the actor keeps. The gateway is made and destroyed on the loop; what
/// is posted to the loop before its end still finds it.
struct parts {
  parts(net::asio_loop& l, config s) : loop{l}, settings{std::move(s)} {
    // The gateway is made by `start`.
  }
  ~parts() {
    // After the loop's end nothing runs on it any more.
    if (!loop.run([this] { inside.reset(); }))
      inside.reset();
  }
  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;

  caf::error listen(caf::actor_system& system) {
    caf::error wrong = make_error(ec::unavailable, "the HTTP loop has ended");
    loop.run([&] {
      auto made = gateway::start(system, loop, settings);
      if (made)
        inside = std::move(*made);
      wrong = made ? caf::error{} : std::move(made.error());
    });
    return wrong;
  }

  net::asio_loop& loop;
  const config settings;
  std::unique_ptr<gateway> inside;
  std::shared_ptr<const present> latest;
  std::vector<promise<probe_result>> probes;
  std::optional<promise<drained>> draining;
};

using parts_ptr = std::shared_ptr<parts>;

/// CAF destroys an actor's state before anybody hears of its end, so that
/// whoever waited for that finds the ports free and the loop unused.
struct held {
  parts_ptr in;
};

using self_pointer = http_gateway_actor::stateful_pointer<held>;

void publish(parts& in, const control::published& now) {
  in.latest = std::make_shared<present>(now, in.settings.constitution_aliases,
                                        in.latest.get());
  in.loop.post([to = in.inside.get(), next = in.latest] { to->publish(next); });
}

caf::result<probe_result> begin_probe(self_pointer self, parts& in) {
  promise<probe_result> later{self};
  in.probes.push_back(later);
  in.loop.post([from = in.inside.get(), to = http_gateway_actor{self}] {
    caf::anon_send(to, looked{from->facts()});
  });
  return later;
}

void end_probes(parts& in, const looked& found) {
  probe_result out;
  out.facts = found.facts;
  if (!in.latest) {
    out.status = health_status::degraded;
    out.reason = "no control state is known yet";
  }
  for (auto& waiting : in.probes)
    waiting.deliver(out);
  in.probes.clear();
}

caf::result<drained> begin_drain(self_pointer self, parts& in,
                                 const drain& how) {
  if (in.draining)
    return make_error(ec::conflict, "the HTTP gateway drains already");
  in.draining.emplace(self);
  http_gateway_actor to{self};
  in.loop.post([from = in.inside.get(), to] {
    from->drain([to] { caf::anon_send(to, emptied{}); });
  });
  self->delayed_send(self, how.within, drain_ended{});
  return *in.draining;
}

void end_drain(parts& in) {
  drained out;
  in.loop.run([&] { out.left = in.inside->connections(); });
  in.draining->deliver(out);
}

addresses bound(parts& in) {
  addresses out;
  in.loop.run([&] {
    for (const auto& at : in.inside->addresses())
      out.bound.push_back({at.host, at.port});
  });
  return out;
}

http_gateway_actor::behavior_type http_gateway(self_pointer self,
                                               parts_ptr kept) {
  self->state.in = std::move(kept);
  auto& in = *self->state.in;
  // CONTROL tells whoever subscribes of the present state at once.
  self->send(in.settings.others->control.get(),
             caf::actor_cast<control_listener>(self));
  return {
      [self](const control::published& now) { publish(*self->state.in, now); },
      [self](get_addresses) { return bound(*self->state.in); },
      [self](const drain& how) {
        return begin_drain(self, *self->state.in, how);
      },
      [self](emptied) { self->state.in->draining->deliver({}); },
      [self](drain_ended) { end_drain(*self->state.in); },
      [self](const looked& found) { end_probes(*self->state.in, found); },
      [self](probe) { return begin_probe(self, *self->state.in); },
  };
}

} // namespace

result<http_gateway_actor> start(caf::actor_system& system,
                                 net::asio_loop& loop, config settings,
                                 const told_addresses& bound_to) {
  auto in = std::make_shared<parts>(loop, std::move(settings));
  if (auto wrong = in->listen(system))
    return wrong;
  if (bound_to)
    bound_to(bound(*in));
  return spawn_bounded(system, mailbox_bound, http_gateway, std::move(in));
}

} // namespace acgs::http_gateway
