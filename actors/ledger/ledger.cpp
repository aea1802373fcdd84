// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger.hpp"

#include "actors/ledger/metrics.hpp"
#include "actors/ledger/queue.hpp"
#include "actors/ledger/throng.hpp"
#include "actors/ledger/writing.hpp"
#include "runtime/base/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <utility>

namespace acgs::ledger {

namespace {

const log::logger out{"ledger"};

/// From this age of the last checkpoint on, unsigned entries are a fault.
constexpr std::chrono::seconds signature_age_max{10};

/// Archived entries that are erased in one transaction: others wait for it.
constexpr std::uint64_t sweep_piece = 256;

constexpr std::uint64_t publish_piece = std::uint64_t{1} << 19;
constexpr std::chrono::milliseconds publish_piece_pause{100};

/// What the handlers share: the core, the queue, and the way to SIGNER.
class shell {
public:
  shell(self_actor::pointer self, config cfg, state core)
      : self_{self}, cfg_{std::move(cfg)}, core_{std::move(core)},
        counts_{*cfg_.registry}, asked_at_{cfg_.time->steady_now()
                                           - cfg_.signature_pause},
        signed_at_{cfg_.time->steady_now()} {
    published_at_ = signed_at_;
    // A start makes again the signature that the stop before may have lost,
    // and goes on erasing what was archived.
    sign();
    self_->send(self_, ledger::sweep_on{});
  }

  /// Queues a request; the promise is kept after the next commit.
  template <class Answer, class Request>
  promise<Answer> add(Request& what) {
    promise<Answer> later{self_};
    if constexpr (std::is_same_v<
                      Answer,
                      released> || std::is_same_v<Answer, released_many>)
      queue_.add(std::move(what), later, cfg_.time->steady_now());
    else
      queue_.add(std::move(what), later);
    counts_.queued(queue_.entries());
    if (queue_.entries() >= batch_max)
      write();
    else if (!std::exchange(flush_sent_, true))
      self_->send(self_, flush{});
    return later;
  }

  void flushed() {
    flush_sent_ = false;
    write();
  }

  /// Others are to see what is durable by now.
  caf::error publish();

  void publish_due() {
    publishing_ = false;
    publish();
  }

  /// A transaction of its own, so that its failure is nobody else's.
  caf::result<shredded> shred(const ledger::shred& what);

  /// Likewise. What was archived is erased behind it.
  caf::result<archived> archive(const ledger::archive& what);

  /// Erases a piece of what was archived, as long as there is more.
  void sweep();

  void settle() {
    write();
    settling_.emplace_back(self_);
    sign();
  }

  void pause_over() {
    pausing_ = false;
    sign();
  }

  /// Ends once what is queued is durable, and its head signed and stored.
  void stop(const caf::error& reason) {
    if (stopping_ || reason == caf::exit_reason::kill) {
      self_->quit(reason);
      return;
    }
    stopping_ = reason;
    write();
    sign();
  }

  result<probe_result> check() const;

  ledger::head show_head() const { return {core_.head_text()}; }

private:
  /// What follows a transaction that the core wrote of its own, or could not.
  template <class Done>
  caf::result<Done> wrote_alone(const result<Done>& done, steady_time start);

  void write();
  void show_growth();
  bool is_busy(steady_time now) const;
  void sign();
  bool must_pause();
  void signed_by(const std::string& text, const signer::signature& by);
  void remember();
  void settled();
  void unsettled(const caf::error& why);
  void fail(const caf::error& why);

  self_actor::pointer self_;
  config cfg_;
  state core_;
  metrics counts_;
  queue queue_;
  throng throng_;
  bool flush_sent_ = false;
  bool signing_ = false;
  bool publishing_ = false;  ///< a message that publishes is under way
  bool unpublished_ = false; ///< for want of room, which was said
  bool pausing_ = false;     ///< a message that ends the pause is under way
  steady_time published_at_; ///< or the start
  steady_time asked_at_;     ///< for the newest signature
  steady_time signed_at_;    ///< when the newest signature came, or the start
  std::vector<promise<caf::unit_t>> settling_;
  caf::error stopping_; ///< why, once it was told to
  caf::error last_refusal_;
  caf::error not_remembered_; ///< why the last signed head is not
};

void shell::write() {
  if (queue_.empty())
    return;
  auto start = cfg_.time->steady_now();
  auto done = core_.write(queue_.waiting());
  auto end = cfg_.time->steady_now();
  if (!done)
    return fail(done.error());
  std::size_t refused = 0;
  last_refusal_ = {};
  for (const auto& each : done->entries)
    if (!each) {
      ++refused;
      if (code_of(each.error()) == ec::store_full)
        last_refusal_ = each.error();
    }
  counts_.committed(done->entries.size() - refused, refused, core_.head().size,
                    end - start);
  if (throng_.committed(done->entries.size()) && cfg_.thronged)
    cfg_.thronged(static_cast<bool>(throng_));
  queue_.answer(*done, end);
  if (core_.published())
    show_growth();
  else if (is_busy(end))
    publish();
  else if (!std::exchange(publishing_, true))
    self_->delayed_send(self_, cfg_.publish_pause, ledger::publish_due{});
  sign();
}

/// Publishing takes the longer the more there is, and whoever asks meanwhile
/// waits for it: much in a short time is published in small pieces. What comes
/// slowly is not, since each piece costs two syncs besides.
bool shell::is_busy(steady_time now) const {
  return core_.unpublished_bytes() >= publish_piece
         && now - published_at_ < publish_piece_pause;
}

void shell::show_growth() {
  if (cfg_.grown)
    cfg_.grown(core_.head().size);
}

caf::error shell::publish() {
  if (core_.published())
    return {};
  auto start = cfg_.time->steady_now();
  auto bad = core_.publish();
  published_at_ = cfg_.time->steady_now();
  counts_.published(published_at_ - start);
  if (!bad) {
    if (std::exchange(unpublished_, false))
      out.info("the log's newest entries can be read",
               {{"event", "publish_mended"}});
    show_growth();
    return bad;
  }
  if (code_of(bad) != ec::store_full) {
    fail(bad);
    return bad;
  }
  if (!std::exchange(unpublished_, true))
    out.warning("the log's newest entries cannot be read yet",
                {{"event", "publish_failed"}, {"reason", sentence_of(bad)}});
  if (!std::exchange(publishing_, true))
    self_->delayed_send(self_, cfg_.publish_pause, ledger::publish_due{});
  return bad;
}

template <class Done>
caf::result<Done> shell::wrote_alone(const result<Done>& done,
                                     steady_time start) {
  if (!done) {
    auto code = code_of(done.error());
    if (code == ec::store_io || code == ec::store_corrupt)
      fail(done.error());
    return done.error();
  }
  counts_.committed(1, 0, core_.head().size, cfg_.time->steady_now() - start);
  counts_.queued(queue_.entries());
  // Where the store is full, others see it once there is room.
  if (core_.published())
    show_growth();
  else
    publish();
  sign();
  return *done;
}

caf::result<shredded> shell::shred(const ledger::shred& what) {
  auto start = cfg_.time->steady_now();
  return wrote_alone(core_.shred(what), start);
}

caf::result<archived> shell::archive(const ledger::archive& what) {
  auto start = cfg_.time->steady_now();
  auto done = core_.archive(what);
  auto answer = wrote_alone(done, start);
  if (done)
    self_->send(self_, ledger::sweep_on{});
  return answer;
}

void shell::sweep() {
  auto more = core_.sweep(sweep_piece);
  if (more && !*more)
    return;
  if (more)
    return self_->send(self_, ledger::sweep_on{});
  auto code = code_of(more.error());
  if (code != ec::store_full && code != ec::unavailable)
    return fail(more.error());
  out.warning(
      "archived entries cannot be erased yet",
      {{"event", "sweep_failed"}, {"reason", sentence_of(more.error())}});
  self_->delayed_send(self_, cfg_.publish_pause, ledger::sweep_on{});
}

/// Whether the next signature is too near the last one. Nobody waits for it
/// but who asked for the log to be settled, and that is not put off.
bool shell::must_pause() {
  if (!settling_.empty() || stopping_)
    return false;
  auto left = cfg_.signature_pause - (cfg_.time->steady_now() - asked_at_);
  if (left <= left.zero())
    return false;
  if (!std::exchange(pausing_, true))
    self_->delayed_send(self_, left, ledger::pause_over{});
  return true;
}

void shell::sign() {
  if (signing_)
    return;
  auto text = core_.unsigned_checkpoint();
  if (!text)
    return settled();
  if (must_pause())
    return;
  signing_ = true;
  asked_at_ = cfg_.time->steady_now();
  auto view = as_byte_view(*text);
  self_
      ->request(
          cfg_.signer.get(), caf::infinite,
          signer::sign{signer::purpose::checkpoint, {view.begin(), view.end()}})
      .then(
          [this, text = std::move(*text)](const signer::signature& by) {
            signing_ = false;
            signed_by(text, by);
          },
          [this](const caf::error& why) {
            signing_ = false;
            counts_.signature_failed();
            out.warning(
                "a checkpoint could not be signed",
                {{"event", "signature_failed"}, {"reason", sentence_of(why)}});
            unsettled(why);
          });
}

void shell::signed_by(const std::string& text, const signer::signature& by) {
  if (core_.sign(text, by.value)) {
    signed_at_ = cfg_.time->steady_now();
    remember();
    return sign();
  }
  counts_.signature_failed();
  out.error("SIGNER's signature verifies under no key of this log",
            {{"event", "signature_failed"}, {"origin", core_.origin()}});
  unsettled(make_error(ec::internal, "the head could not be signed"));
}

void shell::remember() {
  if (!cfg_.remember)
    return;
  auto bad = cfg_.remember(core_.signed_head());
  if (bad && !not_remembered_)
    out.warning("how long the log is cannot be remembered beside the keys",
                {{"event", "log_mark_failed"}, {"reason", sentence_of(bad)}});
  not_remembered_ = std::move(bad);
}

void shell::settled() {
  if (settling_.empty() && !stopping_)
    return;
  if (auto bad = core_.store_checkpoint()) {
    if (!may_go_on(bad))
      return fail(bad);
    out.warning(
        "the log's signed head cannot be stored",
        {{"event", "checkpoint_not_stored"}, {"reason", sentence_of(bad)}});
    return unsettled(bad);
  }
  for (auto& each : std::exchange(settling_, {}))
    each.deliver(caf::unit);
  if (stopping_)
    self_->quit(stopping_);
}

/// The next start has the head signed that could not be signed now.
void shell::unsettled(const caf::error& why) {
  for (auto& each : std::exchange(settling_, {}))
    each.fail(why);
  if (stopping_)
    self_->quit(stopping_);
}

void shell::fail(const caf::error& why) {
  out.error("the log cannot be written",
            {{"event", "ledger_failed"}, {"reason", sentence_of(why)}});
  // First the end: nobody may go on as if the answer were only an error.
  cfg_.fatal(why);
  queue_.fail(why);
  for (auto& each : std::exchange(settling_, {}))
    each.fail(why);
  self_->quit(why);
}

result<probe_result> shell::check() const {
  auto room = cfg_.ledger->measure(4 * cfg_.reserve_bytes);
  if (!room)
    return room.error();
  auto left = room_of(*room, cfg_.reserve_bytes);
  auto age = std::chrono::duration_cast<std::chrono::seconds>(
      cfg_.time->steady_now() - signed_at_);
  bool behind = core_.signed_size() < core_.head().size;
  probe_result out;
  out.facts = "{\"size\":" + std::to_string(core_.head().size)
              + ",\"signed_size\":" + std::to_string(core_.signed_size())
              + ",\"checkpoint_age_seconds\":" + std::to_string(age.count())
              + ",\"free_bytes\":" + std::to_string(left)
              + ",\"map_used\":" + std::to_string(room->used_bytes)
              + ",\"queue\":" + std::to_string(queue_.entries()) + "}";
  if (left <= cfg_.reserve_bytes) {
    out.status = health_status::unhealthy;
    out.reason = "the store is full: " + std::to_string(left)
                 + " bytes are left and decisions are refused";
    if (room->left() > left)
      out.reason += ", the rest being scattered; acgs store compact joins it";
  } else if (last_refusal_) {
    out.status = health_status::unhealthy;
    out.reason = sentence_of(last_refusal_);
  } else if (behind && age > signature_age_max) {
    out.status = health_status::degraded;
    out.reason = "the newest entries are without a signed checkpoint for "
                 + std::to_string(age.count()) + " s";
  } else if (not_remembered_) {
    out.status = health_status::degraded;
    out.reason = "how long the log is cannot be remembered beside the keys: "
                 + sentence_of(not_remembered_);
  } else if (!core_.lost_so_far().empty()) {
    out.status = health_status::degraded;
    out.reason = describe(core_.lost_so_far());
  } else if (left < 4 * cfg_.reserve_bytes) {
    out.status = health_status::degraded;
    out.reason =
        "the store is nearly full: " + std::to_string(left) + " bytes are left";
  }
  return out;
}

} // namespace

self_actor::behavior_type ledger(self_actor::pointer self, config cfg) {
  auto core = state::open(
      *cfg.ledger, {cfg.origin, cfg.keys, cfg.reserve_bytes, cfg.wal.get()});
  if (!core) {
    out.error("the log is refused", {{"event", "ledger_refused"},
                                     {"reason", sentence_of(core.error())}});
    cfg.fatal(core.error());
    self->quit(core.error());
    return self_actor::behavior_type::make_empty_behavior();
  }
  if (!core->lost_so_far().empty())
    out.warning(
        "secrets are missing",
        {{"event", "secrets_lost"}, {"reason", describe(core->lost_so_far())}});
  auto kept = std::make_shared<shell>(self, std::move(cfg), std::move(*core));
  // Weak: what the actor ends with must go with its handlers, so that whoever
  // still waits is told.
  self->set_exit_handler(
      [self, last = std::weak_ptr{kept}](caf::exit_msg& message) {
        if (auto core = last.lock())
          core->stop(message.reason);
        else
          self->quit(message.reason);
      });
  return {
      [kept](append& what) -> caf::result<appended> {
        return kept->add<appended>(what);
      },
      [kept](release& what) -> caf::result<released> {
        return kept->add<released>(what);
      },
      [kept](const ledger::shred& what) { return kept->shred(what); },
      [kept](const ledger::archive& what) { return kept->archive(what); },
      [kept](release_many& what) -> caf::result<released_many> {
        return kept->add<released_many>(what);
      },
      [kept](put_blob& what) -> caf::result<void> {
        kept->add<caf::unit_t>(what);
        return caf::delegated<void>{};
      },
      [kept](publish) -> caf::result<void> {
        if (auto bad = kept->publish())
          return bad;
        return {};
      },
      [kept](settle) -> caf::result<void> {
        kept->settle();
        return caf::delegated<void>{};
      },
      [kept](get_head) { return kept->show_head(); },
      [kept](probe) { return kept->check(); },
      [kept](flush) { kept->flushed(); },
      [kept](pause_over) { kept->pause_over(); },
      [kept](publish_due) { kept->publish_due(); },
      [kept](sweep_on) { kept->sweep(); },
  };
}

} // namespace acgs::ledger
