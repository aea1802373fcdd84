// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// .signatures.json: one JSON Web Token whose payload lists the files with their
// digests. What a file means is signed where it is JSON or YAML of the bundle,
// its bytes otherwise.

#include <fnmatch.h>

#include <algorithm>
#include <map>

#include "builtins/base64.hpp"
#include "builtins/digest.hpp"
#include "builtins/jws.hpp"
#include "bundle/support.hpp"
#include "rego/build.hpp"

namespace rego::bundle {

namespace {

constexpr std::string_view default_digest = "SHA-256";

struct token {
  std::string signed_text;
  std::string signature;
  value header;
  value payload;
};

error unsigned_because(std::string why) {
  return refusal(signatures_name, std::move(why));
}

/// OpenSSL's name of OPA's.
const char* openssl_name(std::string_view algorithm) {
  constexpr std::pair<std::string_view, const char*> known[] = {
      {"MD5", "MD5"},
      {"SHA-1", "SHA1"},
      {"SHA-224", "SHA224"},
      {"SHA-256", "SHA256"},
      {"SHA-384", "SHA384"},
      {"SHA-512", "SHA512"},
      {"SHA-512-224", "SHA512-224"},
      {"SHA-512-256", "SHA512-256"}};
  for (auto& [name, openssl] : known)
    if (name == algorithm)
      return openssl;
  return nullptr;
}

/// Signed by what it means? As OPA has it: .yml is not among them.
bool is_structured(std::string_view path) {
  auto name = base_name(path);
  return name == "data.json" || name == "data.yaml" || name == manifest_name;
}

bool is_signatures(const file& f) {
  return f.path.ends_with("signatures.json");
}

value member(arena& a, const value& of, std::string_view name) {
  return of.is_object() ? lookup(of, make_string(a, name)) : value();
}

std::string text_of(const value& v) {
  return v.is_string() ? std::string(v.as_string()) : std::string();
}

/// The public half, or the secret; PEM is never taken for a secret.
std::optional<jws_key> read_key(std::string_view text, bool is_private) {
  jws_key out;
  out.is_private = is_private;
  auto rest = text;
  auto block = next_pem(rest);
  if (!block) {
    if (text.empty() || text.find("-----BEGIN") != text.npos)
      return std::nullopt;
    out.secret = text;
    return out;
  }
  if (is_private)
    out.pair = private_key(block->bytes);
  else
    out.pair = block->type == "CERTIFICATE" ? certificate_key(block->bytes)
                                            : public_key(block->bytes);
  return out.pair ? std::optional(out) : std::nullopt;
}

result<value> decoded(arena& to, std::string_view part, std::string_view what) {
  auto raw = base64_decode(part, base64_form::url_raw);
  auto v = raw.bad ? result<value>(error{})
                   : parse_json(to, raw.bytes, {.unique_keys = true});
  if (!v || !v->is_object())
    return unsigned_because("the token's " + std::string(what)
                            + " is no JSON object");
  return *v;
}

result<token> read_token(arena& to, const file& f, document_reader& documents) {
  auto v = documents.read(to, f);
  if (!v)
    return v.error_list();
  if (member(to, *v, "plugin").defined()
      && text_of(member(to, *v, "plugin")) != "_default")
    return unsigned_because("plugin: expected none, as there are none here");
  auto list = member(to, *v, "signatures");
  if (!list.is_array() || list.size() != 1 || !list.items()[0].is_string())
    return unsigned_because("signatures: expected a list of one token");
  auto text = list.items()[0].as_string();
  auto first = text.find('.'), second = text.rfind('.');
  if (first == text.npos || first == second
      || text.find('.', first + 1) != second)
    return unsigned_because("the token has not three parts");
  token out;
  auto header = decoded(to, text.substr(0, first), "header");
  if (!header)
    return header.error_list();
  auto payload =
      decoded(to, text.substr(first + 1, second - first - 1), "payload");
  if (!payload)
    return payload.error_list();
  auto signature = base64_decode(text.substr(second + 1), base64_form::url_raw);
  if (signature.bad)
    return unsigned_because("the token's signature is not base64url");
  out.header = *header;
  out.payload = *payload;
  out.signed_text = text.substr(0, second);
  out.signature = signature.bytes;
  return out;
}

const verification_key* find_key(const verification& by,
                                 const std::string& id) {
  auto at = std::find_if(by.keys.begin(), by.keys.end(),
                         [&](auto& k) { return k.id == id; });
  return at == by.keys.end() ? nullptr : &*at;
}

/// Does the token's signature hold, and is it of the scope? The key's id.
result<std::string> check_token(arena& memory, const token& t,
                                const verification& by) {
  auto id = by.key_id;
  if (id.empty())
    id = text_of(member(memory, t.header, "kid"));
  if (id.empty())
    id = text_of(member(memory, t.payload, "keyid"));
  // A token that names no key can only mean the only one.
  if (id.empty() && by.keys.size() == 1)
    id = by.keys[0].id;
  if (id.empty())
    return unsigned_because("the token does not say which key it was signed "
                            "with");
  auto* known = find_key(by, id);
  if (!known)
    return unsigned_because("there is no key '" + shown(id)
                            + "' to verify with");
  auto key = read_key(known->text, false);
  if (!key)
    return unsigned_because("key '" + shown(id)
                            + "': expected a public key or "
                              "certificate in PEM, or a secret");
  auto algorithm = text_of(member(memory, t.header, "alg"));
  if (!known->algorithm.empty() && algorithm != known->algorithm)
    return unsigned_because("the token is signed by " + shown(algorithm)
                            + "; expected " + known->algorithm);
  if (member(memory, t.header, "crit").defined())
    return unsigned_because("the token's header has critical extensions");
  if (!verify_jws(*key, algorithm, t.signed_text, t.signature))
    return unsigned_because("the signature by " + shown(algorithm)
                            + " does not hold with key '" + shown(id) + "'");
  auto& scope = by.scope.empty() ? known->scope : by.scope;
  if (text_of(member(memory, t.payload, "scope")) != scope)
    return unsigned_because("the token has not the scope '" + shown(scope)
                            + "'");
  return id;
}

struct listed {
  std::string hash;
  std::string algorithm;
};

result<std::map<std::string, listed>> list_files(arena& memory,
                                                 const value& payload) {
  auto files = member(memory, payload, "files");
  if (!files.is_array())
    return unsigned_because("files: expected a list");
  std::map<std::string, listed> out;
  for (auto& f : files.items()) {
    auto name = text_of(member(memory, f, "name"));
    listed l{text_of(member(memory, f, "hash")),
             text_of(member(memory, f, "algorithm"))};
    if (!out.emplace(name, l).second)
      return unsigned_because("files: '" + shown(name) + "' is listed twice");
  }
  return out;
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  return text;
}

bool excluded(const verification& by, const std::string& path) {
  return std::any_of(by.exclude.begin(), by.exclude.end(), [&](auto& pattern) {
    return fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
  });
}

/// Is each file listed with its digest, and each that is listed there?
std::optional<errors> check_files(const file_list& files,
                                  std::map<std::string, listed> signed_files,
                                  const verification& by) {
  for (auto& f : files) {
    if (is_signatures(f))
      continue;
    auto found = signed_files.find(f.path);
    if (excluded(by, f.path)) {
      if (found != signed_files.end())
        signed_files.erase(found);
      continue;
    }
    if (found == signed_files.end())
      return errors{refusal(f.path, "not listed in the signature")};
    auto digest = digest_of(f, found->second.algorithm);
    if (!digest)
      return digest.error_list();
    if (*digest != lower(found->second.hash))
      return errors{refusal(f.path, "its digest is " + *digest + ", not "
                                        + shown(found->second.hash)
                                        + " as signed")};
    signed_files.erase(found);
  }
  if (signed_files.empty())
    return std::nullopt;
  return errors{refusal(signed_files.begin()->first,
                        "signed, but missing in the bundle")};
}

result<std::string> payload_of(const file_list& files, const signing& with) {
  arena a;
  array_builder list(a);
  for (auto& f : files) {
    if (is_signatures(f))
      continue;
    auto digest = digest_of(f, default_digest);
    if (!digest)
      return digest.error_list();
    object_builder one(a);
    one.add("name", make_string(a, f.path));
    one.add("hash", make_string(a, *digest));
    one.add("algorithm", make_string(a, default_digest));
    list.push(one.finish());
  }
  object_builder out(a);
  out.add("files", list.array());
  if (with.claims.empty()) {
    if (!with.key_id.empty())
      out.add("keyid", make_string(a, with.key_id));
    return to_json(out.finish());
  }
  auto claims = parse_json(a, with.claims, {.unique_keys = true});
  if (!claims || !claims->is_object() || member(a, *claims, "files").defined())
    return unsigned_because("claims: expected a JSON object without files");
  for (size_t i = 0; i < claims->size(); ++i)
    out.add(claims->keys()[i], claims->values()[i]);
  return to_json(out.finish());
}

} // namespace

bool is_signed(const file_list& files) {
  return std::any_of(files.begin(), files.end(), is_signatures);
}

result<std::string> digest_of(const file& f, std::string_view algorithm) {
  auto* name = openssl_name(algorithm);
  if (!name)
    return refusal(f.path, "'" + shown(algorithm)
                               + "' is no algorithm of digests; expected "
                                 "SHA-256 or another of OPA's");
  std::string text;
  if (is_structured(f.path)) {
    arena a;
    document_reader documents;
    auto v = documents.read(a, f);
    if (!v)
      return v.error_list();
    text = to_json(*v);
  }
  auto out = digest(name, is_structured(f.path) ? text : f.bytes);
  if (out.empty())
    return refusal(f.path, std::string(name) + " is not available here");
  return hex_encode(out);
}

result<std::string> verify(const file_list& files, const verification& by) {
  auto at = std::find_if(files.begin(), files.end(), is_signatures);
  if (at == files.end())
    return unsigned_because("there is none, but a signature is asked for");
  if (std::count_if(files.begin(), files.end(), is_signatures) > 1
      || at->path != signatures_name)
    return refusal(at->path, "expected one file of signatures, at the root of "
                             "the bundle");
  arena memory;
  document_reader documents;
  auto t = read_token(memory, *at, documents);
  if (!t)
    return t.error_list();
  auto id = check_token(memory, *t, by);
  if (!id)
    return id.error_list();
  auto list = list_files(memory, t->payload);
  if (!list)
    return list.error_list();
  if (auto wrong = check_files(files, std::move(*list), by))
    return *wrong;
  return id;
}

result<std::string> sign(const file_list& files, const signing& with) {
  auto payload = payload_of(files, with);
  if (!payload)
    return payload.error_list();
  auto key = read_key(with.key, true);
  arena a;
  object_builder header(a);
  header.add("alg", make_string(a, with.algorithm));
  if (!with.key_id.empty())
    header.add("kid", make_string(a, with.key_id));
  auto text = base64_encode(to_json(header.finish()), base64_form::url_raw)
              + '.' + base64_encode(*payload, base64_form::url_raw);
  auto signature = key ? sign_jws(*key, with.algorithm, text) : std::nullopt;
  if (!signature)
    return unsigned_because("the key does not sign by " + shown(with.algorithm)
                            + "; expected a private key in PEM of that kind, "
                              "or a secret");
  text += '.' + base64_encode(*signature, base64_form::url_raw);
  object_builder out(a);
  out.add("signatures", make_array(a, {make_string(a, text)}));
  return to_json(out.finish(), {.indent = 1});
}

} // namespace rego::bundle
