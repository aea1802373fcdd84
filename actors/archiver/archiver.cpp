// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/archiver/archiver.hpp"

#include "runtime/actor/promise.hpp"
#include "runtime/backup/source.hpp"

#include <merkle/checkpoint.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::archiver {

namespace {

/// The sources and the way to signatures.
class shell {
public:
  shell(archiver_actor::pointer self, config cfg, backup::source in)
      : self_{self}, cfg_{std::move(cfg)}, source_{std::move(in)} {
    // Reads when asked.
  }

  /// What LEDGER acknowledged before is in the backup.
  caf::result<begun> begin(const backup::base& from) {
    promise<begun> later{self_};
    self_->request(cfg_.ledger_writer.get(), caf::infinite, ledger::publish{})
        .then([this, later, from] { begin_published(from, later); },
              [later](caf::error& why) { later.fail(std::move(why)); });
    return later;
  }

  caf::result<block> read(const read_block& what) {
    auto piece = source_.read(*what.of, what.at);
    if (!piece)
      return piece.error();
    return block{std::move(*piece)};
  }

  caf::result<signed_manifest> sign(const sign_manifest& what) {
    promise<signed_manifest> later{self_};
    with_signature<signed_manifest>(
        what.text, later,
        [this,
         ring = what.ring](const std::string& note) -> result<signed_manifest> {
          if (auto bad = check_ring(ring))
            return bad;
          return signed_manifest{note};
        });
    return later;
  }

private:
  /// The ring in the backup must lead to the key that signed it: where a key
  /// followed another behind it, nobody who trusts an older one could tell.
  caf::error check_ring(const std::string& given) const {
    if (!cfg_.ring)
      return {};
    auto now = cfg_.ring();
    if (!now)
      return now.error();
    if (*now == given)
      return {};
    return make_error(ec::conflict,
                      "the log's keys changed at the last moment of the "
                      "backup; take another one");
  }

  void begin_published(const backup::base& from, const promise<begun>& later) {
    auto log = store::log_view::open(*cfg_.ledger, source_.tables());
    if (!log)
      return later.fail(std::move(log.error()));
    auto text = merkle::format_checkpoint(
        {cfg_.origin, log->head().size, log->head().root, {}});
    with_signature<begun>(
        text, later, [this, from](const std::string& note) -> result<begun> {
          auto plan = source_.begin(note, from);
          if (!plan)
            return plan.error();
          return begun{std::make_shared<const backup::plan>(std::move(*plan))};
        });
  }

  /// The text as a note, signed by SIGNER, whose keys may follow one another
  /// meanwhile.
  result<std::string> note_of(const std::string& text,
                              const signer::signature& by) const {
    const auto keys = cfg_.keys.now();
    for (const auto& each : keys->keys()) {
      const auto& key = each.key;
      merkle::note note{
          text, {{key.name, key.id, {by.value.begin(), by.value.end()}}}};
      if (each.purpose != crypto::checkpoint_purpose
          || !merkle::verify_note(note, {&key, 1}))
        continue;
      if (auto written = merkle::format_note(note))
        return *written;
    }
    return make_error(ec::internal, "SIGNER's signature does not verify");
  }

  template <class Answer, class Use>
  void with_signature(const std::string& text, promise<Answer> later, Use use) {
    auto view = as_byte_view(text);
    // No timer: SIGNER answers at once, and an error comes where it died.
    self_
        ->request(cfg_.signer.get(), caf::infinite,
                  signer::sign{signer::purpose::checkpoint,
                               {view.begin(), view.end()}})
        .then(
            [this, later, text, use](const signer::signature& by) {
              auto note = note_of(text, by);
              auto out =
                  note ? use(*note) : result<Answer>{std::move(note.error())};
              if (out)
                later.deliver(std::move(*out));
              else
                later.fail(std::move(out.error()));
            },
            [later](caf::error& why) { later.fail(std::move(why)); });
  }

  archiver_actor::pointer self_;
  config cfg_;
  backup::source source_;
};

} // namespace

archiver_actor::behavior_type archiver(archiver_actor::pointer self,
                                       config cfg) {
  auto source =
      backup::source::open(*cfg.ledger, cfg.origin, *cfg.state, cfg.ring);
  if (!source) {
    self->quit(source.error());
    return archiver_actor::behavior_type::make_empty_behavior();
  }
  auto kept = std::make_shared<shell>(self, std::move(cfg), std::move(*source));
  return {
      [kept](const begin_backup& what) { return kept->begin(what.from); },
      [kept](const read_block& what) { return kept->read(what); },
      [kept](const sign_manifest& what) { return kept->sign(what); },
      [](probe) { return probe_result{}; },
  };
}

} // namespace acgs::archiver
