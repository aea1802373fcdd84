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
             std::vector<actor_ref<reader_actor>> readers)
      : self_{self}, readers_{std::move(readers)}, busy_(readers_.size(), 0) {
    // Nothing is asked yet.
  }

  template <class Answer, class Question>
  caf::result<Answer> hand_on(const Question& what) {
    auto fewest = std::min_element(busy_.begin(), busy_.end());
    auto chosen = static_cast<std::size_t>(fewest - busy_.begin());
    ++busy_[chosen];
    promise<Answer> later{self_};
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
    return later;
  }

private:
  reader_actor::pointer self_;
  std::vector<actor_ref<reader_actor>> readers_;
  std::vector<unsigned> busy_; ///< questions that each works on
};

} // namespace

reader_actor::behavior_type pool(reader_actor::pointer self,
                                 std::vector<actor_ref<reader_actor>> readers) {
  auto kept = std::make_shared<dispatcher>(self, std::move(readers));
  return {
      [kept](const query& what) { return kept->hand_on<query_result>(what); },
      [kept](const get_entry& what) {
        return kept->hand_on<entry_result>(what);
      },
      [kept](const get_receipt& what) {
        return kept->hand_on<text_result>(what);
      },
      [kept](const verify& what) { return kept->hand_on<verify_result>(what); },
      [kept](const get_resource& what) {
        return kept->hand_on<text_result>(what);
      },
      [kept](get_stats what) { return kept->hand_on<stats>(what); },
  };
}

} // namespace acgs::reader
