// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// user ..., token ...

#include "actors/shell/environment.hpp"

#include <charconv>
#include <limits>

namespace acgs::shell {

namespace {

const std::vector<std::string> roles{"viewer", "agent", "analyst", "operator",
                                     "admin"};

int user_list(invocation& in, client::connection& node) {
  return show(in, node.identities().users(), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got)
      rows.push_back({{"name", text(each.name)},
                      {"role", text(each.role)},
                      {"tenant", text(each.tenant)},
                      {"revoked", boolean(each.revoked)},
                      {"created", time(each.created_nanos)}});
    in.out().list(rows);
    return 0;
  });
}

int user_add(invocation& in) {
  client::new_user user;
  user.name = in.value("name");
  user.role = in.value("role");
  user.tenant = in.value("tenant");
  auto* node = in.node();
  if (!node)
    return in.failed();
  // Those prove themselves in another way.
  auto needs_none = user.name.starts_with("uid:")
                    || user.name.starts_with("cert:")
                    || in.has("keep-password");
  if (!needs_none) {
    auto typed = in.env().ask_secret("password of '" + user.name + "': ");
    if (!typed)
      return in.fail(make_error(ec::invalid_argument,
                                "no password was given; nothing was done",
                                "password"));
    user.password = std::move(*typed);
  }
  auto error = node->identities().put_user(user);
  std::fill(user.password.begin(), user.password.end(), '\0');
  return report(in, error, "saved '" + user.name + "'");
}

int user_revoke(invocation& in, client::connection& node) {
  return report(in,
                node.identities().revoke_user(in.value("name"), in.change()),
                "revoked '" + in.value("name") + "'");
}

/// "90d", "12h", "30m", "45s" in nanoseconds.
result<std::int64_t> read_lifetime(const std::string& word) {
  std::int64_t count = 0;
  auto* end = word.data() + word.size();
  auto [stopped, error] = std::from_chars(word.data(), end, count);
  std::int64_t unit = 0;
  if (error == std::errc{} && end - stopped == 1)
    switch (*stopped) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    }
  auto largest = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
  if (unit == 0 || count <= 0 || count > largest / unit)
    return make_error(ec::invalid_argument,
                      "'" + word
                          + "' is no lifetime; expected a number with s, m, h "
                            "or d, such as 12h",
                      "ttl");
  return count * unit * 1'000'000'000;
}

int token_issue(invocation& in) {
  client::token_request request;
  request.subject = in.has("subject") ? in.value("subject") : in.value("role");
  request.role = in.value("role");
  request.tenant = in.value("tenant");
  request.kind = in.has("api-key") ? "api_key" : "access";
  if (in.has("ttl")) {
    auto lifetime = read_lifetime(in.value("ttl"));
    if (!lifetime)
      return in.fail(lifetime.error());
    request.lifetime_nanos = *lifetime;
  }
  auto* node = in.node();
  if (!node)
    return in.failed();
  return show(in, node->identities().issue_token(request),
              [&](const client::issued_token& got) {
                if (in.has("quiet") && !in.out().is_json()) {
                  in.out().document(got.token);
                  return 0;
                }
                in.out().record({{"token", text(got.token)},
                                 {"id", text(got.id)},
                                 {"subject", text(request.subject)},
                                 {"role", text(request.role)},
                                 {"expires", time(got.expires_nanos)}});
                return 0;
              });
}

int token_revoke(invocation& in, client::connection& node) {
  return report(in, node.identities().revoke_token(in.value("id"), in.change()),
                "revoked '" + in.value("id") + "'");
}

int token_list(invocation& in, client::connection& node) {
  return show(in, node.identities().tokens(), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got)
      rows.push_back({{"id", text(each.id)},
                      {"subject", text(each.subject)},
                      {"role", text(each.role)},
                      {"kind", text(each.kind)},
                      {"revoked", boolean(each.revoked)},
                      {"issued", time(each.issued_nanos)},
                      {"expires", time(each.expires_nanos)}});
    in.out().list(rows);
    return 0;
  });
}

} // namespace

std::vector<command> identity_commands() {
  const parameter role{
      "--role", "what they may do", kind::choice, true, false, false, roles};
  const parameter user{
      "name",
      "the user; cert:admin is who has keys/tls/admin.pem, as in acgs user "
      "revoke cert:admin --yes",
      kind::user, true};
  return {
      {"user add",
       "Adds a user, or changes role and password of one",
       "acgs user add alice --role operator",
       {{"name",
         "the user; cert:admin is who has keys/tls/admin.pem, as in acgs user "
         "add cert:admin --role admin",
         kind::free, true},
        role,
        {"--tenant", "whom the user belongs to"},
        {"--keep-password", "change the role alone", kind::free, false, true}},
       false,
       user_add},
      {"user list",
       "Lists the users",
       "acgs user list",
       {},
       false,
       on_node<user_list>},
      {"user revoke",
       "Revokes a user and the user's tokens",
       "acgs user revoke alice --yes",
       {user, reason_option()},
       true,
       on_node<user_revoke>},
      {"token issue",
       "Issues a token; it is shown once",
       "acgs token issue --role agent --subject robot_1 --ttl 12h",
       {role,
        {"--subject", "who it stands for; the role's name where absent"},
        {"--tenant", "whom the subject belongs to"},
        {"--ttl", "lifetime such as 15m, 12h, 90d"},
        {"--api-key", "a long-lived one", kind::free, false, true},
        {"-q,--quiet", "show the token alone", kind::free, false, true}},
       false,
       token_issue},
      {"token revoke",
       "Revokes a token",
       "acgs token revoke 01a1fe43-3c14-7000-b028-d52df6b41102 --yes",
       {{"id", "the token's id", kind::token, true}, reason_option()},
       true,
       on_node<token_revoke>},
      {"token list",
       "Lists the tokens, never their secrets",
       "acgs token list",
       {},
       false,
       on_node<token_list>},
  };
}

} // namespace acgs::shell
