// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/state.hpp"

#include "runtime/actor/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace acgs::breaker {

namespace {

using std::chrono::nanoseconds;

std::string percent(double share) {
  return std::to_string(std::lround(share * 100)) + "%";
}

std::string of_calls(const char* what, double share, double threshold,
                     std::size_t calls) {
  return std::string{what} + " of " + percent(share) + " over "
         + std::to_string(calls) + " calls reached " + percent(threshold);
}

} // namespace

state::state(const config& cfg, random_source random, steady_time now)
    : cfg_{cfg}, random_{std::move(random)}, window_{cfg.sliding_window_type,
                                                     cfg.sliding_window_size},
      trial_{window_type::count,
             cfg.permitted_number_of_calls_in_half_open_state},
      since_{now} {
  auto& permitted = cfg_.permitted_number_of_calls_in_half_open_state;
  permitted = std::max<std::size_t>(permitted, 1);
  auto& minimum = cfg_.minimum_number_of_calls;
  minimum = std::max<std::size_t>(minimum, 1);
  // A count window never holds more calls than its size.
  if (cfg_.sliding_window_type == window_type::count)
    minimum =
        std::min(minimum, std::max<std::size_t>(cfg_.sliding_window_size, 1));
}

void state::enter(mode to, std::string reason, steady_time now) {
  // The first cause of several in one call, for example open, is the one kept.
  change_ = change{mode_, to, std::move(reason), {}};
  mode_ = to;
  forced_ = false;
  since_ = now;
  ++generation_;
}

void state::open(std::string reason, steady_time now) {
  enter(mode::open, std::move(reason), now);
  ++opened_;
  backoff wait{cfg_.wait_duration_in_open_state,
               cfg_.wait_duration_in_open_state_max, 2.0, cfg_.wait_jitter};
  change_->wait = wait.delay(reopened_, random_);
  open_until_ = now + change_->wait;
  change_->wait = remaining(now);
}

nanoseconds state::remaining(steady_time now) const {
  auto until = held_until_;
  if (mode_ == mode::open)
    until = std::max(until, open_until_);
  return std::max(until - now, nanoseconds{0});
}

std::optional<permit> state::acquire(steady_time now, refusal& why) {
  change_.reset();
  auto wait = remaining(now);
  if (forced_ || wait > nanoseconds{0}) {
    ++refused_;
    why = {mode_ != mode::open, wait};
    return std::nullopt;
  }
  if (mode_ == mode::open) {
    enter(mode::half_open, "the wait is over", now);
    trial_.clear();
    permits_ = cfg_.permitted_number_of_calls_in_half_open_state;
  }
  if (mode_ == mode::half_open) {
    if (permits_ == 0) {
      ++refused_;
      why = {};
      return std::nullopt;
    }
    --permits_;
  }
  return permit{generation_};
}

void state::hold(nanoseconds time, steady_time now) {
  auto most =
      std::clamp(time, nanoseconds{0}, cfg_.wait_duration_in_open_state_max);
  held_until_ = std::max(held_until_, now + most);
}

void state::record(permit of, outcome how, nanoseconds took, steady_time now,
                   std::optional<nanoseconds> retry_after) {
  change_.reset();
  // What the far side asks for holds whatever became of the breaker.
  if (retry_after && (how == outcome::failed || how == outcome::throttled))
    hold(*retry_after, now);
  if (of.generation != generation_)
    return;
  if (how == outcome::throttled || how == outcome::ignored) {
    permits_ += mode_ == mode::half_open;
    return;
  }
  bool slow = took > cfg_.slow_call_duration_threshold;
  current().record(how == outcome::failed, slow, now);
  judge(now);
}

std::optional<std::string> state::verdict(const totals& counted) const {
  if (counted.failure_rate() >= cfg_.failure_rate_threshold)
    return of_calls("a failure rate", counted.failure_rate(),
                    cfg_.failure_rate_threshold, counted.calls);
  if (counted.slow_call_rate() >= cfg_.slow_call_rate_threshold)
    return of_calls("a slow call rate", counted.slow_call_rate(),
                    cfg_.slow_call_rate_threshold, counted.calls);
  return std::nullopt;
}

void state::judge(steady_time now) {
  auto counted = current().at(now);
  bool trying = mode_ == mode::half_open;
  if (counted.calls < (trying
                           ? cfg_.permitted_number_of_calls_in_half_open_state
                           : cfg_.minimum_number_of_calls))
    return;
  if (auto broken = verdict(counted)) {
    reopened_ += trying;
    open(std::move(*broken), now);
  } else if (trying) {
    reopened_ = 0;
    window_.clear();
    enter(mode::closed, "the trial calls went well", now);
  }
}

void state::trip(const std::string& why, steady_time now) {
  change_.reset();
  open("tripped by hand: " + why, now);
}

void state::force_open(const std::string& why, steady_time now) {
  change_.reset();
  enter(mode::open, "forced open by hand: " + why, now);
  ++opened_;
  forced_ = true;
  open_until_ = now;
}

void state::reset(const std::string& why, steady_time now) {
  change_.reset();
  reopened_ = 0;
  held_until_ = now;
  window_.clear();
  enter(mode::closed, "reset by hand: " + why, now);
}

std::optional<change> state::take_change() {
  return std::exchange(change_, std::nullopt);
}

figures state::at(steady_time now) {
  figures out;
  out.now = mode_;
  out.forced = forced_;
  out.counted = current().at(now);
  out.refused = refused_;
  out.opened = opened_;
  out.retry_after = remaining(now);
  out.in_state = now - since_;
  return out;
}

} // namespace acgs::breaker
