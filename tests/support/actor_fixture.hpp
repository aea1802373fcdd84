// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An actor system for tests whose messages run only when the test says so and
// whose clock stands still until it is advanced. Use it as the fixture of a
// Boost.Test case or suite: BOOST_FIXTURE_TEST_SUITE(actor, actor_fixture).

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "tests/support/asker.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/response_type.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace acgs::test {

/// The deterministic scheduler's clock, as cores want it. The time of day
/// starts at 2026-01-01 and advances with it.
class driven_clock final : public time_source {
public:
  explicit driven_clock(caf::scheduler::test_coordinator& driver)
      : driver_{driver}, start_{driver.clock().now()} {
    // Stands still until the scheduler's time is advanced.
  }

  wall_time now() const override {
    using namespace std::chrono;
    return sys_days{year{2026} / 1 / 1} + (driver_.clock().now() - start_);
  }

  steady_time steady_now() const override {
    return steady_time{driver_.clock().now() - start_};
  }

private:
  caf::scheduler::test_coordinator& driver_;
  caf::actor_clock::time_point start_;
};

struct actor_fixture {
  struct system_config : caf::actor_system_config {
    system_config() {
      set("scheduler.policy", caf::atom("testing"));
      set("logger.verbosity", caf::atom("quiet"));
    }
  };

  /// Runs until no actor has anything to do. Time does not pass.
  void run() { scheduler.run(); }

  /// Lets time pass in one step, then runs what has become due.
  void advance(std::chrono::nanoseconds by) {
    scheduler.advance_time(by);
    scheduler.run();
  }

  /// An answer that may not have come yet.
  template <class Reply>
  using pending = std::shared_ptr<std::optional<result<Reply>>>;

  /// Sends one request and runs nobody; the answer turns up in what is
  /// returned as soon as it has come. `Reply` is void where none has a value.
  template <class Reply, class Handle, class... Args>
  pending<Reply> begin(const Handle& to, Args... args) {
    static_assert(caf::response_type<typename Handle::signatures,
                                     std::decay_t<Args>...>::valid,
                  "the actor takes no such message");
    auto out = std::make_shared<std::optional<result<Reply>>>();
    asking.ask(caf::actor_cast<caf::strong_actor_ptr>(to),
               caf::make_message(std::move(args)...), [out](caf::message told) {
                 if (told.match_elements<caf::error>())
                   out->emplace(told.get_as<caf::error>(0));
                 else if constexpr (std::is_void_v<Reply>)
                   out->emplace();
                 else if (told.match_elements<Reply>())
                   out->emplace(std::move(told.get_mutable_as<Reply>(0)));
                 else
                   out->emplace(
                       make_error(ec::internal, "answered with another type: "
                                                    + caf::to_string(told)));
               });
    return out;
  }

  /// Sends one request, runs the system dry and returns the answer, or an
  /// error `timed_out` where none came without time passing.
  template <class Reply, class Handle, class... Args>
  result<Reply> ask(const Handle& to, Args... args) {
    auto out = begin<Reply>(to, std::move(args)...);
    run();
    if (!*out)
      return make_error(ec::timed_out, "no answer has come");
    return **out;
  }

  system_config settings;
  caf::actor_system system{settings};
  caf::scoped_actor self{system};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  driven_clock clock{scheduler};
  asker asking{system};
};

} // namespace acgs::test
