// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Log-in, refresh and log-out by IDENTITY, and who one is.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

constexpr std::size_t body_bytes_max = 16 * 1024;

/// The text of that name in the body. Fails with `invalid_argument`; the
/// sentence never repeats what was sent.
result<std::string> text_of(const json::value& body, const char* key) {
  const auto* found = body.find(key);
  const auto* text = found ? found->if_string() : nullptr;
  if (!text || text->empty())
    return make_error(ec::invalid_argument,
                      std::string{key} + " is missing; expected a text", key);
  return *text;
}

void answer_pair(const call_ptr& who, const identity::token_pair& pair) {
  auto left = pair.expires_nanos - to_nanos(who->with.time().now());
  json_object out;
  out.text("access_token", pair.access_token).text("token_type", "Bearer");
  if (!pair.refresh_token.empty())
    out.text("refresh_token", pair.refresh_token);
  out.number("expires_in", std::max<std::int64_t>(0, left / 1'000'000'000))
      .text("role", to_string_view(pair.role_));
  http::response response{.body = out.take()};
  response.fields.emplace_back("Cache-Control", "no-store");
  who->answer(std::move(response));
}

void login(const call_ptr& who) {
  auto body = json::parse(who->asked().body, {.bytes = body_bytes_max});
  if (!body)
    return who->fail(body.error());
  auto user = text_of(*body, "username");
  if (!user)
    return who->fail(user.error());
  auto password = text_of(*body, "password");
  if (!password)
    return who->fail(password.error());
  who->ask(who->with.others().identity.get(),
           identity::login{std::move(*user), std::move(*password),
                           who->from().address, who->request_id},
           [who](const identity::token_pair& pair) { answer_pair(who, pair); });
}

void refresh(const call_ptr& who) {
  auto body = json::parse(who->asked().body, {.bytes = body_bytes_max});
  if (!body)
    return who->fail(body.error());
  auto token = text_of(*body, "refresh_token");
  if (!token)
    return who->fail(token.error());
  who->ask(who->with.others().identity.get(),
           identity::refresh{std::move(*token), who->from().address,
                             who->request_id},
           [who](const identity::token_pair& pair) { answer_pair(who, pair); });
}

void logout(const call_ptr& who) {
  if (who->who.token_id.empty())
    return who->fail(make_error(ec::unauthenticated,
                                "only somebody with a token can log out"));
  who->ask(
      who->with.others().identity.get(),
      identity::revoke{who->who.token_id, who->who, who->request_id}, [who] {
        who->answer_json(json_object{}.text("status", "logged_out").take());
      });
}

void me(const call_ptr& who) {
  const auto& caller = who->who;
  json_object out;
  out.text("subject", caller.subject)
      .text("username", caller.subject)
      .text("role", to_string_view(caller.role_))
      .text("tenant", caller.tenant)
      .text("method", to_string_view(caller.method))
      .text("address", caller.address);
  if (!caller.token_id.empty())
    out.text("token_id", caller.token_id);
  who->answer_json(out.take());
}

} // namespace

void add_auth_routes(std::vector<route>& to) {
  // Whoever logs in has nothing yet but the role of a stranger; and an admin
  // must be able to log in to lift a lockdown.
  constexpr auto right = auth::verb::info;
  constexpr auto style = error_style::runbook;
  to.push_back({method::post, "/auth/login", right, style, "", login});
  to.push_back(
      {method::post, "/auth/token/refresh", right, style, "", refresh});
  to.push_back({method::post, "/auth/logout", right, style, "", logout});
  to.push_back({method::get, "/auth/me", right, style, "", me});
}

} // namespace acgs::http_gateway
