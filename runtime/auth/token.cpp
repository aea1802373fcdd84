// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/token.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/equal.hpp"
#include "runtime/crypto/sha256.hpp"

#include <algorithm>

namespace acgs::auth {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::string_view issuer = "acgs";
constexpr std::size_t token_id_bytes_max = 64;
constexpr std::size_t subject_bytes_max = 256;

/// No reason is given for what only a forger can get wrong.
caf::error refused_token(std::string why) {
  return make_error(ec::unauthenticated, "the token " + std::move(why));
}

json::value in_seconds(wall_time time) {
  return json::value{static_cast<std::int64_t>(
      duration_cast<seconds>(time.time_since_epoch()).count())};
}

std::string encoded(const json::value& part) {
  return crypto::to_base64url(as_byte_view(json::to_text(part)));
}

result<json::value> decoded(std::string_view part) {
  auto raw = crypto::from_base64url(part);
  if (!raw)
    return refused_token("is not base64url");
  auto read =
      json::parse(as_text(*raw), {.bytes = token_bytes_max, .depth = 2});
  if (!read || !read->if_object())
    return refused_token("does not hold JSON objects");
  return read;
}

/// The key that the header names; refuses any header but ours.
result<const token_key*> key_of(const json::value& header,
                                std::span<const token_key> keys) {
  auto alg = header.find("alg");
  auto typ = header.find("typ");
  auto kid = header.find("kid");
  if (!alg || !typ || !kid || header.if_object()->size() != 3)
    return refused_token("has a header that is not ours");
  if (*alg != json::value{"EdDSA"} || *typ != json::value{"JWT"}
      || !kid->if_string())
    return refused_token("is not an EdDSA JWT");
  auto named = std::find_if(keys.begin(), keys.end(), [&](const auto& key) {
    return key.id() == *kid->if_string();
  });
  if (named == keys.end())
    return refused_token("was signed with a key that is not in use here");
  return &*named;
}

/// Reads claims one by one and remembers what was wrong.
class claim_reader {
public:
  explicit claim_reader(const json::value& from) : from_{from} {}

  std::string text(const char* name, std::size_t max, bool required = true) {
    auto found = from_.find(name);
    if (!found && !required)
      return {};
    if (!found || !found->if_string() || found->if_string()->size() > max
        || (required && found->if_string()->empty())) {
      wrong_ = name;
      return {};
    }
    return *found->if_string();
  }

  wall_time time(const char* name) {
    auto found = from_.find(name);
    auto count = found ? found->as_int() : std::nullopt;
    // Up to the year 2200, so that nanoseconds do not overflow.
    if (!count || *count < 0 || *count > 7258118400) {
      wrong_ = name;
      return {};
    }
    return wall_time{seconds{*count}};
  }

  template <class T>
  T one_of(const char* name, std::span<const std::string_view> names) {
    auto chosen = text(name, 16);
    auto at = std::find(names.begin(), names.end(), chosen);
    if (at == names.end()) {
      wrong_ = name;
      return {};
    }
    return static_cast<T>(at - names.begin());
  }

  const char* wrong() const { return wrong_; }

private:
  const json::value& from_;
  const char* wrong_ = nullptr;
};

result<claims> read_claims(const json::value& from) {
  claim_reader read{from};
  if (read.text("iss", 64) != issuer)
    return refused_token("was issued by somebody else");
  claims out;
  out.token_id = read.text("jti", token_id_bytes_max);
  out.subject = read.text("sub", subject_bytes_max);
  out.tenant = read.text("tenant", subject_bytes_max, false);
  out.family = read.text("fam", token_id_bytes_max, false);
  out.role_ = read.one_of<domain::role>("role", domain::role_names);
  out.kind = read.one_of<domain::token_kind>("kind", domain::token_kind_names);
  out.issued = read.time("iat");
  out.not_before = read.time("nbf");
  out.expires = read.time("exp");
  if (read.wrong())
    return refused_token("has no proper claim \"" + std::string{read.wrong()}
                         + "\"");
  return out;
}

} // namespace

std::string token_key::id() const {
  return to_hex(byte_view{crypto::sha256_of(key)}.first(8));
}

std::string signing_input(const claims& of, const token_key& by) {
  json::object header;
  header.emplace("alg", json::value{"EdDSA"});
  header.emplace("kid", json::value{by.id()});
  header.emplace("typ", json::value{"JWT"});
  json::object payload;
  payload.emplace("iss", json::value{std::string{issuer}});
  payload.emplace("jti", json::value{of.token_id});
  payload.emplace("sub", json::value{of.subject});
  payload.emplace("role", json::value{std::string{to_string_view(of.role_)}});
  payload.emplace("kind", json::value{std::string{to_string_view(of.kind)}});
  payload.emplace("iat", in_seconds(of.issued));
  payload.emplace("nbf", in_seconds(of.not_before));
  payload.emplace("exp", in_seconds(of.expires));
  if (!of.tenant.empty())
    payload.emplace("tenant", json::value{of.tenant});
  if (!of.family.empty())
    payload.emplace("fam", json::value{of.family});
  return encoded(json::value{std::move(header)}) + '.'
         + encoded(json::value{std::move(payload)});
}

std::string with_signature(std::string signing_input, byte_view signature) {
  signing_input += '.';
  signing_input += crypto::to_base64url(signature);
  return signing_input;
}

result<claims> verify_token(std::string_view token,
                            std::span<const token_key> keys, wall_time now) {
  if (token.size() > token_bytes_max)
    return refused_token("is longer than " + std::to_string(token_bytes_max)
                         + " characters");
  auto first = token.find('.');
  auto second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos)
    return refused_token("does not have three parts");
  auto header = decoded(token.substr(0, first));
  if (!header)
    return header.error();
  auto key = key_of(*header, keys);
  if (!key)
    return key.error();
  auto signature = crypto::from_base64url(token.substr(second + 1));
  if (!signature || signature->size() != crypto::signature{}.size()
      || !crypto::verify((*key)->key, as_byte_view(token.substr(0, second)),
                         *signature))
    return refused_token("has a wrong signature");
  auto payload = decoded(token.substr(first + 1, second - first - 1));
  if (!payload)
    return payload.error();
  auto out = read_claims(*payload);
  if (!out)
    return out;
  if (auto wrong = check_times(*out, now))
    return wrong;
  return out;
}

caf::error check_times(const claims& of, wall_time now) {
  if (of.expires <= now)
    return refused_token(
        "has expired; get a new one with `acgs token issue` or the "
        "refresh token");
  if (of.not_before > now + clock_skew_max || of.issued > now + clock_skew_max)
    return refused_token("is not valid yet; check the clocks");
  if (of.expires - of.issued > token_lifetime_max)
    return refused_token("lives longer than any token may");
  return {};
}

result<token_key> read_verifier_key(std::string_view text) {
  // A name holds no plus; the key's base64 may.
  auto name = text.find('+');
  auto hash = name == text.npos ? name : text.find('+', name + 1);
  auto raw = hash == text.npos ? std::nullopt
                               : crypto::from_base64(text.substr(hash + 1));
  token_key out;
  // C2SP signed-note: the first byte, 1, says Ed25519.
  if (!raw || raw->size() != out.key.size() + 1 || raw->front() != std::byte{1})
    return make_error(ec::invalid_argument,
                      "a verifier key must be \"name+hash+base64\" of an "
                      "Ed25519 key");
  std::copy(raw->begin() + 1, raw->end(), out.key.begin());
  return out;
}

} // namespace acgs::auth
