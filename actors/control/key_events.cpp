// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/key_events.hpp"

#include "runtime/base/json.hpp"

#include <set>

namespace acgs::control {

namespace {

/// "name+hash" of "name+hash+key".
std::string record_name(std::string_view verifier_key) {
  auto name = verifier_key.find('+');
  auto hash =
      name == verifier_key.npos ? name : verifier_key.find('+', name + 1);
  return std::string{verifier_key.substr(0, hash)};
}

std::string_view key_name(std::string_view record) {
  return record.substr(0, record.find('+'));
}

json::object body_of(std::string_view purpose, std::string_view event,
                     const std::string& verifier_key) {
  json::object body;
  body.emplace("purpose", json::value{std::string{purpose}});
  body.emplace("event", json::value{std::string{event}});
  body.emplace("verifier_key", json::value{verifier_key});
  return body;
}

key_event make_event(const std::string& name, json::object body,
                     const std::string& reason = {}) {
  return {name, json::to_text(json::value{std::move(body)}), reason};
}

std::string_view purpose_of(const signer::public_key& key) {
  return signer::purpose_names[static_cast<std::size_t>(key.serves)];
}

/// A key that is not known yet: the first of its name, or one that followed.
key_event began(const signer::public_key& key, const std::string& name) {
  if (key.replaces.empty())
    return make_event(name,
                      body_of(purpose_of(key), "created", key.verifier_key));
  auto body = body_of(purpose_of(key), "rotated", key.verifier_key);
  body.emplace("replaces", json::value{key.replaces});
  body.emplace("statement", json::value{key.statement});
  return make_event(name, std::move(body));
}

key_event revoked(const signer::public_key& key, const std::string& name) {
  auto body = body_of(purpose_of(key), "revoked", key.verifier_key);
  body.emplace("statement", json::value{key.revocation});
  return make_event(name, std::move(body), key.reason);
}

/// Those that sign no more first: they were there before the others.
std::vector<const signer::public_key*> in_order(const signer::key_list& of) {
  std::vector<const signer::public_key*> out;
  for (bool active : {false, true})
    for (const auto& key : of.keys)
      if (key.active == active && !key.verifier_key.empty())
        out.push_back(&key);
  return out;
}

} // namespace

std::vector<key_event> key_events(const domain::control_state& known,
                                  const signer::key_list& listed) {
  std::vector<key_event> out;
  std::set<std::string> settled; // what needs no word that it is gone
  std::set<std::string> ours;
  std::vector<key_event> last;
  for (const auto* key : in_order(listed)) {
    auto name = record_name(key->verifier_key);
    ours.emplace(key_name(name));
    auto record = known.keys.find(name);
    bool is_known = record != known.keys.end();
    if (key->active)
      settled.insert(name);
    if (!is_known && (key->active || !key->replaces.empty() || key->revoked)) {
      out.push_back(began(*key, name));
      settled.insert(key->replaces);
    }
    if (key->revoked && !(is_known && record->second.revoked)) {
      last.push_back(revoked(*key, name));
      settled.insert(name);
    }
  }
  for (const auto& [name, record] : known.keys)
    if (record.active && !settled.contains(name)
        && ours.contains(std::string{key_name(name)}))
      out.push_back(make_event(
          name, body_of(record.purpose, "retired", record.verifier_key)));
  out.insert(out.end(), last.begin(), last.end());
  return out;
}

std::string event_of(std::string_view body) {
  auto read = json::parse(body);
  auto event = read ? read->find("event") : nullptr;
  return event && event->if_string() ? *event->if_string() : std::string{};
}

} // namespace acgs::control
