// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/gate.hpp"
#include "actors/rpc_gateway/ledger_verbs.hpp"
#include "runtime/auth/notes.hpp"

#include <algorithm>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

result<digest> read_digest(capnp::Data::Reader from, const char* field) {
  digest out;
  if (from.size() != out.size())
    return make_error(ec::invalid_argument,
                      std::string{field} + " has " + std::to_string(from.size())
                          + " bytes; expected a SHA-256 of 32",
                      field);
  std::transform(from.begin(), from.end(), out.begin(),
                 [](kj::byte each) { return std::byte{each}; });
  return out;
}

result<auth::archive_note> read(schema::ArchivedPart::Reader from) {
  auth::archive_note out;
  out.first = from.getFirst();
  out.size = from.getSize();
  auto root = read_digest(from.getRoot(), "root");
  if (!root)
    return root.error();
  out.root = *root;
  auto payloads = read_digest(from.getPayloads(), "payloads");
  if (!payloads)
    return payloads.error();
  out.payloads = *payloads;
  return out;
}

void write(const reader::sealed_result& from, schema::SealedPiece::Builder to) {
  to.setContent({reinterpret_cast<const kj::byte*>(from.content.data()),
                 from.content.size()});
  to.setMore(from.next.has_value());
  if (!from.next)
    return;
  auto next = to.initNext();
  next.setBundle(from.next->bundle);
  next.setOffset(from.next->offset);
  next.setIndex(from.next->index);
  next.setPlace(from.next->place);
}

} // namespace

kj::Promise<void> sealed_for(session& who, sealed_context context) {
  return serve(who, verb::archive, context, [&] {
    auto from = context.getParams().getFrom();
    reader::get_sealed question{from.getBundle(), from.getOffset(),
                                from.getIndex(), from.getPlace()};
    return ask<reader::sealed_result>(
        who, who.with().others().reader.get(), question,
        [context](const reader::sealed_result& got) mutable {
          write(got, context.getResults().initResult().initValue());
        });
  });
}

kj::Promise<void> archive_for(session& who, archive_context context) {
  return serve(who, verb::archive, context, [&]() -> kj::Promise<caf::error> {
    auto params = context.getParams();
    auto part = read(params.getPart());
    if (!part)
      return std::move(part.error());
    auto what = make_deed(who, verb::archive, "archive",
                          std::to_string(part->size), params.getChange());
    if (!what)
      return std::move(what.error());
    if (auto wrong = auth::check_archive(*what))
      return wrong;
    return and_then(permit(who, *what), [&who, context, deed = *what,
                                         note = *part]() mutable {
      ledger::archive order;
      order.size = note.size;
      order.root = note.root;
      order.record.entry =
          auth::archive_entry(deed, who.who(), note, occasion_of(who));
      return ask<ledger::archived>(
          who, who.with().others().ledger.get(), std::move(order),
          [context](const ledger::archived& done) mutable {
            context.getResults().initResult().initValue().setIndex(done.index);
          });
    });
  });
}

} // namespace acgs::rpc_gateway
