// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/breaker.hpp"

#include "actors/breaker/metrics.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>

#include <map>
#include <optional>
#include <utility>

namespace acgs::breaker {

namespace {

using std::chrono::nanoseconds;

/// One call that is under way.
struct call {
  promise<caf::message> asker;
  permit of;
  steady_time started;
};

/// Responses have no type here, so they are taken out of the mailbox before
/// CAF looks for a handler that matches them.
class proxy : public caf::event_based_actor {
public:
  proxy(caf::actor_config& cfg, setup with)
      : event_based_actor(cfg), setup_{std::move(with)}, state_{setup_.rules,
                                                                setup_.random,
                                                                now()} {
    if (setup_.registry)
      metrics_.emplace(*setup_.registry, setup_.name);
  }

  using event_based_actor::consume;

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    auto found = calls_.find(element.mid);
    if (found == calls_.end())
      return event_based_actor::consume(element);
    auto done = std::move(found->second);
    calls_.erase(found);
    finish(done, element.move_content_to_message());
    return caf::invoke_message_result::consumed;
  }

  caf::behavior make_behavior() override {
    set_default_handler([this](caf::scheduled_actor*, caf::message_view& view) {
      return pass_on(view);
    });
    return {
        [this](get_status) {
          return status{setup_.name, state_.at(now())};
        },
        [this](const trip& x) {
          state_.trip(x.reason, now());
          tell_change();
        },
        [this](const force_open& x) {
          state_.force_open(x.reason, now());
          tell_change();
        },
        [this](const reset& x) {
          state_.reset(x.reason, now());
          tell_change();
        },
    };
  }

  void on_exit() override { calls_.clear(); }

private:
  steady_time now() const { return setup_.clock->steady_now(); }

  caf::result<caf::message> pass_on(caf::message_view& view) {
    if (calls_.size() >= setup_.calls_max)
      return make_error(ec::overloaded,
                        std::to_string(calls_.size()) + " calls to '"
                            + setup_.name + "' are under way; try again later");
    refusal why;
    auto may = state_.acquire(now(), why);
    tell_change();
    if (!may) {
      if (metrics_)
        metrics_->refused();
      return refuse(why);
    }
    promise<caf::message> asker{this};
    auto target = caf::actor_cast<caf::actor>(setup_.target());
    auto sent =
        request(target, setup_.call_timeout, view.move_content_to_message());
    calls_.emplace(sent.id(), call{asker, *may, now()});
    return asker;
  }

  caf::error refuse(const refusal& why) const {
    auto name = "'" + setup_.name + "'";
    if (why.throttled)
      return make_error(ec::rate_limited, name + " asked for a pause",
                        why.retry_after);
    return make_error(ec::unavailable,
                      "the circuit breaker of " + name + " is open",
                      why.retry_after);
  }

  void finish(const call& done, caf::message content) {
    caf::error error;
    if (content.match_elements<caf::error>())
      error = content.get_as<caf::error>(0);
    auto how = error ? setup_.judge(error) : outcome::succeeded;
    auto time = now();
    state_.record(done.of, how, time - done.started, time,
                  retry_after_of(error));
    if (metrics_)
      metrics_->called(how);
    tell_change();
    if (error)
      done.asker.fail(std::move(error));
    else
      done.asker.deliver(std::move(content));
  }

  void tell_change() {
    auto changed = state_.take_change();
    if (!changed)
      return;
    if (metrics_)
      metrics_->entered(changed->to);
    if (setup_.listener)
      setup_.listener({setup_.name, std::move(*changed)});
  }

  setup setup_;
  state state_;
  std::optional<metrics> metrics_;
  std::map<caf::message_id, call> calls_;
};

} // namespace

outcome judge_error(const caf::error& error) {
  switch (code_of(error)) {
  case ec::none:
  case ec::invalid_argument:
  case ec::unauthenticated:
  case ec::forbidden:
  case ec::not_found:
  case ec::conflict:
  case ec::hash_mismatch:
  case ec::too_large:
  case ec::policy_invalid:
  case ec::evaluation_failed:
  case ec::limit_exceeded:
    return outcome::succeeded;
  case ec::rate_limited:
    return outcome::throttled;
  case ec::cancelled:
    return outcome::ignored;
  case ec::overloaded:
  case ec::unavailable:
  case ec::timed_out:
  case ec::store_full:
  case ec::store_io:
  case ec::store_corrupt:
  case ec::internal:
    return outcome::failed;
  }
  return outcome::failed;
}

breaker_actor spawn(caf::actor_system& system, std::size_t mailbox_bound,
                    setup with) {
  auto handle =
      spawn_bounded_class<proxy>(system, mailbox_bound, std::move(with));
  return caf::actor_cast<breaker_actor>(
      caf::actor_cast<caf::strong_actor_ptr>(handle));
}

child_spec make_child(caf::actor_system& system, std::size_t mailbox_bound,
                      setup with) {
  auto name = directory_name(with.name);
  return acgs::make_child(actor_key<breaker_actor>{name},
                          [&system, mailbox_bound, with = std::move(with)] {
                            return spawn(system, mailbox_bound, with);
                          });
}

} // namespace acgs::breaker
