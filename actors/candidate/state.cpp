// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/candidate/state.hpp"

#include "runtime/base/json_text.hpp"

#include <utility>

namespace acgs::candidate {

namespace {

std::uint64_t revision_of(const snapshot_ptr& from) {
  return from ? from->state().trial->revision : 0;
}

std::string detail_of(const trial& of, const evaluator::seen& tried) {
  const auto& decision = *of.what.decision;
  const auto& candidate = *of.active->state().trial;
  std::string out = "{\"candidate\":";
  append_json_string(out, candidate.name);
  out += ",\"candidate_revision\":" + std::to_string(candidate.revision);
  out += ",\"active\":";
  append_json_string(out, to_string_view(decision.outcome));
  out += ",\"active_revision\":" + std::to_string(decision.revision);
  out += ",\"would_be\":";
  append_json_string(out, to_string_view(tried.outcome));
  return out += '}';
}

} // namespace

void state::publish(snapshot_ptr now) {
  if (!now || !now->trial())
    now = nullptr;
  if (revision_of(now) != revision_of(active_))
    queue_.clear();
  active_ = std::move(now);
}

bool state::add(decided what) {
  if (!active_)
    return true;
  if (queue_.size() >= queue_max_)
    return false;
  queue_.push_back(std::move(what));
  return true;
}

std::optional<trial> state::next() {
  if (busy_ || queue_.empty())
    return std::nullopt;
  trial out{std::move(queue_.front()), active_};
  queue_.pop_front();
  busy_ = true;
  return out;
}

bool state::differs(const domain::decision& active,
                    const evaluator::seen& tried) {
  if (active.outcome != tried.outcome)
    return true;
  return active.outcome == domain::verdict::value
         && active.result != tried.result;
}

ledger::append state::entry_of(const trial& of, const evaluator::seen& tried,
                               wall_time now) const {
  const auto& decision = *of.what.decision;
  const auto& by = *of.active->trial();
  auto detail = detail_of(of, tried);
  domain::entry out;
  out.kind = domain::entry_kind::candidate;
  out.time_nanos = to_nanos(now);
  out.node = node_;
  out.event_type =
      differs(decision, tried) ? "candidate_differs" : "candidate_agrees";
  out.request_id = decision.request_id;
  out.decision_id = decision.decision_id;
  out.agent = tried.agent;
  // A query's text is sealed with its decision's entry, and only there.
  out.path = of.what.request->asks == domain::question::document
                 ? decision.path.substr(0, 1024)
                 : std::string_view{};
  out.outcome = tried.outcome;
  out.policy_digest = by.policy_digest();
  out.data_digest = by.data_digest();
  out.revision = by.revision();
  out.duration_nanos = tried.nanos;
  out.detail = detail;
  return {wire::entry{out}, {}, {}};
}

} // namespace acgs::candidate
