// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One request on its way through the gateway: what is asked, by whom, and the
// one answer, which is logged and counted here. Kept alive by whatever waits
// for an actor on its behalf; used on the gateway's loop.

#include "actors/http_gateway/errors.hpp"
#include "actors/http_gateway/router.hpp"
#include "actors/http_gateway/services.hpp"
#include "runtime/domain/identity.hpp"
#include "runtime/net/http/server.hpp"
#include "runtime/net/http/url.hpp"

#include <memory>
#include <string>
#include <vector>

namespace acgs::http_gateway {

class call : public std::enable_shared_from_this<call> {
public:
  call(services& shared, http::exchange waiting);

  /// The request. Not to be asked for after the answer.
  const http::request& asked() const { return exchange_.asked(); }
  const http::peer& from() const { return exchange_.from(); }

  /// Answers, once (a second answer is dropped), with these fields added:
  /// X-Request-ID, and for pages of other origins what lets them read the
  /// answer.
  void answer(http::response with);

  /// Answers 200 with a JSON text.
  void answer_json(std::string body);

  /// Answers with an error in the route's style. What is forbidden to a caller
  /// without a credential is `unauthenticated`: with one it might not be.
  void fail(const caf::error& error);
  void fail(problem what);

  /// What stands for the pattern's hole of that number.
  const std::string& capture(std::size_t i) const {
    return matched.captures.at(i);
  }

  /// Asks an actor on behalf of this call. `then` takes the reply; an error
  /// becomes the answer.
  template <class Handle, class Message, class Then>
  void ask(const Handle& to, std::chrono::nanoseconds limit, Message message,
           Then then) {
    using reply = net::asio_bridge::reply_t<Handle, Message>;
    with.bridge->request(to, std::move(message), limit,
                         [self = shared_from_this(),
                          then = std::move(then)](result<reply> got) mutable {
                           if (!got)
                             return self->fail(got.error());
                           if constexpr (std::is_void_v<reply>)
                             then();
                           else
                             then(*got);
                         });
  }

  /// The same within the usual time.
  template <class Handle, class Message, class Then>
  void ask(const Handle& to, Message message, Then then) {
    ask(to, with.settings.call_timeout, std::move(message), std::move(then));
  }

  services& with;
  std::string request_id;
  domain::identity who;
  router::match matched;
  http::query_parameters query;
  error_style style = error_style::runbook;
  bool too_often = false; ///< of a probe of health, which is answered anyway

private:
  void note(unsigned status);

  http::exchange exchange_;
  bool answered_ = false;
};

} // namespace acgs::http_gateway
