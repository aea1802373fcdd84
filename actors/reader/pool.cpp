// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/pool.hpp"

#include "runtime/actor/promise.hpp"
#include "runtime/base/log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace acgs::reader {

namespace {

const log::logger out{"reader"};

/// One of the readers, and what is known of it.
struct seat {
  actor_ref<reader_actor> who;
  unsigned busy = 0;                   ///< questions that it works on
  bool probed = false;                 ///< a probe is under way
  bool seen = false;                   ///< it has answered one
  std::optional<steady_time> silent{}; ///< since when an answer is awaited
  std::string trouble{};               ///< what its last probe brought
};

class dispatcher {
public:
  dispatcher(reader_actor::pointer self,
             std::vector<actor_ref<reader_actor>> readers,
             actor_ref<ledger_actor> ledger, const time_source* clock)
      : self_{self}, ledger_{std::move(ledger)}, clock_{clock} {
    for (auto& each : readers)
      seats_.push_back({std::move(each)});
  }

  template <class Answer, class Question>
  caf::result<Answer> take(const Question& what) {
    promise<Answer> later{self_};
    auto go_on = [this, later, what] { hand_on(what, later); };
    self_->request(ledger_.get(), publish_timeout, ledger::publish{})
        .then(go_on, [go_on](const caf::error&) { go_on(); });
    return later;
  }

  /// Tries every reader that does not keep a probe yet; the answers count from
  /// the next time on.
  probe_result look() {
    auto now = clock_->steady_now();
    for (auto& each : seats_)
      if (!each.probed)
        try_reader(each, now);
    return judge(now);
  }

private:
  void try_reader(seat& which, steady_time now) {
    which.probed = true;
    if (!which.silent)
      which.silent = now;
    auto settle = [&which](std::string trouble) {
      which.silent.reset();
      which.trouble = std::move(trouble);
    };
    self_->request(which.who.get(), caf::infinite, probe{})
        .then(
            [&which, settle](const probe_result& found) {
              which.probed = false;
              which.seen = true;
              settle(found.reason);
            },
            [&which, settle](const caf::error& why) {
              which.probed = false;
              // One that starts just now is not there yet: it is silent.
              if (which.seen)
                settle(sentence_of(why));
            });
  }

  probe_result judge(steady_time now) const {
    std::size_t wrong = 0;
    unsigned busy = 0;
    probe_result out;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
      const auto& each = seats_[i];
      busy += each.busy;
      bool stuck = each.silent && now - *each.silent >= silence_max;
      if (!stuck && each.trouble.empty())
        continue;
      ++wrong;
      out.reason += (out.reason.empty() ? "reader " : "; reader ")
                    + std::to_string(i + 1) + ": "
                    + (stuck ? "has not answered for more than "
                                   + std::to_string(silence_max.count()) + " s"
                             : each.trouble);
    }
    if (!broken_.empty()) {
      out.status = health_status::degraded;
      out.reason += (out.reason.empty() ? "" : "; ")
                    + ("the log did not verify: " + broken_);
    }
    if (wrong > 0)
      out.status = wrong < seats_.size() ? health_status::degraded
                                         : health_status::unhealthy;
    out.facts = "{\"readers\":" + std::to_string(seats_.size())
                + ",\"working\":" + std::to_string(seats_.size() - wrong)
                + ",\"under_way\":" + std::to_string(busy) + "}";
    return out;
  }

  template <class Answer, class Question>
  void hand_on(const Question& what, promise<Answer> later) {
    auto& chosen = *std::min_element(
        seats_.begin(), seats_.end(),
        [](const seat& a, const seat& b) { return a.busy < b.busy; });
    ++chosen.busy;
    self_->request(chosen.who.get(), caf::infinite, what)
        .then(
            [this, &chosen, what, later](Answer& answer) {
              --chosen.busy;
              learn(what, answer);
              later.deliver(std::move(answer));
            },
            [&chosen, later](caf::error& why) {
              --chosen.busy;
              later.fail(std::move(why));
            });
  }

  void learn(const verify& what, const verify_result& found) {
    bool whole = what.first == 0 && !what.last;
    if (found.verified && whole)
      broken_.clear();
    if (found.verified)
      return;
    broken_ = found.problem;
    out.error("the log does not verify",
              {{"event", "log_not_verified"}, {"reason", found.problem}});
  }

  template <class Question, class Answer>
  void learn(const Question&, const Answer&) {
    // Says nothing of the log as a whole.
  }

  reader_actor::pointer self_;
  std::string broken_;      ///< what a verification found, until one of all
  std::vector<seat> seats_; ///< as many for ever: answers refer to them
  actor_ref<ledger_actor> ledger_;
  const time_source* clock_;
};

} // namespace

reader_actor::behavior_type pool(reader_actor::pointer self,
                                 std::vector<actor_ref<reader_actor>> readers,
                                 actor_ref<ledger_actor> ledger,
                                 const time_source* clock) {
  auto kept = std::make_shared<dispatcher>(self, std::move(readers),
                                           std::move(ledger), clock);
  return {
      [kept](const query& what) { return kept->take<query_result>(what); },
      [kept](const get_entry& what) { return kept->take<entry_result>(what); },
      [kept](const get_receipt& what) { return kept->take<text_result>(what); },
      [kept](const verify& what) { return kept->take<verify_result>(what); },
      [kept](const get_resource& what) {
        return kept->take<text_result>(what);
      },
      [kept](const get_sealed& what) {
        return kept->take<sealed_result>(what);
      },
      [kept](get_stats what) { return kept->take<stats>(what); },
      [kept](probe) { return kept->look(); },
  };
}

} // namespace acgs::reader
