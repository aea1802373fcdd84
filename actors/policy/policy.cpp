// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/policy/policy.hpp"

#include "actors/policy/gather.hpp"
#include "runtime/actor/bounded.hpp"

#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <utility>

namespace acgs::policy {

namespace {

void add_stats(cache_stats& sum, const cache_stats& one) {
  sum.l1_hits += one.l1_hits;
  sum.l1_misses += one.l1_misses;
  sum.l1_entries += one.l1_entries;
  sum.l1_max += one.l1_max;
  sum.l2_hits += one.l2_hits;
  sum.l2_misses += one.l2_misses;
}

void add_warmed(warmed& sum, const warmed& one) {
  sum.scenarios += one.scenarios;
  sum.evaluated += one.evaluated;
  sum.added += one.added;
  sum.nanos = std::max(sum.nanos, one.nanos);
}

probe_result probed(const state& core, const work_queue& queue) {
  auto active = core.active();
  if (!active) {
    probe_result out;
    out.status = health_status::unhealthy;
    out.reason = "no policies are active yet";
    return out;
  }
  auto out = core.look_at(queue.busy_for());
  const auto& now = active->state();
  out.facts = "{\"count\":"
              + std::to_string(now.policies.size() + now.constitution.size())
              + ",\"constitution\":\"" + active->constitution().shown
              + "\",\"constitution_digest\":\"" + active->constitution().digest
              + "\",\"revision\":" + std::to_string(active->revision())
              + ",\"evaluators\":" + std::to_string(core.workers().size())
              + ",\"waiting\":" + std::to_string(queue.waiting())
              + ",\"strict_mode\":" + (active->strict() ? "true" : "false")
              + ",\"lockdown\":" + (active->lockdown() ? "true" : "false")
              + "}";
  if (active->lockdown()) {
    out.status = std::max(out.status, health_status::degraded);
    out.reason += (out.reason.empty() ? "" : "; ")
                  + std::string{"the node is in lockdown: "}
                  + now.lockdown.reason;
  }
  return out;
}

/// The gauges that follow the active snapshot.
struct gauges {
  explicit gauges(acgs::metrics::registry& in)
      : policies{in.make_gauge("acgs_policies", "Policies that are active")},
        entries{in.make_gauge("acgs_cache_entries",
                              "Answers in the shared tier of the cache",
                              {{"tier", "l2"}})},
        strict{in.make_gauge("acgs_strict_mode", "1 in strict mode, else 0")},
        lockdown{in.make_gauge("acgs_lockdown", "1 in lockdown, else 0")} {}

  void show(const snapshot& active) {
    const auto& now = active.state();
    policies.set(
        static_cast<double>(now.policies.size() + now.constitution.size()));
    strict.set(now.strict.on ? 1 : 0);
    lockdown.set(now.lockdown.on ? 1 : 0);
  }

  acgs::metrics::gauge policies, entries, strict, lockdown;
};

struct parts {
  explicit parts(config cfg)
      : core{std::move(cfg.workers), cfg.time_max}, queue{std::move(cfg.queue)},
        shared{std::move(cfg.shared)}, shown{*cfg.registry} {}

  /// To an evaluator that is idle, or into the queue where none is. `hold`
  /// takes over the duty to answer, and is called unless this fails.
  template <class Hold>
  caf::error hand_on(const wire::decide_request& request, Hold hold) {
    auto with = core.admit(*request);
    if (!with)
      return std::move(with.error());
    return give(
        [&] {
          return evaluator::task{request, *with};
        },
        hold,
        is_urgent(*request) ? work_queue::turn::urgent
                            : work_queue::turn::usual);
  }

  /// The same for several, by one snapshot.
  template <class Hold>
  caf::error hand_on(const decide_many& all, Hold hold) {
    auto with = core.admit(all);
    if (!with)
      return std::move(with.error());
    return give([&] { return evaluator::task_many{all, *with}; }, hold);
  }

  template <class Make, class Hold>
  caf::error give(Make make, Hold hold,
                  work_queue::turn when = work_queue::turn::usual) {
    auto task = [&] { return caf::make_message(make()); };
    auto chosen = queue->give(
        [&] {
          return work_queue::item{hold(), task()};
        },
        when);
    if (!chosen)
      return std::move(chosen.error());
    if (*chosen)
      hold().hand_to(*chosen, task());
    return {};
  }

  state core;
  std::shared_ptr<work_queue> queue;
  second_tier shared;
  gauges shown;
};

using parts_ptr = std::shared_ptr<parts>;

/// POLICY's mailbox, past which decisions go.
class front final : public bounded<policy_actor::base> {
public:
  front(caf::actor_config& cfg, std::size_t bound, parts_ptr of)
      : bounded{cfg, bound}, of_{std::move(of)} {
    // Shared with the behaviour.
  }

  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    if (hand_on(*element))
      return;
    activate(element->content());
    bounded::enqueue(std::move(element), unit);
  }

private:
  /// On the sender's thread: CONTROL answers whoever asked for a change once it
  /// has told of it, and from that answer on the change counts.
  void activate(const caf::type_erased_tuple& content) {
    if (content.match_elements<control::published>())
      of_->core.activate(content.get_as<control::published>(0).compiled);
  }

  /// What cannot be handed on goes through the mailbox, and is refused there.
  bool hand_on(caf::mailbox_element& element) {
    const auto& content = element.content();
    auto hold = [&] { return held_request{element}; };
    if (content.match_elements<wire::decide_request>())
      return !of_->hand_on(content.get_as<wire::decide_request>(0), hold);
    return content.match_elements<decide_many>()
           && !of_->hand_on(content.get_as<decide_many>(0), hold);
  }

  const parts_ptr of_;
};

policy_actor::behavior_type behavior(policy_actor::pointer self,
                                     const actor_ref<control_actor>& control,
                                     const parts_ptr& kept) {
  // CONTROL publishes the present state to whoever subscribes, at once.
  self->send(control.get(), caf::actor_cast<control_listener>(self));
  return {
      [self, kept](
          const wire::decide_request& what) -> caf::result<ledger::released> {
        if (auto refused =
                kept->hand_on(what, [self] { return held_request{self}; }))
          return refused;
        return caf::delegated<ledger::released>{};
      },
      [self,
       kept](const decide_many& what) -> caf::result<ledger::released_many> {
        if (auto refused =
                kept->hand_on(what, [self] { return held_request{self}; }))
          return refused;
        return caf::delegated<ledger::released_many>{};
      },
      [kept](const control::published& now) {
        kept->core.activate(now.compiled);
        kept->shown.show(*kept->core.active());
      },
      [self, kept](get_cache_stats question) {
        cache_stats start;
        start.l2_entries = kept->shared.size();
        start.l2_max = kept->shared.entries_max;
        kept->shown.entries.set(static_cast<double>(start.l2_entries));
        return gather(self, kept->core.workers(), question, start, add_stats);
      },
      [self, kept](clear_cache question) {
        return gather(self, kept->core.workers(), question,
                      cleared{kept->shared.clear()},
                      [](cleared& sum, const cleared& one) {
                        sum.entries += one.entries;
                      });
      },
      [self, kept](warm_cache) -> caf::result<warmed> {
        if (!kept->core.active())
          return make_error(ec::unavailable, "no policies are active yet");
        return gather(self, kept->core.workers(),
                      evaluator::warm{kept->core.active()}, warmed{},
                      add_warmed);
      },
      [kept](probe) { return probed(kept->core, *kept->queue); },
  };
}

} // namespace

policy_actor spawn_policy(caf::actor_system& system, std::size_t bound,
                          config cfg) {
  auto control = cfg.control;
  auto kept = std::make_shared<parts>(std::move(cfg));
  caf::actor_config with;
  with.init_fun = decltype(with.init_fun){
      [control, kept](caf::local_actor* self) -> caf::behavior {
        return behavior(static_cast<policy_actor::pointer>(self), control, kept)
            .unbox();
      }};
  return system.spawn_class<front, caf::no_spawn_options>(with, bound, kept);
}

} // namespace acgs::policy
