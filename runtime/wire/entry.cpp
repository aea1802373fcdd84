// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/entry.hpp"

#include "runtime/wire/identity_codec.hpp"
#include "runtime/wire/message_impl.hpp"
#include "schemas/entry.capnp.h"

#include <algorithm>

namespace acgs::wire {

namespace {

using namespace detail;

void write(const domain::entry& from, schema::Entry::Builder to) {
  to.setKind(static_cast<std::uint8_t>(from.kind));
  to.setTimeNanos(from.time_nanos);
  put_text(from.node, [&](unsigned n) { return to.initNode(n); });
  put_text(from.event_type, [&](unsigned n) { return to.initEventType(n); });
  put_text(from.request_id, [&](unsigned n) { return to.initRequestId(n); });
  put_text(from.decision_id, [&](unsigned n) { return to.initDecisionId(n); });
  put_text(from.agent, [&](unsigned n) { return to.initAgent(n); });
  put_text(from.path, [&](unsigned n) { return to.initPath(n); });
  to.setOutcome(static_cast<std::uint8_t>(from.outcome));
  write_identity(from.caller, to.initCaller());
  to.setPolicyDigest(data(from.policy_digest));
  to.setDataDigest(data(from.data_digest));
  to.setRevision(from.revision);
  to.setRaftIndex(from.raft_index);
  to.setDurationNanos(from.duration_nanos);
  put_text(from.detail, [&](unsigned n) { return to.initDetail(n); });
  auto list =
      to.initCommitments(static_cast<unsigned>(from.commitments.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setKind(static_cast<std::uint8_t>(from.commitments[i].kind));
    list[i].setValue(data(byte_view{from.commitments[i].value}));
  }
}

domain::entry read(schema::Entry::Reader from) {
  domain::entry out;
  out.kind = checked_enum(from.getKind(), domain::entry_kind_names.size(),
                          domain::entry_kind::event);
  out.time_nanos = from.getTimeNanos();
  out.node = text(from.getNode());
  out.event_type = text(from.getEventType());
  out.request_id = text(from.getRequestId());
  out.decision_id = text(from.getDecisionId());
  out.agent = text(from.getAgent());
  out.path = text(from.getPath());
  out.outcome = checked_enum(from.getOutcome(), domain::verdict_names.size(),
                             domain::verdict::error);
  out.caller = read_identity(from.getCaller());
  out.policy_digest = data(from.getPolicyDigest());
  out.data_digest = data(from.getDataDigest());
  out.revision = from.getRevision();
  out.raft_index = from.getRaftIndex();
  out.duration_nanos = from.getDurationNanos();
  out.detail = text(from.getDetail());
  for (auto each : from.getCommitments()) {
    domain::commitment one;
    one.kind = checked_enum(each.getKind(), 4, domain::payload_kind::detail);
    auto value = data(each.getValue());
    KJ_REQUIRE(value.size() == one.value.size(),
               "a commitment must have 32 bytes");
    std::copy(value.begin(), value.end(), one.value.begin());
    out.commitments.push_back(one);
  }
  return out;
}

} // namespace

ACGS_WIRE_MESSAGE(domain::entry, schema::Entry)

template class message<domain::entry>;

} // namespace acgs::wire
