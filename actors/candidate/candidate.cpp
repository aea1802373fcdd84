// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/candidate/candidate.hpp"

#include "actors/candidate/metrics.hpp"
#include "actors/candidate/state.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace acgs::candidate {

namespace {

constexpr log::logger logger{"candidate"};

class shell {
public:
  shell(candidate_actor::pointer self, config cfg)
      : self_{self}, cfg_{std::move(cfg)}, core_{cfg_.node, cfg_.queue_max},
        counts_{*cfg_.registry} {
    // CONTROL publishes the present state to whoever subscribes, at once.
    self_->send(cfg_.control.get(), caf::actor_cast<control_listener>(self_));
  }

  void publish(const control::published& now) { core_.publish(now.compiled); }

  void add(const decided& what) {
    if (!core_.add(what)) {
      ++dropped_;
      counts_.dropped();
    }
    go_on();
  }

  probe_result look() const {
    probe_result out;
    out.facts = "{\"candidate\":";
    const auto& active = core_.active();
    append_json_string(out.facts, active ? active->state().trial->name : "");
    out.facts += ",\"waiting\":" + std::to_string(core_.waiting())
                 + ",\"dropped\":" + std::to_string(dropped_) + "}";
    return out;
  }

private:
  void go_on() {
    auto one = core_.next();
    if (!one)
      return;
    evaluator::look question{one->what.request, one->active->trial(),
                             one->what.recorded};
    self_->request(cfg_.evaluator.get(), caf::infinite, question)
        .then([this, of = std::move(*one)](
                  const evaluator::seen& tried) { record(of, tried); },
              [this](const caf::error& why) { failed(why); });
  }

  void record(const trial& of, const evaluator::seen& tried) {
    bool differs = state::differs(*of.what.decision, tried);
    auto entry = core_.entry_of(of, tried, cfg_.time->now());
    self_->request(cfg_.ledger.get(), caf::infinite, std::move(entry))
        .then(
            [this, differs](const ledger::appended&) {
              counts_.judged(differs);
              core_.done();
              go_on();
            },
            [this](const caf::error& why) { failed(why); });
  }

  void failed(const caf::error& why) {
    counts_.failed();
    logger.warning(
        "a candidate's verdict was not recorded",
        {{"event", "candidate_failed"}, {"reason", sentence_of(why)}});
    core_.done();
    go_on();
  }

  candidate_actor::pointer self_;
  config cfg_;
  state core_;
  metrics counts_;
  std::uint64_t dropped_ = 0;
};

} // namespace

candidate_actor::behavior_type candidate(candidate_actor::pointer self,
                                         config cfg) {
  auto kept = std::make_shared<shell>(self, std::move(cfg));
  return {
      [kept](const decided& what) { kept->add(what); },
      [kept](const control::published& now) { kept->publish(now); },
      [kept](probe) { return kept->look(); },
  };
}

} // namespace acgs::candidate
