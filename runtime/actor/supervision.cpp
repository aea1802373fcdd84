// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/supervision.hpp"

#include <algorithm>
#include <utility>

namespace acgs::supervision {

state::state(strategy how, limits within, std::vector<child_rule> children,
             random_source random)
    : strategy_{how}, limits_{within}, random_{std::move(random)} {
  children_.reserve(children.size());
  for (auto& rule : children)
    children_.emplace_back().rule = std::move(rule);
}

void state::enter(child& c, phase to, steady_time now) {
  c.now = to;
  c.since = now;
}

void state::start_all(steady_time now) {
  for (auto& c : children_) {
    c.wanted = true;
    c.due = now;
    enter(c, phase::waiting, now);
  }
}

void state::died(std::size_t index, const ending& how, steady_time now) {
  auto& c = children_[index];
  if (!alive(c) && c.now != phase::hung)
    return;
  if (c.doomed || ending_ || c.now == phase::hung) {
    c.doomed = false;
    c.due = now;
    c.restarts += c.wanted;
    enter(c, c.wanted ? phase::waiting : phase::stopped, now);
    return;
  }
  c.last_error = how.normal ? "ended by itself" : how.reason;
  if (now - c.since >= limits_.restarts_window)
    c.failures = 0;
  enter(c, phase::stopped, now);
  if (c.rule.restart == restart_policy::permanent
      || (c.rule.restart == restart_policy::transient && !how.normal))
    restart_later(index, now);
  else
    c.wanted = false;
}

void state::start_failed(std::size_t index, std::string reason,
                         steady_time now) {
  auto& c = children_[index];
  // A first start that fails says that the node is set up wrongly: trying
  // again would only hide why.
  bool first = c.restarts == 0;
  c.last_error = reason;
  enter(c, phase::stopped, now);
  if (first)
    give_up("could not start '" + c.rule.name + "': " + reason);
  else if (!ending_)
    restart_later(index, now);
}

void state::restart_later(std::size_t index, steady_time now) {
  auto& c = children_[index];
  while (!restarts_.empty()
         && now - restarts_.front() > limits_.restarts_window)
    restarts_.pop_front();
  if (restarts_.size() >= limits_.restarts_max) {
    give_up("more than " + std::to_string(limits_.restarts_max)
            + " restarts within "
            + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                 limits_.restarts_window)
                                 .count())
            + " s; the last to end was '" + c.rule.name + "': " + c.last_error);
    return;
  }
  restarts_.push_back(now);
  c.due = now;
  if (c.failures > 0)
    c.due += limits_.restart_delay.delay(c.failures - 1, random_);
  ++c.failures;
  ++c.restarts;
  c.reason = c.last_error;
  enter(c, phase::waiting, now);
  if (strategy_ == strategy::rest_for_one)
    doom_after(index);
}

void state::doom_after(std::size_t index) {
  for (std::size_t i = index + 1; i < children_.size(); ++i) {
    auto& c = children_[i];
    if (!alive(c))
      continue;
    c.doomed = true;
    c.reason = "follows '" + children_[index].rule.name + "'";
    if (c.rule.restart == restart_policy::temporary)
      c.wanted = false;
  }
}

bool state::restart(std::size_t index, steady_time now) {
  if (ending_)
    return false;
  auto& c = children_[index];
  c.wanted = true;
  c.failures = 0;
  c.reason = "asked for";
  if (alive(c)) {
    c.doomed = true;
  } else if (c.now != phase::hung) {
    ++c.restarts;
    c.due = now;
    enter(c, phase::waiting, now);
  }
  if (strategy_ == strategy::rest_for_one)
    doom_after(index);
  return true;
}

void state::stop_all() {
  ending_ = true;
  for (auto& c : children_) {
    c.wanted = false;
    c.doomed = alive(c);
    if (c.now == phase::waiting)
      c.now = phase::stopped;
  }
}

void state::give_up(std::string reason) {
  if (failure_.empty())
    failure_ = std::move(reason);
  stop_all();
}

std::optional<action> state::next(steady_time now) {
  if (ended_)
    return std::nullopt;
  if (auto todo = next_stop(now))
    return todo;
  return ending_ ? next_end() : next_start(now);
}

std::optional<std::size_t> state::last_doomed() const {
  for (std::size_t i = children_.size(); i-- > 0;)
    if (children_[i].doomed && alive(children_[i]))
      return i;
  return std::nullopt;
}

std::optional<action> state::next_stop(steady_time now) {
  auto index = last_doomed();
  if (!index)
    return std::nullopt;
  auto& c = children_[*index];
  if (c.now != phase::running && now < c.due)
    return std::nullopt;
  if (c.now == phase::killed) {
    c.last_error = "did not end when it was told to, nor by force";
    c.doomed = false;
    enter(c, phase::hung, now);
    return action{action::kind::abandon, *index};
  }
  bool told = c.now == phase::told;
  c.due = now + c.rule.stop_timeout;
  enter(c, told ? phase::killed : phase::told, now);
  return action{told ? action::kind::kill : action::kind::stop, *index};
}

bool state::may_start(std::size_t index) const {
  if (strategy_ == strategy::one_for_one)
    return true;
  auto last = last_doomed();
  if (last && *last > index)
    return false;
  return std::none_of(children_.begin(),
                      children_.begin() + static_cast<std::ptrdiff_t>(index),
                      [](const child& c) { return c.now == phase::waiting; });
}

std::optional<action> state::next_start(steady_time now) {
  for (std::size_t i = 0; i < children_.size(); ++i) {
    auto& c = children_[i];
    if (c.now != phase::waiting || now < c.due || !may_start(i))
      continue;
    enter(c, phase::running, now);
    return action{action::kind::start, i};
  }
  return std::nullopt;
}

std::optional<action> state::next_end() {
  if (std::any_of(children_.begin(), children_.end(), alive))
    return std::nullopt;
  ended_ = true;
  return action{
      failure_.empty() ? action::kind::finished : action::kind::give_up, 0};
}

std::optional<steady_time> state::next_due() const {
  std::optional<steady_time> due;
  auto consider = [&due](steady_time t) {
    if (!due || t < *due)
      due = t;
  };
  if (auto index = last_doomed())
    consider(children_[*index].due);
  for (std::size_t i = 0; i < children_.size() && !ending_; ++i)
    if (children_[i].now == phase::waiting && may_start(i))
      consider(children_[i].due);
  return due;
}

std::optional<std::size_t> state::find(std::string_view name) const {
  for (std::size_t i = 0; i < children_.size(); ++i)
    if (children_[i].rule.name == name)
      return i;
  return std::nullopt;
}

actor_status state::status_of(std::size_t index) const {
  const auto& c = children_[index];
  actor_status status;
  status.restarts = c.restarts;
  status.since = c.since;
  status.last_error = c.last_error;
  switch (c.now) {
  case phase::stopped:
    status.state = actor_state::stopped;
    break;
  case phase::waiting:
    status.state = actor_state::restarting;
    break;
  case phase::running:
    status.state = actor_state::running;
    break;
  case phase::told:
  case phase::killed:
  case phase::hung:
    status.state = actor_state::stopping;
    break;
  }
  return status;
}

std::chrono::nanoseconds state::delay_of(std::size_t index) const {
  const auto& c = children_[index];
  return c.now == phase::waiting ? c.due - c.since
                                 : std::chrono::nanoseconds{0};
}

} // namespace acgs::supervision
