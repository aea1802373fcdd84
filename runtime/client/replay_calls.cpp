// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

#include <algorithm>

namespace acgs::client {

namespace {

/// A verdict that this version does not know counts as an error.
domain::verdict verdict_of(std::uint8_t number) {
  return number < domain::verdict_names.size()
             ? static_cast<domain::verdict>(number)
             : domain::verdict::error;
}

replay_difference read(schema::Replayed::Difference::Reader from) {
  return {from.getIndex(),
          from.getTimeNanos(),
          copy(from.getDecisionId()),
          copy(from.getPath()),
          copy(from.getAgent()),
          verdict_of(from.getBefore()),
          verdict_of(from.getAfter()),
          copy(from.getTextBefore()),
          copy(from.getTextAfter())};
}

replayed read(schema::Replayed::Reader from) {
  replayed out;
  out.next = from.getNext();
  out.end = from.getEnd();
  out.archived = from.getArchived();
  out.unread = from.getUnread();
  out.decisions = from.getDecisions();
  out.same = from.getSame();
  out.reworded = from.getReworded();
  out.changed = from.getChanged();
  out.shredded = from.getShredded();
  out.unknown = from.getUnknown();
  auto turns = from.getTurns();
  for (unsigned i = 0;
       i < std::min<std::size_t>(turns.size(), out.turns.size()); ++i)
    out.turns[i] = turns[i];
  for (auto each : from.getDifferences())
    out.differences.push_back(read(each));
  for (auto each : from.getSkips())
    out.skips.push_back({each.getIndex(), copy(each.getWhy())});
  return out;
}

void write(const replay_request& from, schema::ReplayRequest::Builder to) {
  to.setFromNanos(from.from_nanos);
  to.setToNanos(from.to_nanos);
  to.setPath(terminated(from.path));
  to.setAgent(terminated(from.agent));
  to.setFirst(from.first);
  to.setLast(from.last);
  to.setEntriesMax(from.entries_max);
  to.setDecisionsMax(from.decisions_max);
  to.setExamplesMax(from.examples_max);
  auto list = to.initCandidate(static_cast<unsigned>(from.candidate.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setName(terminated(from.candidate[i].name));
    list[i].setText(terminated(from.candidate[i].text));
  }
}

} // namespace

result<replayed> ledger_calls::replay(const replay_request& which) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->replayRequest();
  write(which, request.initRequest());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

} // namespace acgs::client
