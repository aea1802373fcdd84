// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/key_document.hpp"

#include "runtime/base/json.hpp"

namespace acgs::crypto {

namespace {

json::value describe(const known_key& key) {
  json::object out;
  auto name = key_record_name(key.key);
  out.emplace("purpose", json::value{key.purpose});
  out.emplace("id", json::value{name.substr(name.find('+') + 1)});
  out.emplace("verifier_key",
              json::value{merkle::format_verifier_key(key.key)});
  out.emplace("active", json::value{key.active});
  out.emplace("revoked", json::value{key.revoked});
  out.emplace("began", json::value{key.began_seconds});
  if (!key.active) {
    out.emplace("ended", json::value{key.ended_seconds});
    out.emplace("last_size",
                json::value::number(std::to_string(key.last_size)));
  }
  return json::value{std::move(out)};
}

} // namespace

std::string format_key_document(const std::string& origin,
                                const key_history& of) {
  json::array keys;
  for (const auto& each : of.keys())
    keys.push_back(describe(each));
  json::array statements;
  for (const auto& each : of.statements())
    statements.emplace_back(each);
  json::object out;
  out.emplace("origin", json::value{origin});
  out.emplace("keys", json::value{std::move(keys)});
  out.emplace("statements", json::value{std::move(statements)});
  return json::to_text(json::value{std::move(out)}) + '\n';
}

result<std::vector<std::string>> statements_in(std::string_view document) {
  auto read =
      json::parse(document, {.bytes = key_document_bytes_max, .depth = 8});
  if (!read)
    return read.error();
  auto found = read->find("statements");
  if (!found || !found->if_array())
    return make_error(ec::invalid_argument,
                      "a list of keys without the array 'statements'");
  std::vector<std::string> out;
  for (const auto& each : *found->if_array()) {
    if (!each.if_string())
      return make_error(ec::invalid_argument,
                        "a statement about keys must be a text, not "
                            + std::string{each.kind_name()});
    out.push_back(*each.if_string());
  }
  return out;
}

} // namespace acgs::crypto
