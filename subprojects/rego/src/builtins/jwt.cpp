// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// io.jwt.decode and io.jwt.verify_*.

#include "builtins/jwt.hpp"

#include <algorithm>
#include <cstring>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/go_json.hpp"
#include "builtins/support.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr size_t nesting_max = 50;

struct key_set {
  jws_keys keys;
  std::string error;

  // A key of OpenSSL with what it computes beforehand takes a few KiB.
  size_t footprint() const { return 1024 + keys.size() * 16384; }
};

// What a PEM text holds; false where it is no PEM at all.
bool read_pem(std::string_view text, key_set& to) {
  auto rest = text;
  auto block = next_pem(rest);
  if (!block)
    return false;
  jws_key k;
  if (!rest.empty())
    to.error = "extra data after a PEM certificate block";
  else if (block->type == "CERTIFICATE") {
    k.pair = certificate_key(block->bytes);
    if (!k.pair)
      to.error = "failed to parse a PEM certificate: x509: malformed "
                 "certificate";
  } else if (block->type == "PUBLIC KEY") {
    k.pair = public_key(block->bytes);
    if (!k.pair)
      to.error = "failed to parse a PEM public key: asn1: structure error";
  } else {
    to.error = "failed to extract a Key from the PEM certificate";
  }
  if (to.error.empty())
    to.keys.push_back(std::move(k));
  return true;
}

key_set* make_keys(call_context& c, std::string_view text) {
  auto set = std::make_unique<key_set>();
  if (read_pem(text, *set))
    return set.release();
  std::string error;
  if (!read_jwk_set(c, text, set->keys, error))
    set->error = "failed to parse a JWK key (set): " + error;
  std::erase_if(set->keys, [](const jws_key& k) {
    return !k.alg.empty() && !known_jws_algorithm(k.alg);
  });
  return set.release();
}

bool read_fields(call_context& c, jwt& t) {
  std::vector<std::string_view> unknown, critical;
  auto& h = t.decoded_header;
  for (size_t i = 0; i < h.size(); ++i) {
    auto name = h.keys()[i].as_string();
    auto& v = h.values()[i];
    if (name == "crit") {
      if (!v.is_array()) {
        c.fail("crit: must be a list");
        return false;
      }
      for (auto& x : v.items())
        if (x.is_string())
          critical.push_back(x.as_string());
      if (critical.empty()) {
        c.fail("crit: must be a nonempty list");
        return false;
      }
      continue;
    }
    bool known =
        name == "alg" || name == "kid" || name == "typ" || name == "cty";
    if (!known) {
      unknown.push_back(name);
    } else if (!v.is_string()) {
      c.fail(std::string(name) + ": must be a string");
      return false;
    } else if (name != "typ") {
      (name == "alg" ? t.alg : name == "kid" ? t.kid : t.cty) = v.as_string();
    }
  }
  t.critical_unknown = std::any_of(unknown.begin(), unknown.end(), [&](auto u) {
    return std::find(critical.begin(), critical.end(), u) != critical.end();
  });
  return true;
}

value decode_at(call_context& c, const value& v, size_t depth) {
  jwt t;
  std::string payload, signature;
  if (!split_jwt(c, v, t) || !decode_jwt_header(c, t, false)
      || !decode_part(c, t.payload,
                      "JWT payload had invalid encoding: ", payload))
    return {};
  auto cty = lookup(t.decoded_header, c.string("cty"));
  if (cty.is_string() && cty.as_string() == "JWT") {
    if (depth == nesting_max)
      return c.fail("too many nested tokens");
    auto from = payload.find_first_not_of("\"'");
    auto to = payload.find_last_not_of("\"'");
    auto inner = from == std::string::npos
                     ? std::string()
                     : payload.substr(from, to - from + 1);
    return decode_at(c, c.string(inner), depth + 1);
  }
  value object;
  if (!json_object(c, payload, "", object)
      || !decode_part(c, t.signature,
                      "JWT signature had invalid encoding: ", signature))
    return {};
  return make_array(
      c.memory(), {t.decoded_header, object, c.string(hex_encode(signature))});
}

value decode_jwt(call_context& c, args a) {
  return decode_at(c, a[0], 0);
}

value verify_public(call_context& c, args a, std::string_view alg) {
  jwt t;
  if (!split_jwt(c, a[0], t))
    return {};
  if (!a[1].is_string())
    return c.operand_error(2, a[1], "string");
  auto keys = keys_of(c, a[1].as_string());
  std::string signature;
  if (!keys || !decode_part(c, t.signature, "", signature)
      || !decode_jwt_header(c, t, true))
    return {};
  return truth(verify_with_keys(t, *keys, alg, signature));
}

value verify_secret(call_context& c, args a, std::string_view alg) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  jwt t;
  std::string signature;
  if (!split_jwt(c, a[0], t) || !decode_part(c, t.signature, "", signature))
    return {};
  jws_key key;
  key.secret = a[1].as_string();
  return truth(verify_jws(key, alg, t.signed_text(), signature));
}

template <const char* Alg>
value verify(call_context& c, args a) {
  c.tick(1000);
  return Alg[0] == 'H' ? verify_secret(c, a, Alg) : verify_public(c, a, Alg);
}

constexpr char rs256[] = "RS256", rs384[] = "RS384", rs512[] = "RS512",
               ps256[] = "PS256", ps384[] = "PS384", ps512[] = "PS512",
               es256[] = "ES256", es384[] = "ES384", es512[] = "ES512",
               hs256[] = "HS256", hs384[] = "HS384", hs512[] = "HS512",
               eddsa[] = "EdDSA";

} // namespace

bool split_jwt(call_context& c, const value& v, jwt& to) {
  if (!v.is_string()) {
    c.operand_error(1, v, "string");
    return false;
  }
  auto s = v.as_string();
  c.tick(s.size() / 16);
  auto points = std::count(s.begin(), s.end(), '.');
  if (points == 0) {
    c.fail("encoded JWT had no period separators");
    return false;
  }
  if (points != 2) {
    c.fail("encoded JWT must have 3 sections, found "
           + std::to_string(points + 1));
    return false;
  }
  auto first = s.find('.'), second = s.rfind('.');
  to.header = s.substr(0, first);
  to.payload = s.substr(first + 1, second - first - 1);
  to.signature = s.substr(second + 1);
  return true;
}

bool decode_part(call_context& c, std::string_view text,
                 std::string_view prefix, std::string& to) {
  std::string s(text);
  if (!s.ends_with('=')) {
    if (s.size() % 4 == 1) {
      c.fail(std::string(prefix) + "illegal base64url string: " + s);
      return false;
    }
    s.append((4 - s.size() % 4) % 4, '=');
  }
  auto r = base64_decode(s, base64_form::url);
  if (r.bad) {
    c.fail(std::string(prefix) + base64_error(*r.bad));
    return false;
  }
  to = std::move(r.bytes);
  return true;
}

bool json_object(call_context& c, std::string_view text,
                 std::string_view prefix, value& to) {
  auto r = parse_as_go(c.memory(), text);
  if (!r) {
    c.fail(std::string(prefix) + "invalid JSON: " + r.error_list()[0].message);
    return false;
  }
  to = *r;
  if (to.is_object())
    return true;
  c.fail(std::string(prefix) + "decoded JSON type was not an Object");
  return false;
}

bool decode_jwt_header(call_context& c, jwt& t, bool fields) {
  std::string text;
  if (!decode_part(c, t.header, "JWT header had invalid encoding: ", text)
      || !json_object(c, text, "bad JWT header: ", t.decoded_header))
    return false;
  if (lookup(t.decoded_header, c.string("enc")).defined()) {
    c.fail("JWT is a JWE object, which is not supported");
    return false;
  }
  return !fields || read_fields(c, t);
}

std::shared_ptr<jws_keys> keys_of(call_context& c, std::string_view text) {
  auto set = c.cached<key_set>("jwk:" + std::string(text),
                               [&] { return make_keys(c, text); });
  if (set->error.empty())
    return {set, &set->keys};
  c.fail(set->error);
  return nullptr;
}

bool verify_with_keys(const jwt& t, const jws_keys& keys, std::string_view alg,
                      std::string_view signature) {
  auto text = t.signed_text();
  if (!t.kid.empty())
    for (auto& k : keys)
      if (k.kid == t.kid)
        return verify_jws(k, alg, text, signature);
  return std::any_of(keys.begin(), keys.end(), [&](const jws_key& k) {
    return (k.alg.empty() || k.alg == t.alg)
           && verify_jws(k, alg, text, signature);
  });
}

void register_jwt(builtin_table& t) {
  t.add("io.jwt.decode", decode_jwt);
  t.add("io.jwt.verify_eddsa", verify<eddsa>);
  t.add("io.jwt.verify_es256", verify<es256>);
  t.add("io.jwt.verify_es384", verify<es384>);
  t.add("io.jwt.verify_es512", verify<es512>);
  t.add("io.jwt.verify_hs256", verify<hs256>);
  t.add("io.jwt.verify_hs384", verify<hs384>);
  t.add("io.jwt.verify_hs512", verify<hs512>);
  t.add("io.jwt.verify_ps256", verify<ps256>);
  t.add("io.jwt.verify_ps384", verify<ps384>);
  t.add("io.jwt.verify_ps512", verify<ps512>);
  t.add("io.jwt.verify_rs256", verify<rs256>);
  t.add("io.jwt.verify_rs384", verify<rs384>);
  t.add("io.jwt.verify_rs512", verify<rs512>);
}

} // namespace rego
