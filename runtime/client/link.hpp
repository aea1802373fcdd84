// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The connection behind `connection`: the kj loop of the calling thread, the
// stream, and the capabilities that the node has given so far. Used by the
// call groups (`*_calls.cpp`) and by the load client; not for others.
// Every kj exception ends here, as an error.

#include "runtime/client/client.hpp"
#include "schemas/gateway.capnp.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/compat/tls.h>

#include <optional>
#include <type_traits>
#include <utility>

namespace acgs::client {

/// What an RPC exception means to a caller.
caf::error error_from(const kj::Exception& exception);

/// The node's own error.
caf::error error_from(schema::Error::Reader from);

inline std::string copy(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

bytes copy(capnp::Data::Reader from);
domain::identity copy(schema::Identity::Reader from);

inline kj::StringPtr terminated(const std::string& text) {
  return {text.c_str(), text.size()};
}

void write(const change_options& from, schema::ChangeOptions::Builder to);
applied read_applied(schema::Applied::Reader from);

/// Runs `body`, which returns a result, and turns what it throws into an
/// error.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const kj::Exception& exception) {
    return error_from(exception);
  }
}

class link {
public:
  /// Connects; authenticates nothing yet.
  static result<std::unique_ptr<link>> open(const options& how);

  /// Gets the session; once, after `open`. By TLS 1.3 the node says only now
  /// whether it takes the client's certificate.
  caf::error authenticate(const std::string& token);

  /// Sends a request and gives what `convert` makes of the value answered.
  template <class Params, class Results, class Convert>
  auto ask(capnp::Request<Params, Results> request, Convert convert) {
    using value = decltype(convert(
        std::declval<typename Results::Reader>().getResult().getValue()));
    return guarded([&]() -> result<value> {
      auto answered = send(capnp::RequestHook::from(kj::mv(request)));
      if (!answered)
        return std::move(answered.error());
      auto answer = (*answered)->template getAs<Results>().getResult();
      if (!answer.isValue())
        return error_from(answer.getError());
      return convert(answer.getValue());
    });
  }

  /// The same for an answer that holds nothing.
  template <class Params, class Results>
  caf::error ask_for_nothing(capnp::Request<Params, Results> request) {
    auto out = ask(kj::mv(request), [](auto&&) { return true; });
    return out ? caf::error{} : std::move(out.error());
  }

  /// The capability that a request asks for; asked for once and then kept.
  template <class Client, class Params, class Results>
  result<Client*> granted(std::optional<Client>& kept,
                          capnp::Request<Params, Results> request) {
    if (!kept) {
      auto got = ask(kj::mv(request), [&](Client client) {
        kept.emplace(kj::mv(client));
        return true;
      });
      if (!got)
        return std::move(got.error());
    }
    return &*kept;
  }

  result<schema::Policy::Client*> policy();
  result<schema::Authoring::Client*> authoring();
  result<schema::Ledger::Client*> ledger();
  result<schema::Keys::Client*> keys();
  result<schema::Identities::Client*> identities();
  result<schema::Admin::Client*> admin();
  schema::Session::Client session() { return *session_; }
  kj::AsyncIoContext& io() { return io_; }
  void set_timeout(std::chrono::milliseconds each) {
    timeout_ = each.count() * kj::MILLISECONDS;
  }

private:
  explicit link(const options& how);

  result<kj::Own<kj::AsyncIoStream>> connect(const options& how);
  result<kj::Own<kj::AsyncIoStream>> secure(kj::Own<kj::AsyncIoStream> plain,
                                            kj::Own<kj::TlsContext> own,
                                            const options& how);

  using response = kj::Own<capnp::Response<capnp::AnyPointer>>;

  /// Sends a request and waits for its response, or until the time for calls
  /// is up. Of no method's types: promises of each would be a program of
  /// their own.
  result<response> send(kj::Own<capnp::RequestHook> request);

  /// Waits for it until the time for calls is up.
  template <class Pointer>
  result<Pointer> in_time(kj::Promise<Pointer> promise) {
    // A promise of a pointer may not come to one that is null.
    using maybe = kj::Maybe<Pointer>;
    auto up = io_.provider->getTimer().afterDelay(timeout_);
    auto got = promise.then([](Pointer there) { return maybe{kj::mv(there)}; })
                   .exclusiveJoin(up.then([] { return maybe{}; }))
                   .wait(io_.waitScope);
    KJ_IF_MAYBE (there, got)
      return kj::mv(*there);
    return late();
  }

  caf::error late() const;

  std::string certificate_; ///< of a connection over TLS; else empty
  kj::AsyncIoContext io_;
  kj::Duration timeout_;
  kj::Own<kj::AsyncIoStream> stream_;
  kj::Own<capnp::TwoPartyClient> rpc_;
  std::optional<schema::Session::Client> session_;
  std::optional<schema::Policy::Client> policy_;
  std::optional<schema::Authoring::Client> authoring_;
  std::optional<schema::Ledger::Client> ledger_;
  std::optional<schema::Keys::Client> keys_;
  std::optional<schema::Identities::Client> identities_;
  std::optional<schema::Admin::Client> admin_;
};

} // namespace acgs::client
