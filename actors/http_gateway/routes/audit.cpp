// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The ledger as the runbooks' audit service: search, show, verify, and take
// in events of clients. Whoever may not read the whole ledger sees the entries
// that they caused.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/entry_json.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/audit_event.hpp"
#include "actors/http_gateway/routes/outcome.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/time_text.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

bool sees_all(const call& who) {
  return auth::may(who.who.role_, auth::verb::read_ledger);
}

/// A time of the query, as RFC 3339 or a date.
caf::error read_time(const http::query_parameters& from, std::string_view name,
                     std::optional<std::int64_t>& into) {
  auto text = from.find(name);
  if (!text || text->empty())
    return {};
  auto time = parse_rfc3339(*text);
  if (!time)
    return make_error(ec::invalid_argument,
                      std::string{name} + ": " + sentence_of(time.error()),
                      std::string{name});
  into = bound_nanos(*time);
  return {};
}

result<reader::query> read_query(const call& who) {
  reader::query out;
  const auto& from = who.query;
  auto text = [&](std::string_view name) {
    return std::string{from.find(name).value_or("")};
  };
  out.event_type = text("event_type");
  out.agent = text("agent_id");
  out.request_id = text("request_id");
  out.decision_id = text("decision_id");
  out.path = text("path");
  if (auto wrong = read_time(from, "start_time", out.from_nanos))
    return wrong;
  if (auto wrong = read_time(from, "end_time", out.to_nanos))
    return wrong;
  auto limit = from.number("limit", 100, reader::limit_max);
  if (!limit)
    return std::move(limit.error());
  out.limit = static_cast<std::uint32_t>(*limit);
  auto offset = from.number("offset", 0, ~0ull);
  if (!offset)
    return std::move(offset.error());
  out.offset = *offset;
  if (from.find("before")) {
    auto before = from.number("before", 0, ~0ull);
    if (!before)
      return std::move(before.error());
    out.before = *before;
  }
  if (!sees_all(who))
    out.caused_by = who.who.subject;
  return out;
}

void query_events(const call_ptr& who) {
  auto query = read_query(*who);
  if (!query)
    return who->fail(query.error());
  auto limit = query->limit;
  auto offset = query->offset;
  who->ask(who->with.others().reader.get(), std::move(*query),
           [who, limit, offset](const reader::query_result& found) {
             json_array all;
             for (const auto& at : found.entries)
               all.raw(entry_json(at));
             json_object out;
             out.raw("events", all.take())
                 .number("total", found.total)
                 .text("total_relation", found.beyond_total ? "gte" : "eq")
                 .number("limit", limit)
                 .number("offset", offset);
             if (found.next)
               out.number("next_before", *found.next);
             if (found.archived > 0)
               out.number("archived_before", found.archived);
             who->answer_json(out.take());
           });
}

/// The entry that an id of the path or of a body means.
reader::get_entry entry_named(std::string_view id) {
  reader::get_entry out;
  if (auto index = parse_event_id(id))
    out.index = *index;
  else
    out.decision_id = id;
  return out;
}

void one_event(const call_ptr& who) {
  auto what = entry_named(who->capture(0));
  what.with_payloads = auth::may(who->who.role_, auth::verb::read_payloads);
  who->ask(who->with.others().reader.get(), std::move(what),
           [who](const reader::entry_result& found) {
             if (!sees_all(*who)
                 && found.found.entry->caller.subject != who->who.subject)
               return who->fail(make_error(
                   ec::not_found, "there is no entry '" + who->capture(0)
                                      + "' that you caused"));
             who->answer_json(entry_json(found));
           });
}

/// Refuses a body of /audit/verify that asks for something it does not know:
/// whoever misspells a bound must not hear that the whole log is good.
caf::error check_range_body(const json::value& body) {
  constexpr auto expected =
      "expected start_event_id, end_event_id and constitutional_hash";
  const auto* members = body.if_object();
  if (!members)
    return make_error(ec::invalid_argument,
                      std::string{"the body must be an object; "} + expected);
  for (const auto& [name, value] : *members) {
    if (name != "start_event_id" && name != "end_event_id"
        && name != "constitutional_hash")
      return make_error(ec::invalid_argument,
                        "'" + name.substr(0, 64) + "' is unknown; " + expected,
                        name.substr(0, 64));
  }
  return {};
}

/// The entry that a bound of the range names; nothing where it is not given.
result<std::optional<std::uint64_t>> read_bound(const json::value& body,
                                                const char* key) {
  const auto* given = body.find(key);
  if (!given || given->is_null())
    return std::optional<std::uint64_t>{};
  const auto* text = given->if_string();
  auto read = text ? parse_event_id(*text) : std::nullopt;
  if (!read)
    return make_error(
        ec::invalid_argument,
        std::string{key} + " must be an event id such as \"evt_42\"", key);
  return read;
}

/// "start_event_id" and "end_event_id" of the body, where they are given.
result<reader::verify> read_range(const call& who) {
  reader::verify out;
  if (who.asked().body.empty())
    return out;
  auto body = json::parse(who.asked().body);
  if (!body)
    return std::move(body.error());
  if (auto wrong = check_range_body(*body))
    return wrong;
  auto first = read_bound(*body, "start_event_id");
  if (!first)
    return std::move(first.error());
  auto last = read_bound(*body, "end_event_id");
  if (!last)
    return std::move(last.error());
  out.first = first->value_or(0);
  out.last = *last;
  if (out.last && *out.last < out.first)
    return make_error(ec::invalid_argument,
                      "end_event_id stands before start_event_id",
                      "end_event_id");
  return out;
}

std::string verify_json(const reader::verify_result& found, std::uint64_t first,
                        double millis) {
  auto event = [](std::uint64_t index) {
    return json_object{}.text("event_id", event_id(index)).take();
  };
  json_object details;
  first += found.archived; // the entries themselves were not looked at
  if (found.checked > 0 && !found.first_unread)
    details.raw("first_event", event(first))
        .raw("last_event", event(first + found.checked - 1));
  if (found.archived > 0)
    details.number("archived_events", found.archived);
  if (found.first_unread)
    details.raw("first_unread", event(*found.first_unread));
  if (found.first_wrong)
    details.raw("first_wrong", event(*found.first_wrong));
  if (!found.problem.empty())
    details.text("problem", found.problem);
  return json_object{}
      .flag("verified", found.verified)
      .number("event_count", found.checked)
      .flag("hash_chain_intact", found.verified)
      .number("tree_size", found.tree_size)
      .text("root", hash_text(found.root))
      .number("verification_time_ms", millis)
      .raw("details", details.take())
      .take();
}

void verify(const call_ptr& who) {
  auto range = read_range(*who);
  if (!range)
    return who->fail(range.error());
  if (auto wrong = check_pins(*who))
    return who->fail(std::move(*wrong));
  auto first = range->first;
  who->ask(who->with.others().reader.get(), who->with.settings.verify_timeout,
           std::move(*range), [who, first](const reader::verify_result& found) {
             auto took =
                 who->with.time().steady_now().time_since_epoch().count()
                 - who->asked().received_nanos;
             who->answer_json(verify_json(
                 found, first, static_cast<double>(took / 1000) / 1000.0));
           });
}

} // namespace

void add_audit_routes(std::vector<route>& to) {
  constexpr auto style = error_style::runbook;
  using auth::verb;
  to.push_back({method::get, "/audit/events", verb::read_own_entries, style,
                "acgs audit query", query_events});
  to.push_back({method::get, "/audit/event/{id}", verb::read_own_entries, style,
                "acgs audit show ID", one_event});
  to.push_back({method::post, "/audit/event", verb::record_event, style, "",
                record_event});
  to.push_back({method::post, "/v1/decisions/{id}/outcome",
                verb::record_outcome, style, "acgs audit outcome ID",
                record_outcome});
  to.push_back({method::post, "/audit/verify", verb::verify_ledger, style,
                "acgs audit verify", verify});
}

} // namespace acgs::http_gateway
