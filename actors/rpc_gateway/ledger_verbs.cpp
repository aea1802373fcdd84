// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/ledger_verbs.hpp"

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/gate.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/auth/notes.hpp"
#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <memory>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

kj::Promise<caf::error> destroy(session& who, shred_context context,
                                const deed& what,
                                const reader::located& target) {
  ledger::shred order;
  order.index = target.index;
  order.record.entry = auth::shred_entry(what, who.who(), *target.entry,
                                         target.index, occasion_of(who));
  return ask<ledger::shredded>(
      who, who.with().others().ledger.get(), std::move(order),
      [context](const ledger::shredded& done) mutable {
        context.getResults().initResult().initValue().setIndex(done.index);
      });
}

/// What the client sent, checked.
struct report {
  auth::outcome_report what;
  std::string decision_id;
  std::string idempotency_key;
};

result<report> read(session& who, schema::Outcome::Reader from) {
  report out;
  auto id = request_id(who, from.getRequestId());
  if (!id)
    return std::move(id.error());
  out.what = {copy(from.getStatus()), copy(from.getDetail()), std::move(*id)};
  if (auto wrong = auth::check_report(out.what))
    return wrong;
  out.decision_id = copy(from.getDecisionId());
  auto key = auth::idempotency_key_of(
      who.who(), idempotency_key_in(from), "idempotencyKey",
      {"outcome", out.decision_id, out.what.status, out.what.detail});
  if (!key)
    return std::move(key.error());
  out.idempotency_key = std::move(*key);
  if (auto wrong = check_name(out.decision_id, "decisionId"))
    return wrong;
  return out;
}

replayer::replay read(schema::ReplayRequest::Reader from) {
  replayer::replay out;
  out.from_nanos = from.getFromNanos();
  out.to_nanos = from.getToNanos();
  out.path = copy(from.getPath());
  out.agent = copy(from.getAgent());
  out.first = from.getFirst();
  if (from.getLast() != 0)
    out.last = from.getLast();
  out.entries_max = from.getEntriesMax();
  out.decisions_max = from.getDecisionsMax();
  out.examples_max = from.getExamplesMax();
  for (auto each : from.getCandidate())
    out.candidate.push_back({copy(each.getName()), copy(each.getText())});
  return out;
}

void write(const replayer::difference& from,
           schema::Replayed::Difference::Builder to) {
  to.setIndex(from.index);
  to.setTimeNanos(from.time_nanos);
  to.setDecisionId(text(from.decision_id));
  to.setPath(text(from.path));
  to.setAgent(text(from.agent));
  to.setBefore(static_cast<std::uint8_t>(from.before));
  to.setAfter(static_cast<std::uint8_t>(from.after));
  to.setTextBefore(text(from.text_before));
  to.setTextAfter(text(from.text_after));
}

void write(const replayer::replayed& from, schema::Replayed::Builder to) {
  to.setNext(from.next);
  to.setEnd(from.end);
  to.setArchived(from.archived);
  to.setUnread(from.unread);
  to.setDecisions(from.decisions);
  to.setSame(from.same);
  to.setReworded(from.reworded);
  to.setChanged(from.changed);
  to.setShredded(from.shredded);
  to.setUnknown(from.unknown);
  auto turns = to.initTurns(static_cast<unsigned>(from.turns.size()));
  for (unsigned i = 0; i < turns.size(); ++i)
    turns.set(i, from.turns[i]);
  auto differences =
      to.initDifferences(static_cast<unsigned>(from.differences.size()));
  for (unsigned i = 0; i < differences.size(); ++i)
    write(from.differences[i], differences[i]);
  auto skips = to.initSkips(static_cast<unsigned>(from.skips.size()));
  for (unsigned i = 0; i < skips.size(); ++i) {
    skips[i].setIndex(from.skips[i].index);
    skips[i].setWhy(text(from.skips[i].why));
  }
}

} // namespace

kj::Promise<void> shred_for(session& who, shred_context context) {
  return serve(who, verb::shred, context, [&]() -> kj::Promise<caf::error> {
    auto params = context.getParams();
    auto question = keyed<reader::get_entry>(params.getEntry());
    question.place_is_enough = true; // an archived one can be shredded too
    auto subject = question.decision_id.empty() ? std::to_string(question.index)
                                                : question.decision_id;
    auto what = make_deed(who, verb::shred, "shred", std::move(subject),
                          params.getChange());
    if (!what)
      return std::move(what.error());
    auto target = std::make_shared<reader::located>();
    auto found = ask<reader::entry_result>(
        who, who.with().others().reader.get(), std::move(question),
        [target, deed = *what](const reader::entry_result& got) {
          *target = got.found;
          return auth::may_shred(deed, *got.found.entry, got.found.index);
        });
    auto permitted = and_then(
        kj::mv(found), [&who, deed = *what] { return permit(who, deed); });
    return and_then(kj::mv(permitted),
                    [&who, context, deed = *what, target]() mutable {
                      return destroy(who, context, deed, *target);
                    });
  });
}

kj::Promise<void> record_outcome_for(session& who, outcome_context context) {
  return serve(
      who, verb::record_outcome, context, [&]() -> kj::Promise<caf::error> {
        auto given = read(who, context.getParams().getOutcome());
        if (!given)
          return std::move(given.error());
        reader::get_entry question;
        if (auto index = parse_number<std::uint64_t>(given->decision_id))
          question.index = *index;
        else
          question.decision_id = given->decision_id;
        auto order = std::make_shared<ledger::append>();
        order->idempotency_key = given->idempotency_key;
        auto found = ask<reader::entry_result>(
            who, who.with().others().reader.get(), std::move(question),
            [&who, order, what = given->what](const reader::entry_result& got) {
              const auto& on = got.found;
              if (auto wrong = auth::may_report(who.who(), *on.entry))
                return wrong;
              auto made = auth::outcome_entry(what, who.who(), *on.entry,
                                              on.index, occasion_of(who));
              order->entry = std::move(made.entry);
              order->payloads = std::move(made.payloads);
              return caf::error{};
            });
        return and_then(kj::mv(found), [&who, context, order]() mutable {
          return ask<ledger::appended>(
              who, who.with().others().ledger.get(), std::move(*order),
              [context](const ledger::appended& done) mutable {
                auto to = context.getResults().initResult().initValue();
                to.setIndex(done.index);
                to.setRepeated(done.repeated);
              });
        });
      });
}

kj::Promise<void> replay_for(session& who, replay_context context) {
  return serve(who, verb::replay, context, [&] {
    return ask<replayer::replayed>(
        who, who.with().others().replayer.get(),
        who.with().settings.verify_timeout,
        read(context.getParams().getRequest()),
        [context](const replayer::replayed& got) mutable {
          write(got, context.getResults().initResult().initValue());
        });
  });
}

} // namespace acgs::rpc_gateway
