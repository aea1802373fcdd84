// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/routes/audit_event.hpp"

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/entry_json.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/domain/event_type.hpp"

namespace acgs::http_gateway {

namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t event_bytes_max = 64 * 1024;

/// A short text of the body. Fails with `invalid_argument`, naming it.
result<std::string> read_name(const json::value& from, const char* key,
                              bool required) {
  const auto* given = from.find(key);
  if (!given || given->is_null()) {
    if (!required)
      return std::string{};
    return make_error(ec::invalid_argument, std::string{key} + " is missing",
                      key);
  }
  const auto* text = given->if_string();
  if (!text || text->empty() || text->size() > name_bytes_max)
    return make_error(ec::invalid_argument,
                      std::string{key} + " must be a text of 1 to "
                          + std::to_string(name_bytes_max) + " bytes",
                      key);
  return *text;
}

struct event {
  std::string type;
  std::string agent;
  std::string action;
};

/// Whether a client may hand in events of that type.
caf::error check_type(const std::string& type) {
  if (!domain::is_event_type(type))
    return make_error(ec::invalid_argument,
                      "event_type must be 1 to 128 of the letters a-z and A-Z, "
                      "digits and . _ : -",
                      "event_type");
  if (domain::is_reserved_event_type(type))
    return make_error(ec::invalid_argument,
                      "event_type '" + type
                          + "' is reserved for what the node itself records; "
                            "put a word of your own before it, as in "
                            "'billing."
                          + type + "'",
                      "event_type");
  return {};
}

/// An agent speaks for itself alone; whom it may name otherwise, nobody has
/// checked.
caf::error check_agent(const domain::identity& caller,
                       const std::string& agent) {
  if (agent.empty() || caller.role_ != domain::role::agent)
    return {};
  if (caller.method == domain::auth_method::anonymous)
    return make_error(ec::unauthenticated,
                      "who names an agent must show who it is: agent_id takes "
                      "a token of acgs token issue",
                      "agent_id");
  if (agent != caller.subject)
    return make_error(ec::forbidden,
                      "agent_id is '" + agent
                          + "', but the agent that asks is '" + caller.subject
                          + "': an agent records events about itself",
                      "agent_id");
  return {};
}

/// Reads the parts that the entry holds in clear.
result<event> read_event(const call& who) {
  auto body = json::parse(who.asked().body, {.bytes = event_bytes_max});
  if (!body)
    return std::move(body.error());
  if (!body->if_object())
    return make_error(ec::invalid_argument,
                      "the body must be an object with event_type");
  event out;
  struct part {
    const char* key;
    std::string* into;
    bool required;
  };
  for (auto [key, into, required] : {part{"event_type", &out.type, true},
                                     part{"agent_id", &out.agent, false},
                                     part{"action", &out.action, false}}) {
    auto read = read_name(*body, key, required);
    if (!read)
      return std::move(read.error());
    *into = std::move(*read);
  }
  if (auto wrong = check_type(out.type))
    return wrong;
  if (auto wrong = check_agent(who.who, out.agent))
    return wrong;
  return out;
}

} // namespace

void record_event(const call_ptr& who) {
  auto read = read_event(*who);
  if (!read)
    return who->fail(read.error());
  if (auto wrong = check_pins(*who))
    return who->fail(std::move(*wrong));
  auto key =
      auth::idempotency_key_of(who->who, who->asked().find("idempotency-key"),
                               "Idempotency-Key", {"event", who->asked().body});
  if (!key)
    return who->fail(key.error());
  ledger::append what;
  what.idempotency_key = std::move(*key);
  what.payloads.push_back(crypto::seal_payload(
      domain::payload_kind::detail, as_byte_view(who->asked().body)));
  auto now = who->with.time().now();
  domain::entry entry;
  entry.kind = domain::entry_kind::event;
  entry.time_nanos = to_nanos(now);
  entry.node = who->with.settings.node_name;
  entry.event_type = read->type;
  entry.request_id = who->request_id;
  entry.agent = read->agent;
  entry.path = read->action;
  entry.caller = who->who;
  if (const auto& state = who->with.core.now().control())
    entry.revision = state->revision;
  entry.commitments.push_back(what.payloads.back().covered_by);
  what.entry = wire::entry{entry};
  auto hash = hash_text(leaf_hash_of(what.entry.encoded()));
  who->ask(who->with.others().ledger.get(), std::move(what),
           [who, hash, now](const ledger::appended& done) {
             json_object out;
             out.text("event_id", event_id(done.index))
                 .number("ledger_index", done.index);
             if (!done.repeated)
               out.text("hash", hash);
             out.text("timestamp", to_rfc3339(now))
                 .text("constitutional_hash",
                       who->with.core.now().constitution())
                 .flag("ingested", true)
                 .flag("repeated", done.repeated);
             who->answer({.status = 201, .body = out.take()});
           });
}

} // namespace acgs::http_gateway
