// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/shell.hpp"

#include "actors/control/bundle_shelf.hpp"
#include "actors/control/command_body.hpp"
#include "actors/control/content.hpp"
#include "actors/control/log.hpp"
#include "actors/control/told.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::control {

namespace {

/// What may be done in the room that is kept free: everything that closes
/// something, and what makes room.
bool may_use_reserve(domain::command_kind kind) {
  switch (kind) {
  case domain::command_kind::delete_policy:
  case domain::command_kind::delete_data:
  case domain::command_kind::set_strict_mode:
  case domain::command_kind::set_lockdown:
  case domain::command_kind::revoke_user:
  case domain::command_kind::revoke_token:
  case domain::command_kind::key_event:
    return true;
  default:
    return false;
  }
}

} // namespace

shell::shell(self_actor::pointer self, config cfg)
    : self_{self}, cfg_{std::move(cfg)}, journal_{cfg_.store,
                                                  cfg_.ledger_store},
      core_{cfg_.aliases}, counts_{*cfg_.registry}, keys_{self, cfg_, [this] {
                                                            return core_.head();
                                                          }} {
  // Nothing is read before `start`.
}

shell::~shell() {
  *gone_ = true;
  if (preparer_)
    caf::anon_send_exit(preparer_, caf::exit_reason::user_shutdown);
}

caf::error shell::start() {
  bundle_shelf shelf{cfg_.bundle_keys, [this](std::string_view digest) {
                       return journal_.archive(digest);
                     }};
  auto found = journal_.recover(
      [&](std::string_view digest) { return shelf.open(digest); });
  if (!found)
    return found.error();
  if (auto wrong = hold_to_log())
    return wrong;
  if (auto wrong = core_.resume(found->state))
    return wrong;
  recorded_ = noted_ = found->recorded;
  for (const auto& item : found->unrecorded) {
    bool newest = item.revision == found->state->revision;
    missing_.push_back(
        make_record(item, newest ? core_.head_compiled().get() : nullptr,
                    cfg_.node, cfg_.seal));
  }
  logger.info("control state was taken up",
              {{"event", "control_started"},
               {"revision", found->state->revision},
               {"to_record", found->unrecorded.size()}});
  if (missing_.empty())
    publish();
  next();
  keys_.learn();
  return {};
}

/// No decision by a history that is not the one that the log tells of.
caf::error shell::hold_to_log() const {
  if (!cfg_.ledger_store)
    return {};
  auto told = hear_newest(*cfg_.ledger_store, cfg_.origin);
  return told ? journal_.hold_to(*told) : told.error();
}

caf::result<applied> shell::accept(const wire::command& what) {
  waiting asker{what, promise<applied>{self_}, cfg_.time->steady_now()};
  auto answer = asker.answer;
  if (!what) {
    answer.fail(make_error(ec::invalid_argument, "an empty command"));
    return answer;
  }
  auto no_archive = take_archive(asker);
  auto& line = changes_content(what->kind) ? to_prepare_ : queue_;
  if (auto unable = check_able())
    refuse(asker, unable);
  else if (line.size() >= cfg_.queue_max)
    refuse(asker, make_error(ec::overloaded, "too many changes are waiting"));
  else if (no_archive)
    refuse(asker, no_archive);
  else
    line.push_back(std::move(asker));
  next();
  return answer;
}

/// Whether commands are carried out now.
caf::error shell::check_able() const {
  if (ended_ || (cfg_.ending && *cfg_.ending))
    return make_error(ec::unavailable, "the node is ending");
  if (ledger_problem_)
    return make_error(ec::unavailable,
                      "an earlier change waits for its ledger entry: "
                          + sentence_of(ledger_problem_));
  return {};
}

caf::error shell::take_archive(waiting& asker) {
  if (asker.command->kind != domain::command_kind::put_bundle)
    return {};
  command_body body{asker.command->body, {"digest"}};
  auto digest = body.text("digest", 64);
  if (body.wrong())
    return body.wrong();
  if (cfg_.desk)
    asker.archive = cfg_.desk->take(digest);
  return asker.archive
             ? caf::error{}
             : make_error(ec::not_found, "there is no archive " + shown(digest)
                                             + "; send it again");
}

void shell::next() {
  while (!recording_ && !ended_) {
    if (!missing_.empty()) {
      auto what = std::move(missing_.front());
      missing_.pop_front();
      begin_record(std::move(what), std::nullopt);
    } else if (!queue_.empty()) {
      auto asker = std::move(queue_.front());
      queue_.pop_front();
      carry_out(std::move(asker));
    } else {
      break;
    }
  }
  prepare_next();
  counts_.show_waiting(queue_.size() + to_prepare_.size());
}

void shell::prepare_next() {
  while (!preparing_ && !to_prepare_.empty() && !ended_) {
    auto asker = std::move(to_prepare_.front());
    to_prepare_.pop_front();
    if (auto full = check_room(asker.command->kind))
      refuse(asker, full);
    else
      prepare(std::move(asker));
  }
}

/// One at a time, up to its commit, so that each is prepared upon what the one
/// before it led to.
void shell::prepare(waiting asker) {
  if (!preparer_)
    preparer_ = cfg_.make_preparer(
        self_->system(),
        {cfg_.aliases, cfg_.bundle_keys, cfg_.store, cfg_.ledger_store, gone_});
  preparing_ = true;
  self_
      ->request(preparer_, caf::infinite,
                prepare_command{core_.basis(), asker.command, asker.archive,
                                cfg_.time->now()})
      .then([this,
             asker](const preparation& what) { take_prepared(asker, what); },
            [this, asker](const caf::error& why) {
              preparer_failed(asker, why);
            });
}

void shell::take_prepared(waiting asker, const preparation& what) {
  auto refusal = check_able();
  if (!what.done && !refusal)
    refusal = what.refusal;
  if (refusal) {
    preparing_ = false;
    refuse(asker, refusal);
  } else {
    asker.made = what.done;
    queue_.push_back(std::move(asker));
  }
  next();
}

void shell::preparer_failed(const waiting& asker, const caf::error& why) {
  preparer_ = nullptr;
  preparing_ = false;
  logger.error("a change could not be prepared",
               {{"event", "control_preparer_failed"},
                {"kind", to_string_view(asker.command->kind)},
                {"reason", sentence_of(why)}});
  refuse(asker, make_error(ec::internal, "the change could not be prepared, "
                                         "and nothing has changed: "
                                             + sentence_of(why)));
  next();
}

caf::error shell::check_room(domain::command_kind kind) const {
  if (may_use_reserve(kind))
    return {};
  auto room = journal_.room(cfg_.reserve_bytes);
  if (!room)
    return room.error();
  if (room->left() >= cfg_.reserve_bytes)
    return {};
  return make_error(ec::store_full,
                    "state/ has " + std::to_string(room->left())
                        + " bytes left, which are kept for modes and "
                          "revocations");
}

result<staged> shell::stage(const waiting& asker) const {
  auto now = cfg_.time->now();
  return asker.made ? core_.stage(*asker.made, now)
                    : core_.stage(asker.command, now);
}

void shell::carry_out(waiting asker) {
  if (asker.made)
    preparing_ = false;
  if (auto unable = check_able())
    return refuse(asker, unable);
  if (auto full = check_room(asker.command->kind))
    return refuse(asker, full);
  if (asker.made && !core_.holds(*asker.made)) {
    asker.made.reset();
    return to_prepare_.push_front(std::move(asker));
  }
  auto staged = stage(asker);
  if (!staged)
    return refuse(asker, staged.error());
  if (auto wrong = journal_.append(staged->command, *staged->state, recorded_,
                                   asker.archive.get())) {
    refuse(asker, wrong);
    if (code_of(wrong) != ec::store_full)
      give_up(wrong);
    return;
  }
  noted_ = recorded_;
  core_.commit(*staged);
  if (asker.command->kind == domain::command_kind::activate_bundle)
    core_.note_activation(asker.command->name, {}, cfg_.time->now());
  auto made =
      make_record({staged->state->revision, staged->command, asker.archive},
                  staged->compiled.get(), cfg_.node, cfg_.seal);
  begin_record(std::move(made), std::move(asker));
}

void shell::refuse(const waiting& asker, const caf::error& why) {
  counts_.refused(asker.command->kind, code_of(why));
  if (asker.command->kind == domain::command_kind::activate_bundle) {
    core_.note_activation(asker.command->name, why, cfg_.time->now());
    if (core_.present().state)
      tell();
  }
  asker.answer.fail(why);
}

/// Of those that wait. The one that is with the preparer learns it later.
void shell::refuse_all(const caf::error& why) {
  for (const auto& asker : std::exchange(queue_, {})) {
    if (asker.made)
      preparing_ = false;
    refuse(asker, why);
  }
  for (const auto& asker : std::exchange(to_prepare_, {}))
    refuse(asker, why);
}

void shell::give_up(const caf::error& why) {
  ended_ = true;
  logger.error("control state cannot be written",
               {{"event", "control_failed"}, {"reason", sentence_of(why)}});
  refuse_all(check_able());
  if (cfg_.fatal)
    cfg_.fatal(why);
  self_->quit(why);
}

void shell::begin_record(record what, std::optional<waiting> asker) {
  recording_.emplace(recording{std::move(what), 0, std::move(asker)});
  send_record();
}

void shell::send_record() {
  auto& blobs = recording_->what.blobs;
  recording_->blobs_left = blobs.size();
  if (blobs.empty())
    return send_entry();
  // A second failure of the same round is no news.
  auto round = std::make_shared<bool>(true);
  for (const auto& blob : blobs)
    self_->request(cfg_.ledger.get(), caf::infinite, blob)
        .then(
            [this, round] {
              if (*round && --recording_->blobs_left == 0)
                send_entry();
            },
            [this, round](const caf::error& why) {
              if (std::exchange(*round, false))
                not_recorded(why);
            });
}

void shell::send_entry() {
  self_->request(cfg_.ledger.get(), caf::infinite, recording_->what.entry)
      .then([this](const ledger::appended& done) { recorded(done.index); },
            [this](const caf::error& why) { not_recorded(why); });
}

void shell::recorded(std::uint64_t index) {
  auto done = std::exchange(recording_, std::nullopt);
  recorded_ = done->what.revision;
  ledger_problem_ = {};
  if (recorded_ == core_.head()->revision)
    publish();
  if (done->asker) {
    counts_.done(done->asker->command->kind,
                 cfg_.time->steady_now() - done->asker->since);
    done->asker->answer.deliver({recorded_, index});
  }
  next();
  if (!std::exchange(note_sent_, true))
    self_->delayed_send(self_, cfg_.idle, note{});
}

void shell::not_recorded(const caf::error& why) {
  auto first = !ledger_problem_;
  ledger_problem_ = why;
  auto revision = recording_->what.revision;
  if (first)
    logger.error("a change waits for its ledger entry",
                 {{"event", "control_unrecorded"},
                  {"revision", revision},
                  {"reason", sentence_of(why)}});
  if (auto asker = std::exchange(recording_->asker, std::nullopt))
    refuse(*asker,
           make_error(ec::unavailable,
                      "the change is kept as revision "
                          + std::to_string(revision)
                          + " and takes effect once its ledger entry can be "
                            "written: "
                          + sentence_of(why)));
  refuse_all(check_able());
  self_->delayed_send(self_, cfg_.retry, retry{});
}

void shell::try_ledger_again() {
  if (recording_ && ledger_problem_ && !ended_)
    send_record();
}

void shell::note_recorded() {
  note_sent_ = false;
  if (ended_ || noted_ == recorded_)
    return;
  auto wrong = journal_.note_recorded(recorded_);
  if (!wrong)
    noted_ = recorded_;
  else if (code_of(wrong) != ec::store_full)
    give_up(wrong);
}

void shell::publish() {
  core_.publish();
  counts_.show_revision(core_.head()->revision);
  if (cfg_.on_publish)
    cfg_.on_publish(core_.present());
  tell();
  for (const auto& each : std::exchange(awaiting_present_, {}))
    each.deliver(core_.present());
}

void shell::tell() {
  // Urgent, since a full mailbox must not lose it.
  for (const auto& known : cfg_.listeners)
    caf::anon_send<caf::message_priority::high>(known.get(), core_.present());
  for (const auto& each : subscribers_)
    caf::anon_send<caf::message_priority::high>(each, core_.present());
}

caf::result<published> shell::show() {
  if (core_.present().state)
    return core_.present();
  if (awaiting_present_.size() >= cfg_.queue_max)
    return make_error(ec::overloaded,
                      "too many wait for control state to be taken up");
  return awaiting_present_.emplace_back(self_);
}

void shell::subscribe(const control_listener& who) {
  if (!who)
    return;
  if (subscribers_.insert(who).second)
    self_->monitor(who);
  if (core_.present().state)
    caf::anon_send<caf::message_priority::high>(who, core_.present());
}

void shell::forget(const caf::actor_addr& who) {
  std::erase_if(subscribers_,
                [&](const auto& each) { return each.address() == who; });
}

result<history> shell::list(const get_history& which) const {
  return journal_.list(which);
}

probe_result shell::check() const {
  probe_result found;
  auto room = journal_.room(cfg_.reserve_bytes);
  auto left = room ? room->left() : 0;
  const auto& head = *core_.head();
  found.facts = "{\"revision\":" + std::to_string(head.revision)
                + ",\"recorded_revision\":" + std::to_string(recorded_)
                + ",\"policies\":" + std::to_string(head.policies.size())
                + ",\"data_bytes\":" + std::to_string(head.data->size())
                + ",\"users\":" + std::to_string(head.users.size())
                + ",\"tokens\":" + std::to_string(head.tokens.size())
                + ",\"preparing\":"
                + std::to_string(to_prepare_.size() + (preparing_ ? 1 : 0))
                + ",\"free_bytes\":" + std::to_string(left) + "}";
  if (!room) {
    found.status = health_status::unhealthy;
    found.reason = sentence_of(room.error());
  } else if (ledger_problem_) {
    found.status = health_status::degraded;
    found.reason =
        "a change waits for its ledger entry: " + sentence_of(ledger_problem_);
  } else if (left < cfg_.reserve_bytes) {
    found.status = health_status::degraded;
    found.reason = "state/ is nearly full";
  }
  return found;
}

} // namespace acgs::control
