// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that wait for the next commit, together with the promises to answer
// them. Belongs to LEDGER's thread.

#include "actors/ledger/state.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/unit.hpp>

#include <memory>
#include <variant>

namespace acgs::ledger {

class queue {
public:
  void add(append&& what, promise<appended> to) {
    waiting_.entries.push_back({std::move(what), {}});
    askers_.push_back({std::move(to), {}, {}});
  }

  void add(release&& what, promise<released> to, steady_time now) {
    waiting_.entries.push_back(
        {std::move(what.record), std::move(what.decision)});
    askers_.push_back({std::move(to), now, std::move(what.recorded)});
  }

  void add(release_many&& what, const promise<released_many>& to,
           steady_time now) {
    if (what.each.empty())
      return to.deliver({});
    auto all = std::make_shared<together>(together{to, {}, what.each.size()});
    for (auto& one : what.each) {
      waiting_.entries.push_back(
          {std::move(one.record), std::move(one.decision)});
      askers_.push_back({all, now, std::move(one.recorded)});
    }
  }

  void add(put_blob&& what, promise<caf::unit_t> to) {
    waiting_.blobs.push_back(std::move(what));
    blob_askers_.push_back(std::move(to));
  }

  std::size_t entries() const { return askers_.size(); }
  bool empty() const { return askers_.empty() && blob_askers_.empty(); }

  const batch& waiting() const { return waiting_; }

  /// Answers everybody after a commit, and begins anew.
  void answer(written& done, steady_time now) {
    for (std::size_t i = 0; i < askers_.size(); ++i)
      askers_[i].answer(done.entries[i], now);
    for (std::size_t i = 0; i < blob_askers_.size(); ++i) {
      if (done.blobs[i])
        blob_askers_[i].fail(done.blobs[i]);
      else
        blob_askers_[i].deliver(caf::unit);
    }
    clear();
  }

  /// Answers everybody with an error, and begins anew.
  void fail(const caf::error& why) {
    written none;
    none.entries.assign(askers_.size(), why);
    none.blobs.assign(blob_askers_.size(), why);
    answer(none, {});
  }

private:
  /// Decisions that are released together: the last one answers.
  struct together {
    promise<released_many> to;
    released_many got;
    std::size_t missing;

    void add(result<released> one) {
      got.each.push_back(std::move(one));
      if (--missing == 0)
        to.deliver(std::move(got));
    }
  };

  struct asker {
    std::variant<promise<appended>, promise<released>,
                 std::shared_ptr<together>>
        to;
    steady_time since;
    std::shared_ptr<const std::string> recorded;

    // A decision that is repeated is not the one that was handed in.
    released shown(placed& done, steady_time now) const {
      return {std::move(done.decision), done.index, (now - since).count(),
              done.repeated ? nullptr : recorded};
    }

    void answer(result<placed>& done, steady_time now) const {
      if (auto* plain = std::get_if<promise<appended>>(&to)) {
        if (done)
          plain->deliver({done->index, done->repeated});
        else
          plain->fail(std::move(done.error()));
        return;
      }
      if (auto* all = std::get_if<std::shared_ptr<together>>(&to)) {
        if (done)
          (*all)->add(shown(*done, now));
        else
          (*all)->add(std::move(done.error()));
        return;
      }
      const auto& verdict = std::get<promise<released>>(to);
      if (done)
        verdict.deliver(shown(*done, now));
      else
        verdict.fail(std::move(done.error()));
    }
  };

  void clear() {
    waiting_.entries.clear();
    waiting_.blobs.clear();
    askers_.clear();
    blob_askers_.clear();
  }

  batch waiting_;
  std::vector<asker> askers_;
  std::vector<promise<caf::unit_t>> blob_askers_;
};

} // namespace acgs::ledger
