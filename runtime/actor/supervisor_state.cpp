// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/supervisor_state.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <exception>
#include <utility>

namespace acgs {

namespace {

bool is_normal(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

} // namespace

supervisor_state::supervisor_state(pointer self) : self_{self} {
  // `begin` does the rest.
}

supervisor_state::~supervisor_state() {
  for (const auto& [address, child] : running_)
    if (auto handle = caf::actor_cast<caf::actor>(handles_[child]))
      caf::anon_send_exit(handle, caf::exit_reason::kill);
}

void supervisor_state::begin(supervisor_config config) {
  config_ = std::move(config);
  std::vector<supervision::child_rule> rules;
  for (const auto& child : config_.children)
    rules.push_back(child.rule);
  handles_.resize(rules.size());
  rules_.emplace(config_.how, config_.within, std::move(rules), config_.random);
  if (config_.parent.empty())
    config_.actors->put(config_.name, caf::strong_actor_ptr{self_->ctrl()},
                        {.state = actor_state::running, .since = now()});
  rules_->start_all(now());
}

void supervisor_state::child_ended(const caf::actor_addr& who,
                                   const caf::error& reason) {
  auto found = running_.find(who);
  if (found == running_.end())
    return;
  auto child = found->second;
  running_.erase(found);
  handles_[child] = nullptr;
  bool asked = rules_->status_of(child).state == actor_state::stopping;
  rules_->died(child, {is_normal(reason), sentence_of(reason)}, now());
  if (!asked)
    tell(supervisor_event::kind::ended, child, sentence_of(reason));
  note(child);
}

result<void> supervisor_state::restart(const std::string& child) {
  auto index = rules_->find(child);
  if (!index)
    return make_error(ec::not_found, "'" + config_.name
                                         + "' supervises no actor '" + child
                                         + "'");
  if (!rules_->restart(*index, now()))
    return make_error(ec::unavailable, "all actors are stopping");
  note(*index);
  return {};
}

void supervisor_state::stop(promise<void> asker) {
  stop_askers_.push_back(std::move(asker));
  rules_->stop_all();
}

void supervisor_state::end_with(caf::error reason) {
  if (!end_reason_)
    end_reason_ = std::move(reason);
  rules_->stop_all();
}

void supervisor_state::ticked() {
  timer_.reset();
  work();
}

std::vector<actor_row> supervisor_state::rows() const {
  return config_.actors->rows();
}

void supervisor_state::work() {
  while (auto todo = rules_->next(now()))
    perform(*todo);
  set_timer();
}

void supervisor_state::perform(const supervision::action& todo) {
  using kind = supervision::action::kind;
  switch (todo.what) {
  case kind::start:
    return start(todo.child);
  case kind::stop:
    send_exit(todo.child, caf::exit_reason::user_shutdown);
    return note(todo.child);
  case kind::kill:
    tell(supervisor_event::kind::killed, todo.child, "missed its deadline");
    return send_exit(todo.child, caf::exit_reason::kill);
  case kind::abandon:
    tell(supervisor_event::kind::abandoned, todo.child,
         rules_->status_of(todo.child).last_error);
    handles_[todo.child] = nullptr; // still watched for its end
    return note(todo.child);
  case kind::give_up:
    return finish(
        make_error(ec::internal, "supervisor '" + config_.name
                                     + "' gave up: " + rules_->failure()));
  case kind::finished:
    return finish(std::move(end_reason_));
  }
}

void supervisor_state::start(std::size_t child) {
  result<caf::strong_actor_ptr> made{caf::strong_actor_ptr{}};
  try {
    made = config_.children[child].start();
  } catch (const std::exception& error) {
    made = make_error(ec::internal, error.what());
  }
  if (!made || !*made)
    return start_failed(child, made ? make_error(ec::internal, "no handle")
                                    : made.error());
  handles_[child] = std::move(*made);
  running_.emplace(handles_[child]->address(), child);
  self_->monitor(caf::actor_cast<caf::actor>(handles_[child]));
  note(child);
  if (rules_->status_of(child).restarts > 0)
    tell(supervisor_event::kind::restarted, child, rules_->reason_of(child));
}

void supervisor_state::start_failed(std::size_t child, const caf::error& why) {
  rules_->start_failed(child, sentence_of(why), now());
  tell(supervisor_event::kind::ended, child,
       "could not be started: " + sentence_of(why));
  note(child);
}

void supervisor_state::finish(caf::error reason) {
  if (!rules_->failure().empty())
    tell(supervisor_event::kind::gave_up, handles_.size(), rules_->failure());
  for (auto& asker : stop_askers_)
    asker.deliver();
  stop_askers_.clear();
  if (config_.parent.empty())
    config_.actors->put_absent(config_.name, {.state = actor_state::stopped,
                                              .since = now(),
                                              .last_error = rules_->failure()});
  self_->quit(std::move(reason));
}

void supervisor_state::send_exit(std::size_t child, caf::exit_reason reason) {
  self_->send_exit(caf::actor_cast<caf::actor>(handles_[child]), reason);
}

void supervisor_state::note(std::size_t child) {
  auto status = rules_->status_of(child);
  const auto& name = rules_->rule_of(child).name;
  status.parent = config_.name;
  if (!handles_[child])
    config_.actors->put_absent(name, std::move(status));
  else if (status.state == actor_state::running)
    config_.actors->put(name, handles_[child], std::move(status));
  else
    config_.actors->put_status(name, std::move(status));
}

void supervisor_state::tell(supervisor_event::kind what, std::size_t child,
                            std::string reason) {
  if (!config_.listener)
    return;
  supervisor_event event{what, config_.name, {}, std::move(reason)};
  if (child < handles_.size()) {
    event.child = rules_->rule_of(child).name;
    event.restarts = rules_->status_of(child).restarts;
    event.delay = rules_->delay_of(child);
  }
  config_.listener(event);
}

void supervisor_state::set_timer() {
  auto due = rules_->next_due();
  if (!due || (timer_ && *timer_ <= *due))
    return;
  timer_ = due;
  auto wait = std::max(*due - now(), std::chrono::nanoseconds{0});
  self_->delayed_send(self_, wait, supervision::tick{});
}

} // namespace acgs
