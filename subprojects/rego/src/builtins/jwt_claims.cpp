// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// io.jwt.decode_verify, io.jwt.encode_sign and io.jwt.encode_sign_raw.

#include <cmath>
#include <optional>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/jwt.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "builtins/written_size.hpp"
#include "core/json_members.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

struct constraints {
  std::string secret, alg, iss, aud;
  std::shared_ptr<jws_keys> keys;
  value seconds; // since 1970, as OPA compares it
};

bool read_time(call_context& c, const value& v, constraints& to) {
  if (!v.is_number()) {
    c.fail("token time constraint: must be a number");
    return false;
  }
  auto ns = std::strtod(number_text(v).c_str(), nullptr);
  if (!std::isfinite(ns) || ns < 0) {
    c.fail(ns < 0 ? "token time constraint: must not be negative"
                  : "token time constraint: unvalid float64");
    return false;
  }
  to.seconds = make_number(c.memory(), go_float(ns / 1e9, 'g', -1));
  return true;
}

bool read_constraint(call_context& c, std::string_view name, const value& v,
                     constraints& to) {
  if (name == "time")
    return read_time(c, v, to);
  auto* text = name == "secret" ? &to.secret
               : name == "alg"  ? &to.alg
               : name == "iss"  ? &to.iss
               : name == "aud"  ? &to.aud
                                : nullptr;
  if (!text && name != "cert") {
    c.fail("unknown token validation constraint: " + std::string(name));
    return false;
  }
  if (!v.is_string()) {
    c.fail(std::string(name) + " constraint: must be a string");
    return false;
  }
  if (text)
    *text = v.as_string();
  else
    to.keys = keys_of(c, v.as_string());
  return !c.failed();
}

bool read_constraints(call_context& c, const value& v, constraints& to) {
  for (size_t i = 0; i < v.size(); ++i) {
    auto& k = v.keys()[i];
    auto name = json_name(k);
    if (!read_constraint(c, name, v.values()[i], to))
      return false;
  }
  if (!to.seconds.defined() && !read_time(c, value::integer(c.now_ns()), to))
    return false;
  if (to.keys && !to.secret.empty()) {
    c.fail("duplicate key constraints");
    return false;
  }
  if (!to.keys && to.secret.empty()) {
    c.fail("no key constraint");
    return false;
  }
  return true;
}

// Follows nested tokens to the innermost. False for a token that does not
// hold, with or without an error.
bool open_token(call_context& c, value v, const constraints& k, jwt& t,
                value& payload) {
  for (int depth = 0; depth < 50; ++depth) {
    t = {};
    std::string signature, text;
    if (!split_jwt(c, v, t) || !decode_jwt_header(c, t, true))
      return false;
    if (t.alg.empty() || t.critical_unknown
        || (!k.alg.empty() && k.alg != t.alg))
      return false;
    if (!decode_part(c, t.signature, "", signature))
      return false;
    jws_key secret;
    secret.secret = k.secret;
    bool holds = k.keys ? verify_with_keys(t, *k.keys, t.alg, signature)
                        : verify_jws(secret, t.alg, t.signed_text(), signature);
    if (!holds
        || !decode_part(c, t.payload,
                        "JWT payload had invalid encoding: ", text))
      return false;
    if (lower_text(t.cty) != "jwt")
      return json_object(c, text, "", payload);
    v = c.string(text);
  }
  c.fail("too many nested tokens");
  return false;
}

bool audience_holds(const value& aud, const std::string& wanted) {
  if (aud.is_string())
    return aud.as_string() == wanted;
  if (!aud.is_array())
    return false;
  for (auto& v : aud.items())
    if (v.is_string() && v.as_string() == wanted)
      return true;
  return false;
}

// The claims of RFC 7519, section 4.1.
bool claims_hold(call_context& c, const value& payload, const constraints& k) {
  auto claim = [&](std::string_view name) {
    return lookup(payload, c.string(name));
  };
  auto iss = claim("iss"), aud = claim("aud"), exp = claim("exp"),
       nbf = claim("nbf");
  if (!k.iss.empty() && (!iss.is_string() || iss.as_string() != k.iss))
    return false;
  if (aud.defined() ? !audience_holds(aud, k.aud) : !k.aud.empty())
    return false;
  if (exp.defined() && !exp.is_number()) {
    c.fail("exp value must be a number");
    return false;
  }
  if (exp.defined() && compare(k.seconds, exp) >= 0)
    return false;
  if (nbf.defined() && !nbf.is_number()) {
    c.fail("nbf value must be a number");
    return false;
  }
  return !nbf.defined() || compare(k.seconds, nbf) >= 0;
}

value decode_verify(call_context& c, args a) {
  if (!a[1].is_object())
    return c.operand_error(2, a[1], "object");
  constraints k;
  if (!read_constraints(c, a[1], k))
    return {};
  c.tick(1000);
  jwt t;
  value payload;
  bool holds = open_token(c, a[0], k, t, payload) && claims_hold(c, payload, k);
  if (c.failed())
    return {};
  auto none = object_builder(c.memory()).finish();
  return make_array(c.memory(), {truth(holds), holds ? t.decoded_header : none,
                                 holds ? payload : none});
}

// A text header of the token to be; nothing where there is none. What is no
// JSON object has no headers, unless it is no JSON at all.
std::optional<std::string> header_text(call_context& c, std::string_view json,
                                       std::string_view name,
                                       std::string& error) {
  constexpr std::string_view number = "0123456789+-.eE";
  if (json.empty()) {
    error = "cannot parse JSON: cannot parse empty string; unparsed tail: \"\"";
    return std::nullopt;
  }
  auto r = parse_json(c.memory(), json);
  if (!r && json.find_first_not_of(number) != std::string_view::npos) {
    error = "cannot parse JSON: " + r.error_list()[0].message;
    return std::nullopt;
  }
  auto v = r && r->is_object() ? lookup(*r, c.string(name)) : value();
  if (v.is_string())
    return std::string(v.as_string());
  error = "jwsbb: header " + go_quote(name) + " not found";
  return std::nullopt;
}

value sign_token(call_context& c, std::string_view header,
                 std::string_view payload, std::string_view jwk) {
  jws_keys keys;
  std::string error;
  if (!read_jwk_set(c, jwk, keys, error))
    return c.fail(error);
  if (keys.empty())
    return c.fail("no keys found in JWK set");
  auto alg = header_text(c, header, "alg", error);
  if (!alg)
    return c.fail("missing or invalid 'alg' header: " + error);
  if (!known_jws_algorithm(*alg))
    return c.fail("unknown JWS algorithm: " + *alg);
  auto typ = header_text(c, header, "typ", error);
  if ((!typ || *typ == "JWT") && !parse_json(c.memory(), payload))
    return c.fail("type is JWT but payload is not JSON");
  auto text = base64_encode(header, base64_form::url_raw) + "."
              + base64_encode(payload, base64_form::url_raw);
  c.tick(1000 + text.size() / 16);
  auto signature = sign_jws(keys[0], *alg, text);
  if (!signature)
    return c.fail("failed to sign payload: key and algorithm " + *alg
                  + " do not go together");
  return c.string(text + "." + base64_encode(*signature, base64_form::url_raw));
}

value encode_sign(call_context& c, args a) {
  std::string part[3];
  for (size_t i = 0; i < 3; ++i) {
    check_json_size(c, a[i]);
    part[i] = to_json(a[i], {.escape_html = true});
  }
  return sign_token(c, part[0], part[1], part[2]);
}

value encode_sign_raw(call_context& c, args a) {
  if (!a[2].is_string())
    return c.operand_error(3, a[2], "string");
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return sign_token(c, a[0].as_string(), a[1].as_string(), a[2].as_string());
}

} // namespace

void register_jwt_claims(builtin_table& t) {
  t.add("io.jwt.decode_verify", decode_verify);
  t.add("io.jwt.encode_sign", encode_sign);
  t.add("io.jwt.encode_sign_raw", encode_sign_raw);
}

} // namespace rego
