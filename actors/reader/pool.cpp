// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/pool.hpp"

#include "runtime/actor/promise.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace acgs::reader {

namespace {

class dispatcher {
public:
  dispatcher(reader_actor::pointer self,
             std::vector<actor_ref<reader_actor>> readers,
             actor_ref<ledger_actor> ledger)
      : self_{self}, readers_{std::move(readers)},
        busy_(readers_.size(), 0), ledger_{std::move(ledger)} {
    // Nothing is asked yet.
  }

  template <class Answer, class Question>
  caf::result<Answer> take(const Question& what) {
    promise<Answer> later{self_};
    auto go_on = [this, later, what] { hand_on(what, later); };
    self_->request(ledger_.get(), publish_timeout, ledger::publish{})
        .then(go_on, [go_on](const caf::error&) { go_on(); });
    return later;
  }

private:
  template <class Answer, class Question>
  void hand_on(const Question& what, promise<Answer> later) {
    auto fewest = std::min_element(busy_.begin(), busy_.end());
    auto chosen = static_cast<std::size_t>(fewest - busy_.begin());
    ++busy_[chosen];
    self_->request(readers_[chosen].get(), caf::infinite, what)
        .then(
            [this, chosen, later](Answer& answer) {
              --busy_[chosen];
              later.deliver(std::move(answer));
            },
            [this, chosen, later](caf::error& why) {
              --busy_[chosen];
              later.fail(std::move(why));
            });
  }

  reader_actor::pointer self_;
  std::vector<actor_ref<reader_actor>> readers_;
  std::vector<unsigned> busy_; ///< questions that each works on
  actor_ref<ledger_actor> ledger_;
};

} // namespace

reader_actor::behavior_type pool(reader_actor::pointer self,
                                 std::vector<actor_ref<reader_actor>> readers,
                                 actor_ref<ledger_actor> ledger) {
  auto kept =
      std::make_shared<dispatcher>(self, std::move(readers), std::move(ledger));
  return {
      [kept](const query& what) { return kept->take<query_result>(what); },
      [kept](const get_entry& what) { return kept->take<entry_result>(what); },
      [kept](const get_receipt& what) { return kept->take<text_result>(what); },
      [kept](const verify& what) { return kept->take<verify_result>(what); },
      [kept](const get_resource& what) {
        return kept->take<text_result>(what);
      },
      [kept](get_stats what) { return kept->take<stats>(what); },
  };
}

} // namespace acgs::reader
