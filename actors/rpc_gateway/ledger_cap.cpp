// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/ledger_verbs.hpp"

#include <algorithm>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

/// A page of entries is cut here, so that it fits into a message.
constexpr std::size_t page_bytes_max = 6u << 20;

capnp::Data::Reader data(byte_view from) {
  return {reinterpret_cast<const kj::byte*>(from.data()), from.size()};
}

void write(const reader::located& from, schema::LocatedEntry::Builder to) {
  to.setIndex(from.index);
  to.setLeafHash(data(byte_view{from.leaf_hash}));
  to.setEntry(data(from.entry.encoded()));
}

void write(const reader::query_result& from, schema::EntryPage::Builder to) {
  std::size_t bytes = 0;
  unsigned count = 0;
  for (auto& each : from.entries) {
    bytes += each.entry.encoded().size();
    if (count > 0 && bytes > page_bytes_max)
      break;
    ++count;
  }
  auto list = to.initEntries(count);
  for (unsigned i = 0; i < count; ++i)
    write(from.entries[i], list[i]);
  to.setTotal(from.total);
  to.setBeyondTotal(from.beyond_total);
  auto cut = count < from.entries.size();
  to.setNext(cut ? from.entries[count - 1].index : from.next.value_or(0));
  to.setMore(cut || from.next);
  to.setArchivedBefore(from.archived);
}

void write(const reader::entry_result& from, schema::EntryDetail::Builder to) {
  write(from.found, to.initEntry());
  auto list = to.initPayloads(static_cast<unsigned>(from.payloads.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    auto& each = from.payloads[i];
    list[i].setKind(static_cast<std::uint8_t>(each.kind));
    list[i].setShredded(each.shredded);
    list[i].setMatches(each.matches);
    list[i].setText(text(each.text));
    list[i].setLost(each.lost);
  }
  if (from.shredded) {
    auto shredded = to.initShredded();
    shredded.setIndex(from.shredded->index);
    shredded.setTimeNanos(from.shredded->time_nanos);
    shredded.setBy(text(from.shredded->by));
    shredded.setReason(text(from.shredded->reason));
  }
  auto outcomes = to.initOutcomes(static_cast<unsigned>(from.outcomes.size()));
  for (unsigned i = 0; i < outcomes.size(); ++i)
    write(from.outcomes[i], outcomes[i]);
}

void write(const reader::verify_result& from,
           schema::Verification::Builder to) {
  to.setVerified(from.verified);
  to.setChecked(from.checked);
  to.setTreeSize(from.tree_size);
  to.setRoot(data(byte_view{from.root}));
  to.setProblem(text(from.problem));
  to.setHasFirstWrong(from.first_wrong.has_value());
  to.setFirstWrong(from.first_wrong.value_or(0));
  to.setArchived(from.archived);
  to.setHasFirstUnread(from.first_unread.has_value());
  to.setFirstUnread(from.first_unread.value_or(0));
}

void write(const reader::stats& from, schema::LedgerStats::Builder to) {
  to.setOrigin(text(from.origin));
  to.setEntries(from.entries);
  to.setIndexed(from.indexed);
  to.setBytesUsed(from.bytes_used);
  to.setMapBytes(from.map_bytes);
  to.setFirstNanos(from.first_nanos);
  to.setLastNanos(from.last_nanos);
  to.setArchived(from.archived);
  auto list = to.initByKind(static_cast<unsigned>(from.by_kind.size()));
  for (unsigned i = 0; i < list.size(); ++i)
    list.set(i, from.by_kind[i]);
}

reader::query read(schema::LedgerQuery::Reader from) {
  reader::query out;
  out.event_type = copy(from.getEventType());
  out.agent = copy(from.getAgent());
  out.request_id = copy(from.getRequestId());
  out.decision_id = copy(from.getDecisionId());
  out.path = copy(from.getPath());
  if (from.getFromNanos() != 0)
    out.from_nanos = from.getFromNanos();
  if (from.getToNanos() != 0)
    out.to_nanos = from.getToNanos();
  out.offset = from.getOffset();
  out.limit = std::min<std::uint32_t>(
      from.getLimit() == 0 ? 100 : from.getLimit(), reader::limit_max);
  if (from.getBefore() != 0 || from.getGoesOn())
    out.before = from.getBefore();
  out.oldest_first = from.getOldestFirst();
  return out;
}

class ledger_cap final : public schema::Ledger::Server {
public:
  explicit ledger_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> query(QueryContext context) override {
    return serve(*who_, reading(), context, [&] {
      auto question = read(context.getParams().getQuery());
      if (!reads_all())
        question.caused_by = who_->who().subject;
      return ask<reader::query_result>(
          *who_, reader(), std::move(question),
          [context](const reader::query_result& got) mutable {
            write(got, context.getResults().initResult().initValue());
          });
    });
  }

  kj::Promise<void> show(ShowContext context) override {
    auto with_payloads = context.getParams().getWithPayloads();
    auto what = with_payloads ? verb::read_payloads : reading();
    return serve(*who_, what, context, [&] {
      auto question = keyed<reader::get_entry>(context.getParams().getEntry());
      question.with_payloads = with_payloads;
      return ask<reader::entry_result>(
          *who_, reader(), std::move(question),
          [this, context](const reader::entry_result& got) mutable {
            auto error = check_mine(got.found);
            if (!error)
              write(got, context.getResults().initResult().initValue());
            return error;
          });
    });
  }

  kj::Promise<void> receipt(ReceiptContext context) override {
    return serve(*who_, reading(), context, [&]() -> kj::Promise<caf::error> {
      auto which = context.getParams().getEntry();
      auto give = [this, context,
                   question = keyed<reader::get_receipt>(which)]() mutable {
        return ask<reader::text_result>(
            *who_, reader(), std::move(question),
            [context](const reader::text_result& got) mutable {
              context.getResults().initResult().initValue().setText(
                  text(got.text));
            });
      };
      if (reads_all())
        return give();
      auto seen = ask<reader::entry_result>(
          *who_, reader(), keyed<reader::get_entry>(which),
          [this](const reader::entry_result& got) {
            return check_mine(got.found);
          });
      return and_then(kj::mv(seen), std::move(give));
    });
  }

  kj::Promise<void> verify(VerifyContext context) override {
    return serve(*who_, verb::verify_ledger, context, [&] {
      auto range = context.getParams().getRange();
      reader::verify question;
      question.first = range.getFirst();
      if (range.getBounded())
        question.last = range.getLast();
      return ask<reader::verify_result>(
          *who_, reader(), who_->with().settings.verify_timeout,
          std::move(question),
          [context](const reader::verify_result& got) mutable {
            write(got, context.getResults().initResult().initValue());
          });
    });
  }

  kj::Promise<void> stats(StatsContext context) override {
    return serve(*who_, verb::read_ledger, context, [&] {
      return ask<reader::stats>(
          *who_, reader(), reader::get_stats{},
          [context](const reader::stats& got) mutable {
            write(got, context.getResults().initResult().initValue());
          });
    });
  }

  kj::Promise<void> resource(ResourceContext context) override {
    auto path = copy(context.getParams().getPath());
    auto open = path == "checkpoint" || path == "vkey" || path == "keys";
    auto what = open ? verb::read_checkpoint : verb::read_ledger;
    return serve(*who_, what, context, [&] {
      reader::get_resource question;
      question.origin = copy(context.getParams().getOrigin());
      question.path = path;
      return ask<reader::text_result>(
          *who_, reader(), std::move(question),
          [context](const reader::text_result& got) mutable -> caf::error {
            if (got.text.size() > page_bytes_max)
              return make_error(ec::too_large,
                                "it has " + std::to_string(got.text.size())
                                    + " bytes; a message holds "
                                    + std::to_string(page_bytes_max)
                                    + " of it: ask for its entries",
                                "path");
            context.getResults().initResult().initValue().setText(
                text(got.text));
            return {};
          });
    });
  }

  kj::Promise<void> shred(ShredContext context) override {
    return shred_for(*who_, context);
  }

  kj::Promise<void> recordOutcome(RecordOutcomeContext context) override {
    return record_outcome_for(*who_, context);
  }

  kj::Promise<void> replay(ReplayContext context) override {
    return replay_for(*who_, context);
  }

  kj::Promise<void> sealed(SealedContext context) override {
    return sealed_for(*who_, context);
  }

  kj::Promise<void> archive(ArchiveContext context) override {
    return archive_for(*who_, context);
  }

private:
  bool reads_all() const { return who_->may(verb::read_ledger); }
  verb reading() const {
    return reads_all() ? verb::read_ledger : verb::read_own_entries;
  }
  reader_actor reader() { return who_->with().others().reader.get(); }

  /// Whoever may read only what they caused does not learn that others' entries
  /// exist.
  caf::error check_mine(const reader::located& found) {
    if (reads_all() || found.entry->caller.subject == who_->who().subject)
      return {};
    return make_error(ec::not_found, "there is no such entry of yours",
                      "entry");
  }

  kj::Own<session> who_;
};

} // namespace

schema::Ledger::Client make_ledger(kj::Own<session> who) {
  return kj::heap<ledger_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
