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
#include <kj/function.h>

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

/// Where the results of a call hold an error. What follows is of no call's
/// types: promises of each would be half of this library.
using error_place = kj::Function<schema::Error::Builder()>;

template <class Context>
error_place error_place_in(Context context) {
  return [context]() mutable {
    return context.getResults().initResult().initError();
  };
}

/// Serves one call: `body` fills the results in and gives `caf::none`, or
/// gives the error that they are to hold.
kj::Promise<void> serve_call(session& who, auth::verb what, std::string subject,
                             error_place place,
                             kj::FunctionParam<kj::Promise<caf::error>()> body);

template <class Context, class Body>
kj::Promise<void> serve(session& who, auth::verb what, std::string subject,
                        Context context, Body body) {
  return serve_call(who, what, std::move(subject), error_place_in(context),
                    body);
}

/// The same for one that changes nothing that has a name.
template <class Context, class Body>
kj::Promise<void> serve(session& who, auth::verb what, Context context,
                        Body body) {
  return serve_call(who, what, {}, error_place_in(context), body);
}

/// Asks an actor; `read` makes of its reply what the call ends with.
kj::Promise<caf::error> ask(session& who, const caf::strong_actor_ptr& to,
                            std::chrono::nanoseconds timeout,
                            caf::message message,
                            kj::Function<caf::error(caf::message&)> read);

/// Asks an actor and lets `fill` write its reply into the results; `fill` may
/// give an error. For a reply without a value it takes nothing.
template <class Reply, class Handle, class Message, class Fill>
kj::Promise<caf::error> ask(session& who, const Handle& to,
                            std::chrono::nanoseconds timeout, Message message,
                            Fill fill) {
  return ask(
      who, caf::actor_cast<caf::strong_actor_ptr>(to), timeout,
      caf::make_message(std::move(message)),
      [fill = std::move(fill)](caf::message& reply) mutable -> caf::error {
        auto got = net::kj_bridge::reply_as<Reply>(reply);
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

/// Goes on with `next` where `before` ends without an error.
kj::Promise<caf::error> and_then(kj::Promise<caf::error> before,
                                 kj::Function<kj::Promise<caf::error>()> next);

} // namespace acgs::rpc_gateway
