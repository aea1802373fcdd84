// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Spawns an actor with a bounded mailbox. The actor itself is written as
// usual, as a function that takes its self pointer:
//
//   policy_actor::behavior_type policy(
//       policy_actor::stateful_pointer<state> self, config cfg);
//   auto handle = spawn_bounded<caf::detached>(system, 1024, policy, cfg);
//
// Beyond the bound a request is answered with `ec::overloaded` at once, on
// the sender's thread, and the actor never sees it; messages that nobody waits
// for are dropped and counted, so what must arrive is sent as a request or
// urgent. A handler that throws ends the actor, and the request that it worked
// on gets an error; the exception's text is the reason of the actor's end.

#include "runtime/actor/mailbox_meter.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/error.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace acgs {

/// Any event-based actor class, typed or not, stateful or not, with a bound.
template <class Base>
class bounded : public Base, public mailbox_meter {
public:
  template <class... Args>
  bounded(caf::actor_config& cfg, std::size_t bound, Args&&... args)
      : Base(cfg, std::forward<Args>(args)...), mailbox_meter(bound) {
    this->set_exception_handler([](std::exception_ptr& thrown) {
      return mailbox_meter::error_of(thrown);
    });
  }

  using Base::consume;
  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    if (admit(*element, this->ctrl(), unit))
      Base::enqueue(std::move(element), unit);
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override {
    close();
    return Base::cleanup(std::move(reason), unit);
  }

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    take();
    try {
      auto outcome = Base::consume(element);
      if (outcome == caf::invoke_message_result::skipped)
        put_back();
      return outcome;
    } catch (...) {
      answer_after_throw(element);
      throw;
    }
  }
};

/// Spawns the function-based actor `fun` with at most `bound` messages in its
/// mailbox. `Options` are CAF's spawn options, for example `caf::detached`.
template <caf::spawn_options Options = caf::no_spawn_options, class Fun,
          class... Args>
caf::infer_handle_from_fun_t<Fun> spawn_bounded(caf::actor_system& system,
                                                std::size_t bound, Fun fun,
                                                Args&&... args) {
  using base = caf::infer_impl_from_fun_t<Fun>;
  caf::actor_config cfg;
  // Not CAF's own factory: it dereferences null where there are no arguments.
  cfg.init_fun = decltype(cfg.init_fun){
      [fun = std::move(fun),
       kept = std::tuple<std::decay_t<Args>...>{std::forward<Args>(args)...}](
          caf::local_actor* self) mutable -> caf::behavior {
        auto start = [&](auto&... each) {
          return fun(static_cast<base*>(self), std::move(each)...);
        };
        return std::move(std::apply(start, kept).unbox());
      }};
  return system.spawn_class<bounded<base>, Options>(cfg, bound);
}

/// Spawns an actor that is written as a class, from its constructor's
/// arguments after the `actor_config`.
template <class Class, caf::spawn_options Options = caf::no_spawn_options,
          class... Args>
caf::infer_handle_from_class_t<Class>
spawn_bounded_class(caf::actor_system& system, std::size_t bound,
                    Args&&... args) {
  caf::actor_config cfg;
  return system.spawn_class<bounded<Class>, Options>(
      cfg, bound, std::forward<Args>(args)...);
}

} // namespace acgs
