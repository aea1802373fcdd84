// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/health/state.hpp"

#include "runtime/base/json.hpp"

#include <algorithm>
#include <utility>

namespace acgs::health {

namespace {

constexpr unsigned missed_until_unhealthy = 2;

bool is_object(const std::string& facts) {
  if (facts.size() > facts_bytes_max)
    return false;
  auto parsed = json::parse(facts);
  return parsed && parsed->if_object() != nullptr;
}

} // namespace

state::state(const std::vector<component>& components, moment now,
             std::chrono::nanoseconds stale_after)
    : stale_after_{stale_after} {
  for (const auto& from : components) {
    auto& added = parts_.emplace_back();
    added.critical = from.critical;
    added.last.name = from.name;
    added.last.reason = "has not been tried yet";
    added.last.since = now.wall;
  }
  overall_ = overall(parts_);
}

void state::answered(std::size_t index, const probe_result& found, moment now) {
  auto& which = parts_[index];
  which.missed = 0;
  which.answered = true;
  which.last.checked = now.wall;
  which.checked = now.steady;
  if (is_object(found.facts)) {
    which.last.facts = found.facts;
    enter(which, found.status, found.reason, now);
  } else {
    which.last.facts = "{}";
    enter(which, std::max(found.status, health_status::degraded),
          "its facts are not a JSON object of at most "
              + std::to_string(facts_bytes_max) + " bytes",
          now);
  }
}

void state::failed(std::size_t index, const caf::error& why, moment now) {
  auto& which = parts_[index];
  which.last.checked = now.wall;
  which.checked = now.steady;
  // A full queue says that there is much to do, not that nothing is done.
  if (code_of(why) == ec::overloaded)
    return enter(which, std::max(which.last.status, health_status::degraded),
                 "is busy: " + sentence_of(why), now);
  ++which.missed;
  // The breaker's own refusal says nothing new: the cause is the last failure.
  auto reason = retry_after_of(why) && which.missed > 1
                    ? which.last.reason
                    : "gives no answer: " + sentence_of(why);
  bool first = which.missed < missed_until_unhealthy
               && which.last.status != health_status::unhealthy;
  enter(which, first ? health_status::degraded : health_status::unhealthy,
        std::move(reason), now);
}

void state::cut_off(std::size_t index, const std::string& why, moment now) {
  if (parts_[index].missed == 0)
    failed(index,
           make_error(ec::unavailable, "its circuit breaker is open: " + why),
           now);
}

void state::enter(part& which, health_status to, std::string reason,
                  moment now) {
  which.last.reason =
      to == health_status::healthy ? std::string{} : std::move(reason);
  if (which.last.status == to)
    return;
  note({which.last.name, which.last.status, to, which.last.reason});
  which.last.status = to;
  which.last.since = now.wall;
  auto all = overall(parts_);
  if (all == overall_)
    return;
  note({{}, overall_, all, explain(parts_)});
  overall_ = all;
}

void state::note(transition what) {
  // Parts that the stop has ended are no news.
  if (!draining_)
    transitions_.push_back(std::move(what));
}

health_status state::overall(const std::vector<part>& parts) {
  auto worst = health_status::healthy;
  for (const auto& each : parts)
    worst = std::max(worst, each.critical ? each.last.status
                                          : std::min(each.last.status,
                                                     health_status::degraded));
  return worst;
}

std::string state::explain(const std::vector<part>& parts) {
  std::string out;
  for (const auto& each : parts) {
    if (each.last.status == health_status::healthy)
      continue;
    if (!out.empty())
      out += "; ";
    out += each.last.name + " is "
           + std::string{to_string_view(each.last.status)} + ": "
           + each.last.reason;
  }
  return out;
}

bool state::complete() const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const part& each) { return each.answered; });
}

state::part state::seen_from(part from, moment now) const {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  auto age = now.steady - from.checked;
  if (from.last.checked == wall_time{} || age <= stale_after_)
    return from;
  from.last.stale_for = age;
  auto text = "was found so "
              + std::to_string(duration_cast<seconds>(age).count())
              + " s ago; expected at most "
              + std::to_string(duration_cast<seconds>(stale_after_).count());
  from.last.reason =
      from.last.reason.empty() ? text : from.last.reason + "; " + text;
  from.last.status = std::max(from.last.status, health_status::degraded);
  return from;
}

report state::at(moment now) const {
  std::vector<part> seen;
  for (const auto& each : parts_)
    seen.push_back(seen_from(each, now));
  report out;
  out.status = overall(seen);
  out.ready = out.status != health_status::unhealthy && !draining_;
  out.reason = explain(seen);
  if (draining_)
    out.reason =
        out.reason.empty() ? "is stopping" : "is stopping; " + out.reason;
  out.time = now.wall;
  for (auto& each : seen)
    out.components.push_back(std::move(each.last));
  return out;
}

std::vector<transition> state::take_transitions() {
  return std::exchange(transitions_, {});
}

} // namespace acgs::health
