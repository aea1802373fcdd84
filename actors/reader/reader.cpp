// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/reader.hpp"

#include "actors/reader/state.hpp"
#include "runtime/actor/promise.hpp"
#include "runtime/base/number_text.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace acgs::reader {

namespace {

/// Verifications and searches of several steps that may be under way.
constexpr std::size_t jobs_max = 64;

/// The core, and the way to a signed checkpoint.
class shell {
public:
  shell(self_actor::pointer self, state core, actor_ref<signer_actor> signer)
      : self_{self}, core_{std::move(core)}, signer_{std::move(signer)} {
    // Asks when asked.
  }

  state& core() { return core_; }

  /// Hands `use` a signed checkpoint of at least that size, and the answer on.
  caf::result<text_result>
  with_checkpoint(std::uint64_t size,
                  std::function<result<std::string>(const std::string&)> use) {
    promise<text_result> later{self_};
    if (auto ready = core_.checkpoint_of(size)) {
      settle(later, use(*ready));
      return later;
    }
    auto text = core_.unsigned_checkpoint();
    if (!text) {
      later.fail(text.error());
      return later;
    }
    sign(std::move(*text), later,
         [this, size, use = std::move(use)](
             const std::string& text,
             const signer::signature& by) -> result<std::string> {
           auto ready = core_.keep(text, by.value) ? core_.checkpoint_of(size)
                                                   : std::nullopt;
           if (ready)
             return use(*ready);
           return make_error(ec::internal,
                             "SIGNER's signature does not verify");
         });
    return later;
  }

  caf::result<verify_result> check(const verify& what) {
    return take_up<verify_result>(core_.begin_check(what),
                                  [](verification& run) { return run.step(); });
  }

  caf::result<query_result> find(const query& what) {
    return take_up<query_result>(core_.begin_find(what), [this](search& run) {
      return core_.go_on(run);
    });
  }

  /// One step of what has waited longest for its next.
  void step() {
    auto now = std::move(jobs_.front());
    jobs_.pop_front();
    if (!now())
      jobs_.push_back(std::move(now));
    if (!jobs_.empty())
      self_->send(self_, go_on{});
  }

  probe_result look() const {
    probe_result out;
    if (auto size = core_.size()) {
      out.facts = "{\"entries\":" + std::to_string(*size)
                  + ",\"under_way\":" + std::to_string(jobs_.size()) + "}";
    } else {
      out.status = health_status::unhealthy;
      out.reason = "cannot read the log: " + sentence_of(size.error());
    }
    return out;
  }

  caf::result<text_result> receipt(const get_receipt& what) {
    auto index = core_.place_of(what);
    if (!index)
      return index.error();
    return with_checkpoint(*index + 1, [this, at = *index](const auto& note) {
      return core_.receipt(at, note);
    });
  }

  /// Signs the log as it was at a size: nothing that was signed is
  /// contradicted.
  caf::result<text_result> older_checkpoint(std::string_view size) {
    auto wanted = parse_number<std::uint64_t>(size);
    if (!wanted)
      return make_error(ec::invalid_argument,
                        "'" + std::string{size} + "' is no size of the log",
                        "path");
    auto text = core_.older_checkpoint(*wanted);
    if (!text)
      return text.error();
    promise<text_result> later{self_};
    sign(std::move(*text), later,
         [this](const std::string& text, const signer::signature& by) {
           return core_.note_of(text, by.value);
         });
    return later;
  }

  caf::result<text_result> resource(const get_resource& what) {
    bool current = what.origin.empty() || what.origin == core_.origin();
    constexpr std::string_view older = "checkpoint/";
    if (current && what.path.starts_with(older))
      return older_checkpoint(std::string_view{what.path}.substr(older.size()));
    if (current && what.path == "checkpoint") {
      auto size = core_.size();
      if (!size)
        return size.error();
      return with_checkpoint(
          *size, [](const auto& note) { return result<std::string>{note}; });
    }
    auto text = core_.resource(what);
    if (!text)
      return text.error();
    return text_result{std::move(*text)};
  }

private:
  static void settle(const promise<text_result>& later,
                     result<std::string> text) {
    if (text)
      later.deliver({std::move(*text)});
    else
      later.fail(std::move(text.error()));
  }

  /// Has SIGNER sign a checkpoint's text and answers by what `use` makes of
  /// both.
  template <class Use>
  void sign(std::string text, promise<text_result> later, Use use) {
    auto view = as_byte_view(text);
    signer::sign what{signer::purpose::checkpoint, {view.begin(), view.end()}};
    // No timer: SIGNER answers at once, and an error comes where it died.
    self_->request(signer_.get(), caf::infinite, std::move(what))
        .then(
            [later, text = std::move(text), use = std::move(use)](
                const signer::signature& by) { settle(later, use(text, by)); },
            [later](caf::error& why) { later.fail(std::move(why)); });
  }

  /// Does one step; true where the asker has been answered.
  using job = std::function<bool()>;

  /// Does the first step, and the others when their turn comes.
  template <class Answer, class Run, class Step>
  caf::result<Answer> take_up(result<Run> begun, Step step) {
    if (!begun)
      return std::move(begun.error());
    if (jobs_.size() >= jobs_max)
      return make_error(ec::overloaded,
                        "as many long questions as may are under way");
    promise<Answer> later{self_};
    job now = [later, step, run = std::make_shared<Run>(std::move(*begun))] {
      auto done = step(*run);
      if (!done)
        later.fail(done.error());
      else if (*done)
        later.deliver(run->finish());
      return !done || *done;
    };
    if (now())
      return later;
    jobs_.push_back(std::move(now));
    if (jobs_.size() == 1)
      self_->send(self_, go_on{});
    return later;
  }

  self_actor::pointer self_;
  state core_;
  std::deque<job> jobs_;
  actor_ref<signer_actor> signer_;
};

} // namespace

self_actor::behavior_type reader(self_actor::pointer self, config cfg) {
  state_options with{cfg.ledger, cfg.index, cfg.origin, cfg.keys};
  with.archive = cfg.archive;
  with.older_keys = cfg.older_keys;
  auto core = state::open(std::move(with));
  if (!core) {
    self->quit(core.error());
    return self_actor::behavior_type::make_empty_behavior();
  }
  auto kept =
      std::make_shared<shell>(self, std::move(*core), std::move(cfg.signer));
  return {
      [kept](const query& what) { return kept->find(what); },
      [kept](const get_entry& what) { return kept->core().show(what); },
      [kept](const get_receipt& what) { return kept->receipt(what); },
      [kept](const verify& what) { return kept->check(what); },
      [kept](const get_resource& what) { return kept->resource(what); },
      [kept](const get_sealed& what) { return kept->core().sealed(what); },
      [kept](get_stats) { return kept->core().measure(); },
      [kept](probe) { return kept->look(); },
      [kept](go_on) { kept->step(); },
  };
}

} // namespace acgs::reader
