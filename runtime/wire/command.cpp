// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/command.hpp"

#include "runtime/wire/identity_codec.hpp"
#include "runtime/wire/message_impl.hpp"
#include "schemas/command.capnp.h"

namespace acgs::wire {

namespace {

using namespace detail;

void write(const domain::command& from, schema::Command::Builder to) {
  to.setKind(static_cast<std::uint8_t>(from.kind));
  put_text(from.name, [&](unsigned n) { return to.initName(n); });
  put_text(from.body, [&](unsigned n) { return to.initBody(n); });
  put_text(from.reason, [&](unsigned n) { return to.initReason(n); });
  put_text(from.request_id, [&](unsigned n) { return to.initRequestId(n); });
  to.setTimeNanos(from.time_nanos);
  to.setExpectedRevision(from.expected_revision);
  write_identity(from.caller, to.initCaller());
  if (!from.salt.empty())
    to.setSalt(data(from.salt));
}

domain::command read(schema::Command::Reader from) {
  domain::command out;
  // An unknown kind must not be taken for a known one: a node that is older
  // than the command may not go on.
  KJ_REQUIRE(from.getKind() < domain::command_kind_names.size(),
             "a kind of command that this version does not know");
  out.kind = static_cast<domain::command_kind>(from.getKind());
  out.name = text(from.getName());
  out.body = text(from.getBody());
  out.reason = text(from.getReason());
  out.request_id = text(from.getRequestId());
  out.time_nanos = from.getTimeNanos();
  out.expected_revision = from.getExpectedRevision();
  out.caller = read_identity(from.getCaller());
  out.salt = data(from.getSalt());
  return out;
}

} // namespace

ACGS_WIRE_MESSAGE(domain::command, schema::Command)

template class message<domain::command>;

} // namespace acgs::wire
