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

key_event make_event(const std::string& name, std::string_view purpose,
                     std::string_view event, const std::string& verifier_key) {
  json::object body;
  body.emplace("purpose", json::value{std::string{purpose}});
  body.emplace("event", json::value{std::string{event}});
  body.emplace("verifier_key", json::value{verifier_key});
  return {name, json::to_text(json::value{std::move(body)})};
}

} // namespace

std::vector<key_event> key_events(const domain::control_state& known,
                                  const signer::key_list& listed) {
  std::vector<key_event> out;
  std::set<std::string> signing;
  std::set<std::string> ours;
  for (const auto& key : listed.keys) {
    if (key.verifier_key.empty())
      continue;
    auto name = record_name(key.verifier_key);
    ours.emplace(key_name(name));
    if (!key.active)
      continue;
    signing.insert(name);
    if (!known.keys.contains(name))
      out.push_back(make_event(
          name, signer::purpose_names[static_cast<std::size_t>(key.serves)],
          "created", key.verifier_key));
  }
  for (const auto& [name, record] : known.keys)
    if (record.active && !signing.contains(name)
        && ours.contains(std::string{key_name(name)}))
      out.push_back(
          make_event(name, record.purpose, "retired", record.verifier_key));
  return out;
}

std::string event_of(std::string_view body) {
  auto read = json::parse(body);
  auto event = read ? read->find("event") : nullptr;
  return event && event->if_string() ? *event->if_string() : std::string{};
}

} // namespace acgs::control
