// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"

namespace acgs::rpc_gateway {

void write_error(const caf::error& from, schema::Error::Builder to) {
  to.setCode(text(std::string{to_string_view(code_of(from))}));
  to.setMessage(text(sentence_of(from)));
  to.setField(text(field_of(from)));
}

caf::error check_name(std::string_view value, const char* field) {
  if (value.empty())
    return make_error(ec::invalid_argument,
                      std::string{"'"} + field + "' must not be empty", field);
  if (value.size() > name_bytes_max)
    return make_error(ec::invalid_argument,
                      std::string{"'"} + field + "' has "
                          + std::to_string(value.size()) + " bytes; at most "
                          + std::to_string(name_bytes_max) + " are taken",
                      field);
  return {};
}

result<std::string> request_id(session& who, capnp::Text::Reader given) {
  auto id = copy(given);
  if (id.empty())
    return who.with().settings.ids->next();
  if (!is_acceptable_request_id(id))
    return make_error(ec::invalid_argument,
                      "a request id has 1 to 128 visible ASCII characters "
                      "without quotes or backslash",
                      "requestId");
  return id;
}

auth::occasion occasion_of(session& who) {
  auto& settings = who.with().settings;
  return {settings.node_name, settings.time->now()};
}

kj::Promise<caf::error> record(session& who, wire::entry entry,
                               caf::error verdict) {
  auto& with = who.with();
  return with.bridge
      .call<ledger::appended>(with.others().ledger.get(),
                              with.settings.call_timeout,
                              ledger::append{std::move(entry), {}, {}})
      .then([verdict = std::move(verdict)](
                result<ledger::appended> recorded) mutable -> caf::error {
        return recorded ? std::move(verdict) : std::move(recorded.error());
      });
}

kj::Promise<caf::error> refuse(session& who, auth::verb what,
                               std::string subject, caf::error why) {
  auto& with = who.with();
  with.counts.call(what, code_of(why));
  if (!auth::records_refusal(what, why))
    return why;
  auth::deed tried{what, std::string{to_string_view(what)}, std::move(subject)};
  tried.request_id = with.settings.ids->next();
  auto entry =
      auth::refusal_entry(tried, who.who(), sentence_of(why), occasion_of(who));
  return record(who, std::move(entry), std::move(why));
}

kj::Promise<void>
serve_call(session& who, auth::verb what, std::string subject,
           error_place place,
           kj::FunctionParam<kj::Promise<caf::error>()> body) {
  if (auto refused = who.admit(what))
    return refuse(who, what, std::move(subject), std::move(refused))
        .then([place = kj::mv(place)](caf::error error) mutable {
          write_error(error, place());
        })
        .attach(kj::addRef(who));
  auto counted = kj::heap<ticket>(kj::addRef(who), what);
  auto& outcome = counted->how;
  return body()
      .then([place = kj::mv(place), &outcome](caf::error error) mutable {
        if (error)
          write_error(error, place());
        outcome = std::move(error);
      })
      .attach(kj::mv(counted));
}

kj::Promise<caf::error> ask(session& who, const caf::strong_actor_ptr& to,
                            std::chrono::nanoseconds timeout,
                            caf::message message,
                            kj::Function<caf::error(caf::message&)> read) {
  return who.with()
      .bridge.request(to, timeout, std::move(message))
      .then([read = kj::mv(read)](
                result<caf::message> reply) mutable -> caf::error {
        return reply ? read(*reply) : std::move(reply.error());
      });
}

kj::Promise<caf::error> and_then(kj::Promise<caf::error> before,
                                 kj::Function<kj::Promise<caf::error>()> next) {
  return before.then([next = kj::mv(next)](
                         caf::error error) mutable -> kj::Promise<caf::error> {
    if (error)
      return error;
    return next();
  });
}

} // namespace acgs::rpc_gateway
