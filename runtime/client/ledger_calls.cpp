// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

/// An entry whose bytes were not decoded yet.
struct raw_entry {
  std::uint64_t index = 0;
  bytes leaf_hash;
  bytes encoded;
};

struct raw_page {
  std::vector<raw_entry> entries;
  std::uint64_t total = 0;
  std::optional<std::uint64_t> next;
  std::uint64_t archived = 0;
  bool beyond_total = false;
};

struct raw_detail {
  raw_entry entry;
  std::vector<payload> payloads;
  std::optional<shredding> shredded;
  std::vector<raw_entry> outcomes;
};

struct sealed_place {
  std::uint64_t bundle = 0;
  std::uint64_t offset = 0;
  std::uint64_t index = 0;
  std::uint8_t place = 0;
};

struct sealed_piece {
  bytes content;
  std::optional<sealed_place> next;
};

sealed_piece read(schema::SealedPiece::Reader from) {
  sealed_piece out{copy(from.getContent()), {}};
  auto next = from.getNext();
  if (from.getMore())
    out.next = {next.getBundle(), next.getOffset(), next.getIndex(),
                next.getPlace()};
  return out;
}

raw_entry read(schema::LocatedEntry::Reader from) {
  return {from.getIndex(), copy(from.getLeafHash()), copy(from.getEntry())};
}

raw_page read(schema::EntryPage::Reader from) {
  raw_page out;
  for (auto each : from.getEntries())
    out.entries.push_back(read(each));
  out.total = from.getTotal();
  // A node of before said by a cursor of 0 alone that there is no more.
  if (from.getMore() || from.getNext() != 0)
    out.next = from.getNext();
  out.archived = from.getArchivedBefore();
  out.beyond_total = from.getBeyondTotal();
  return out;
}

payload read(schema::Payload::Reader from) {
  payload out;
  out.kind = static_cast<domain::payload_kind>(from.getKind());
  out.shredded = from.getShredded();
  out.matches = from.getMatches();
  out.lost = from.getLost();
  out.text = copy(from.getText());
  return out;
}

noted read(schema::Noted::Reader from) {
  return {from.getIndex(), from.getRepeated()};
}

raw_detail read(schema::EntryDetail::Reader from) {
  raw_detail out;
  out.entry = read(from.getEntry());
  for (auto each : from.getPayloads())
    out.payloads.push_back(read(each));
  if (from.hasShredded()) {
    auto by = from.getShredded();
    out.shredded = {by.getIndex(), by.getTimeNanos(), copy(by.getBy()),
                    copy(by.getReason())};
  }
  for (auto each : from.getOutcomes())
    out.outcomes.push_back(read(each));
  return out;
}

verification read(schema::Verification::Reader from) {
  verification out;
  out.verified = from.getVerified();
  out.checked = from.getChecked();
  out.tree_size = from.getTreeSize();
  out.root = copy(from.getRoot());
  out.problem = copy(from.getProblem());
  if (from.getHasFirstWrong())
    out.first_wrong = from.getFirstWrong();
  out.archived = from.getArchived();
  if (from.getHasFirstUnread())
    out.first_unread = from.getFirstUnread();
  return out;
}

ledger_stats read(schema::LedgerStats::Reader from) {
  ledger_stats out;
  out.origin = copy(from.getOrigin());
  out.entries = from.getEntries();
  out.indexed = from.getIndexed();
  out.bytes_used = from.getBytesUsed();
  out.map_bytes = from.getMapBytes();
  out.first_nanos = from.getFirstNanos();
  out.last_nanos = from.getLastNanos();
  out.archived = from.getArchived();
  for (auto each : from.getByKind())
    out.by_kind.push_back(each);
  return out;
}

result<located_entry> decode(raw_entry from) {
  auto entry = wire::entry::decode(from.encoded);
  if (!entry)
    return std::move(entry.error());
  return located_entry{from.index, std::move(from.leaf_hash),
                       std::move(*entry)};
}

void write(const ledger_query& from, schema::LedgerQuery::Builder to) {
  to.setEventType(terminated(from.event_type));
  to.setAgent(terminated(from.agent));
  to.setRequestId(terminated(from.request_id));
  to.setDecisionId(terminated(from.decision_id));
  to.setPath(terminated(from.path));
  to.setFromNanos(from.from_nanos);
  to.setToNanos(from.to_nanos);
  to.setOffset(from.offset);
  to.setLimit(from.limit);
  to.setBefore(from.before.value_or(0));
  to.setGoesOn(from.before.has_value());
  to.setOldestFirst(from.oldest_first);
}

void write(const entry_key& from, schema::EntryKey::Builder to) {
  if (from.decision_id.empty())
    to.setIndex(from.index);
  else
    to.setDecisionId(terminated(from.decision_id));
}

capnp::Data::Reader data(const digest& from) {
  return {reinterpret_cast<const kj::byte*>(from.data()), from.size()};
}

void write(const sealed_place& from, schema::SealedPlace::Builder to) {
  to.setBundle(from.bundle);
  to.setOffset(from.offset);
  to.setIndex(from.index);
  to.setPlace(from.place);
}

void write(const archived_part& from, schema::ArchivedPart::Builder to) {
  to.setFirst(from.first);
  to.setSize(from.size);
  to.setRoot(data(from.root));
  to.setPayloads(data(from.payloads));
}

std::string read_text(schema::Document::Reader from) {
  return copy(from.getText());
}

} // namespace

result<entry_page> ledger_calls::query(const ledger_query& which) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->queryRequest();
  write(which, request.initQuery());
  auto raw = link_.ask(kj::mv(request), [](auto from) { return read(from); });
  if (!raw)
    return std::move(raw.error());
  entry_page out{{}, raw->total, raw->next, raw->archived, raw->beyond_total};
  for (auto& each : raw->entries) {
    auto entry = decode(std::move(each));
    if (!entry)
      return std::move(entry.error());
    out.entries.push_back(std::move(*entry));
  }
  return out;
}

result<entry_detail> ledger_calls::show(const entry_key& which,
                                        bool with_payloads) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->showRequest();
  write(which, request.initEntry());
  request.setWithPayloads(with_payloads);
  auto raw = link_.ask(kj::mv(request), [](auto from) { return read(from); });
  if (!raw)
    return std::move(raw.error());
  auto entry = decode(std::move(raw->entry));
  if (!entry)
    return std::move(entry.error());
  entry_detail out{std::move(*entry),
                   std::move(raw->payloads),
                   std::move(raw->shredded),
                   {}};
  for (auto& each : raw->outcomes) {
    auto outcome = decode(std::move(each));
    if (!outcome)
      return std::move(outcome.error());
    out.outcomes.push_back(std::move(*outcome));
  }
  return out;
}

result<noted> ledger_calls::shred(const entry_key& which,
                                  const change_options& how) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->shredRequest();
  write(which, request.initEntry());
  write(how, request.initChange());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<bytes> ledger_calls::sealed(std::uint64_t bundle) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  bytes out;
  sealed_place at{bundle, 0, 0, 0};
  for (;;) {
    auto request = (*ledger)->sealedRequest();
    write(at, request.initFrom());
    auto piece =
        link_.ask(kj::mv(request), [](auto from) { return read(from); });
    if (!piece)
      return std::move(piece.error());
    out.insert(out.end(), piece->content.begin(), piece->content.end());
    if (!piece->next)
      return out;
    at = *piece->next;
  }
}

result<noted> ledger_calls::archive(const archived_part& which,
                                    const change_options& how) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->archiveRequest();
  write(which, request.initPart());
  write(how, request.initChange());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<noted> ledger_calls::record_outcome(const outcome& what) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->recordOutcomeRequest();
  auto to = request.initOutcome();
  to.setDecisionId(terminated(what.decision_id));
  to.setStatus(terminated(what.status));
  to.setDetail(terminated(what.detail));
  to.setRequestId(terminated(what.request_id));
  if (what.idempotency_key)
    to.setIdempotencyKey(terminated(*what.idempotency_key));
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<std::string> ledger_calls::receipt(const entry_key& which) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->receiptRequest();
  write(which, request.initEntry());
  return link_.ask(kj::mv(request), read_text);
}

result<verification> ledger_calls::verify(const range& which) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->verifyRequest();
  auto to = request.initRange();
  to.setFirst(which.first);
  to.setBounded(which.last.has_value());
  to.setLast(which.last.value_or(0));
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<ledger_stats> ledger_calls::stats() {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  return link_.ask((*ledger)->statsRequest(),
                   [](auto from) { return read(from); });
}

result<std::string> ledger_calls::resource(std::string_view origin,
                                           std::string_view path) {
  auto ledger = link_.ledger();
  if (!ledger)
    return std::move(ledger.error());
  auto request = (*ledger)->resourceRequest();
  request.setOrigin(terminated(std::string{origin}));
  request.setPath(terminated(std::string{path}));
  return link_.ask(kj::mv(request), read_text);
}

} // namespace acgs::client
