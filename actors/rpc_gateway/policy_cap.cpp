// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/auth/constitution_pin.hpp"
#include "runtime/auth/document_access.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"

#include <capnp/serialize.h>

#include <cstring>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;
using policies = std::map<std::string, domain::policy_module>;

void write(const std::string& id, const domain::policy_module& from,
           const char* origin, schema::PolicyInfo::Builder to) {
  to.setId(text(id));
  to.setBytes(from.text ? from.text->size() : 0);
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setOrigin(origin);
}

void write(const domain::identity_view& from, schema::Identity::Builder to) {
  to.setSubject(text(std::string{from.subject}));
  to.setRole(static_cast<std::uint8_t>(from.role_));
  to.setTenant(text(std::string{from.tenant}));
  to.setMethod(static_cast<std::uint8_t>(from.method));
  to.setTokenId(text(std::string{from.token_id}));
  to.setAddress(text(std::string{from.address}));
}

void write(const control::history_item& from, schema::Change::Builder to) {
  auto& command = *from.command;
  to.setRevision(from.revision);
  to.setKind(text(std::string{to_string_view(command.kind)}));
  to.setName(text(std::string{command.name}));
  to.setReason(text(std::string{command.reason}));
  to.setRequestId(text(std::string{command.request_id}));
  to.setTimeNanos(command.time_nanos);
  write(command.caller, to.initBy());
  to.setBytes(command.body.size());
}

/// A decision as it lies in its message, copied word by word.
void write(const ledger::released& from, schema::Decided::Builder to) {
  auto encoded = from.decision.encoded();
  kj::ArrayPtr<const capnp::word> words{
      reinterpret_cast<const capnp::word*>(encoded.data()),
      encoded.size() / sizeof(capnp::word)};
  capnp::ReaderOptions options;
  options.traversalLimitInWords = words.size() * 2 + 1024;
  capnp::FlatArrayMessageReader reader{words, options};
  to.setDecision(reader.getRoot<schema::Decision>());
  to.setIndex(from.index);
  to.setDurableNanos(from.durable_nanos);
}

/// The constitution that a question and its input insist on. An empty text is
/// what Cap'n Proto has for a field that was not set.
result<auth::constitution_pin> pin_of(std::string_view given,
                                      std::string_view input) {
  auto by_input = auth::pin_of_input(input);
  if (given.empty() || !by_input)
    return by_input;
  auto named = auth::read_pin(given, "pinnedHash");
  if (!named)
    return named;
  return auth::both_pins(std::move(*by_input), std::move(*named));
}

/// The question as POLICY takes it; the caller is ours to name.
result<wire::decide_request> read(session& who, schema::Question::Reader from) {
  auto id = request_id(who, from.getRequestId());
  if (!id)
    return std::move(id.error());
  domain::decide_request out;
  auto view = [](capnp::Text::Reader text) {
    return std::string_view{text.begin(), text.size()};
  };
  out.request_id = *id;
  out.asks = from.getAsks() == schema::Question::Asks::QUERY
                 ? domain::question::query
                 : domain::question::document;
  out.path = view(from.getPath());
  out.input = view(from.getInput());
  // Nothing but space is no input.
  if (out.input.find_first_not_of(" \t\r\n") != std::string_view::npos)
    if (auto wrong = json::check_text(out.input, "the input"))
      return wrong;
  if (out.asks == domain::question::document)
    if (auto refused = auth::authorise_document(
            who.who(), auth::steps_of(out.path), who.with().now.documents()))
      return refused;
  auto pinned = pin_of(view(from.getPinnedHash()), out.input);
  if (!pinned)
    return std::move(pinned.error());
  auto key = auth::idempotency_key_of(
      who.who(), view(from.getIdempotencyKey()), "idempotencyKey",
      {out.asks == domain::question::query ? "query" : "document", out.path,
       out.input, pinned->name, from.getStrictBuiltinErrors() ? "strict" : ""});
  if (!key)
    return std::move(key.error());
  out.pinned_hash = pinned->name;
  out.idempotency_key = *key;
  out.wanted = from.getDurability() == schema::Question::Durability::QUORUM
                   ? domain::durability::quorum
                   : domain::durability::local;
  out.strict_builtin_errors = from.getStrictBuiltinErrors();
  out.received_nanos =
      who.with().settings.time->steady_now().time_since_epoch().count();
  out.caller = who.who();
  return wire::decide_request{out};
}

void count(services& with, const ledger::released& done) {
  const auto& decision = *done.decision;
  with.decisions.decided(std::chrono::nanoseconds{decision.latency_nanos},
                         std::chrono::nanoseconds{done.durable_nanos},
                         decision.outcome == domain::verdict::deny,
                         with.settings.time->steady_now());
}

/// The part of the base documents at a path.
result<std::string> part_of(const domain::shared_text& document,
                            std::string_view path) {
  if (!document)
    return std::string{"{}"};
  if (path.empty())
    return *document;
  auto way = json::parse_data_path(path);
  if (!way)
    return std::move(way.error());
  auto whole = json::parse(*document);
  if (!whole)
    return std::move(whole.error());
  auto found = json::find(*whole, *way);
  if (!found)
    return std::move(found.error());
  return json::to_text(**found);
}

class policy_cap final : public schema::Policy::Server {
public:
  explicit policy_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> decide(DecideContext context) override {
    auto question = context.getParams().getQuestion();
    auto what = question.getAsks() == schema::Question::Asks::QUERY
                    ? verb::query
                    : verb::decide;
    return serve(*who_, what, context, [&]() -> kj::Promise<caf::error> {
      auto request = read(*who_, question);
      if (!request)
        return std::move(request.error());
      context.releaseParams();
      return ask<ledger::released>(
          *who_, who_->with().others().policy.get(), std::move(*request),
          [this, context](const ledger::released& done) mutable {
            count(who_->with(), done);
            write(done, context.getResults().initResult().initValue());
          });
    });
  }

  kj::Promise<void> list(ListContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto to =
          context.getResults().initResult().initValue(static_cast<unsigned>(
              state->policies.size() + state->constitution.size()));
      unsigned i = 0;
      for (auto& [id, each] : state->policies)
        write(id, each, "user", to[i++]);
      for (auto& [id, each] : state->constitution)
        write(id, each, "constitution", to[i++]);
      return {};
    });
  }

  kj::Promise<void> get(GetContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto id = copy(context.getParams().getId());
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto& user = state->policies;
      auto& shipped = state->constitution;
      auto found = user.find(id);
      auto own = found != user.end();
      if (!own && (found = shipped.find(id)) == shipped.end())
        return make_error(ec::not_found, "there is no policy '" + id + "'",
                          "id");
      auto to = context.getResults().initResult().initValue();
      write(id, found->second, own ? "user" : "constitution", to.initInfo());
      if (found->second.text)
        to.setText(text(*found->second.text));
      return {};
    });
  }

  kj::Promise<void> history(HistoryContext context) override {
    return serve(*who_, verb::read_policies, context, [&] {
      auto filter = context.getParams().getFilter();
      control::get_history question;
      question.name = copy(filter.getName());
      question.before = filter.getBefore();
      question.limit = std::min<std::uint32_t>(
          filter.getLimit() == 0 ? 100 : filter.getLimit(), 1000);
      return ask<control::history>(
          *who_, who_->with().others().control.get(), std::move(question),
          [context](const control::history& got) mutable {
            auto to = context.getResults().initResult().initValue(
                static_cast<unsigned>(got.items.size()));
            for (unsigned i = 0; i < to.size(); ++i)
              write(got.items[i], to[i]);
          });
    });
  }

  kj::Promise<void> getData(GetDataContext context) override {
    return serve(*who_, verb::read_data, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto part = part_of(state->data, copy(context.getParams().getPath()));
      if (!part)
        return std::move(part.error());
      auto to = context.getResults().initResult().initValue();
      to.setJson(text(*part));
      to.setRevision(state->data_revision);
      return {};
    });
  }

  kj::Promise<void> authoring(AuthoringContext context) override {
    auto what = any_of(*who_, {verb::write_policies, verb::write_data});
    return serve(*who_, what, context, [&]() -> caf::error {
      context.getResults().initResult().setValue(
          make_authoring(kj::addRef(*who_)));
      return {};
    });
  }

private:
  static caf::error no_state() {
    return make_error(ec::unavailable, "no control state is known yet");
  }

  kj::Own<session> who_;
};

} // namespace

schema::Policy::Client make_policy(kj::Own<session> who) {
  return kj::heap<policy_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
