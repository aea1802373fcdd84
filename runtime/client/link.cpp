// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

#include "runtime/base/code_named.hpp"
#include "runtime/client/address.hpp"
#include "runtime/client/tls.hpp"

namespace acgs::client {

namespace {

template <class Enum>
Enum checked(std::uint8_t value, std::size_t count, Enum fallback) {
  return value < count ? static_cast<Enum>(value) : fallback;
}

/// KJ describes a system call that failed by its source text: "::write(fd, at,
/// size): Broken pipe; size = 48". Of that, what the system said.
std::string without_call(const std::string& description) {
  auto begin = description.find("): ");
  if (!description.starts_with("::") || begin == std::string::npos)
    return description;
  begin += 3;
  return description.substr(begin, description.find(';', begin) - begin);
}

/// Why there is no way to the address, without KJ's source text.
std::string why_unreachable(const std::string& description) {
  std::string_view no_host = "DNS lookup failed";
  std::string_view reason = "gai_strerror(status) = ";
  if (auto at = description.find(reason);
      description.starts_with(no_host) && at != std::string::npos)
    return "the host is not known: " + description.substr(at + reason.size());
  return description;
}

} // namespace

caf::error error_from(const kj::Exception& exception) {
  std::string what = exception.getDescription().cStr();
  switch (exception.getType()) {
  case kj::Exception::Type::DISCONNECTED:
    return make_error(ec::unavailable,
                      "the connection was lost: " + without_call(what));
  case kj::Exception::Type::OVERLOADED:
    return make_error(ec::overloaded, what);
  case kj::Exception::Type::UNIMPLEMENTED:
    return make_error(ec::unavailable, "the node does not know this call");
  default:
    return make_error(ec::internal, what);
  }
}

caf::error error_from(schema::Error::Reader from) {
  return make_error(code_named(copy(from.getCode())), copy(from.getMessage()),
                    copy(from.getField()));
}

bytes copy(capnp::Data::Reader from) {
  auto view = std::as_bytes(std::span{from.begin(), from.size()});
  return {view.begin(), view.end()};
}

domain::identity copy(schema::Identity::Reader from) {
  domain::identity out;
  out.subject = copy(from.getSubject());
  out.role_ =
      checked(from.getRole(), domain::role_names.size(), domain::role::agent);
  out.tenant = copy(from.getTenant());
  out.method = checked(from.getMethod(), domain::auth_method_names.size(),
                       domain::auth_method::anonymous);
  out.token_id = copy(from.getTokenId());
  out.address = copy(from.getAddress());
  return out;
}

void write(const change_options& from, schema::ChangeOptions::Builder to) {
  to.setReason(terminated(from.reason));
  to.setRequestId(terminated(from.request_id));
  to.setExpectedRevision(from.expected_revision);
}

applied read_applied(schema::Applied::Reader from) {
  return {from.getRevision(), from.getIndex()};
}

link::link(const options& how)
    : io_{kj::setupAsyncIo()}, timeout_{how.timeout.count()
                                        * kj::MILLISECONDS} {
  // Connected by `open`.
}

result<std::unique_ptr<link>> link::open(const options& how) {
  return guarded([&]() -> result<std::unique_ptr<link>> {
    std::unique_ptr<link> out{new link{how}};
    auto stream = out->connect(how);
    if (!stream)
      return std::move(stream.error());
    out->stream_ = kj::mv(*stream);
    out->rpc_ = kj::heap<capnp::TwoPartyClient>(*out->stream_);
    return out;
  });
}

result<kj::Own<kj::AsyncIoStream>> link::connect(const options& how) {
  if (auto wrong = check_address(how.address))
    return wrong;
  auto local = how.address.starts_with("unix:");
  kj::Own<kj::TlsContext> own;
  if (!local) { // one's own mistakes are told before the node's absence
    auto made = make_tls_context(how);
    if (!made)
      return std::move(made.error());
    own = kj::mv(*made);
  }
  using stream = kj::Own<kj::AsyncIoStream>;
  try {
    auto plain =
        in_time<stream>(io_.provider->getNetwork()
                            .parseAddress(how.address.c_str())
                            .then([](kj::Own<kj::NetworkAddress> address) {
                              auto promise = address->connect();
                              return promise.attach(kj::mv(address));
                            }));
    if (!plain || local)
      return plain;
    certificate_ = how.certificate;
    return secure(kj::mv(*plain), kj::mv(own), how);
  } catch (const kj::Exception& exception) {
    return make_error(ec::unavailable,
                      "cannot reach a node at " + how.address + ": "
                          + why_unreachable(exception.getDescription().cStr()));
  }
}

result<kj::Own<kj::AsyncIoStream>>
link::secure(kj::Own<kj::AsyncIoStream> plain, kj::Own<kj::TlsContext> own,
             const options& how) {
  auto name = server_name(how);
  auto stream = in_time<kj::Own<kj::AsyncIoStream>>(
      own->wrapClient(kj::mv(plain), terminated(name)));
  if (!stream)
    return stream;
  return stream->attach(kj::mv(own));
}

caf::error link::authenticate(const std::string& token) {
  auto request =
      rpc_->bootstrap().castAs<schema::Gateway>().authenticateRequest();
  if (token.empty())
    request.initCredential().setConnection();
  else
    request.initCredential().setToken(terminated(token));
  auto got = ask(kj::mv(request), [this](schema::Session::Client session) {
    session_.emplace(kj::mv(session));
    return true;
  });
  if (got)
    return {};
  if (!rpc_->onDisconnect().poll(io_.waitScope))
    return std::move(got.error());
  // Nothing can be told to whom it has no place for.
  auto perhaps =
      certificate_.empty()
          ? "; the node hung up before it answered, as it does where "
            "rpc.sessions_max connections are all in use"
          : "; the node may have refused the certificate '" + certificate_
                + "' and recorded why";
  return make_error(code_of(got.error()), sentence_of(got.error()) + perhaps);
}

result<link::response> link::send(kj::Own<capnp::RequestHook> request) {
  auto answered =
      request->send().then([](capnp::Response<capnp::AnyPointer>&& got) {
        return kj::heap(kj::mv(got));
      });
  return in_time<response>(kj::mv(answered));
}

caf::error link::late() const {
  return make_error(ec::timed_out,
                    "no answer within "
                        + std::to_string(timeout_ / kj::MILLISECONDS)
                        + " ms; the effect is unknown");
}

result<schema::Policy::Client*> link::policy() {
  return granted(policy_, session_->policyRequest());
}

result<schema::Authoring::Client*> link::authoring() {
  auto from = policy();
  if (!from)
    return std::move(from.error());
  return granted(authoring_, (*from)->authoringRequest());
}

result<schema::Ledger::Client*> link::ledger() {
  return granted(ledger_, session_->ledgerRequest());
}

result<schema::Keys::Client*> link::keys() {
  return granted(keys_, session_->keysRequest());
}

result<schema::Identities::Client*> link::identities() {
  return granted(identities_, session_->identitiesRequest());
}

result<schema::Admin::Client*> link::admin() {
  return granted(admin_, session_->adminRequest());
}

} // namespace acgs::client
