// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a capability answers a call: admit it, do it, and fill in a value or an
// error. Nothing that a client can cause becomes an RPC exception, but a
// message that is itself malformed.

#include "actors/rpc_gateway/session.hpp"
#include "runtime/auth/admin_gate.hpp"
#include "schemas/gateway.capnp.h"

#include <kj/async.h>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace acgs::rpc_gateway {

/// Names, paths and reasons from clients are at most this long.
inline constexpr std::size_t name_bytes_max = 1024;

inline std::string copy(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

/// For setters of texts, which want a terminating zero.
inline kj::StringPtr text(const std::string& from) {
  return {from.c_str(), from.size()};
}

/// A question's or an outcome's idempotency key, if the client set one, be it
/// an empty one.
template <class Reader>
std::optional<std::string_view> idempotency_key_in(Reader from) {
  if (!from.hasIdempotencyKey())
    return std::nullopt;
  auto given = from.getIdempotencyKey();
  return std::string_view{given.begin(), given.size()};
}

void write_error(const caf::error& from, schema::Error::Builder to);

/// Fails with `invalid_argument` where the text is empty or too long.
caf::error check_name(std::string_view value, const char* field);

/// The client's request id, or one of ours where it gave none. Fails with
/// `invalid_argument`.
result<std::string> request_id(session& who, capnp::Text::Reader given);

/// Where and when something about the session happens.
auth::occasion occasion_of(session& who);

/// Has LEDGER keep the entry and gives `verdict` then, or the error that kept
/// it from being recorded.
kj::Promise<caf::error> record(session& who, wire::entry entry,
                               caf::error verdict);

/// Counts a call that was not let in, and records it where it was for a verb
/// that changes the node: `subject` is what it would have changed.
kj::Promise<caf::error> refuse(session& who, auth::verb what,
                               std::string subject, caf::error why);

/// Serves one call: `body` fills the results in and gives `caf::none`, or
/// gives the error that they are to hold.
template <class Context, class Body>
kj::Promise<void> serve(session& who, auth::verb what, std::string subject,
                        Context context, Body body) {
  if (auto refused = who.admit(what))
    return refuse(who, what, std::move(subject), std::move(refused))
        .then([context](caf::error error) mutable {
          write_error(error, context.getResults().initResult().initError());
        })
        .attach(kj::addRef(who));
  auto counted = kj::heap<ticket>(kj::addRef(who), what);
  auto& outcome = counted->how;
  kj::Promise<caf::error> done = body();
  return done
      .then([context, &outcome](caf::error error) mutable {
        if (error)
          write_error(error, context.getResults().initResult().initError());
        outcome = std::move(error);
      })
      .attach(kj::mv(counted));
}

/// The same for one that changes nothing that has a name.
template <class Context, class Body>
kj::Promise<void> serve(session& who, auth::verb what, Context context,
                        Body body) {
  return serve(who, what, {}, kj::mv(context), kj::mv(body));
}

/// Asks an actor and lets `fill` write its reply into the results; `fill` may
/// give an error. For a reply without a value it takes nothing.
template <class Reply, class Handle, class Message, class Fill>
kj::Promise<caf::error> ask(session& who, const Handle& to,
                            std::chrono::nanoseconds timeout, Message message,
                            Fill fill) {
  return who.with()
      .bridge.call<Reply>(to, timeout, std::move(message))
      .then([fill = std::move(fill)](result<Reply> got) mutable -> caf::error {
        if (!got)
          return std::move(got.error());
        if constexpr (std::is_same_v<Reply, caf::unit_t>)
          return fill(), caf::error{};
        else if constexpr (std::is_void_v<decltype(fill(*got))>)
          return fill(*got), caf::error{};
        else
          return fill(*got);
      });
}

/// The same within the usual time.
template <class Reply, class Handle, class Message, class Fill>
kj::Promise<caf::error> ask(session& who, const Handle& to, Message message,
                            Fill fill) {
  return ask<Reply>(who, to, who.with().settings.call_timeout,
                    std::move(message), std::move(fill));
}

/// Goes on with `next`, which gives a promise of an error, where `before`
/// ends without one.
template <class Next>
kj::Promise<caf::error> and_then(kj::Promise<caf::error> before, Next next) {
  return before.then([next = std::move(next)](
                         caf::error error) mutable -> kj::Promise<caf::error> {
    if (error)
      return error;
    return next();
  });
}

} // namespace acgs::rpc_gateway
