// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/deciding.hpp"

#include "runtime/auth/constitution_pin.hpp"
#include "runtime/auth/document_access.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <capnp/serialize.h>

#include <cstring>

namespace acgs::rpc_gateway {

namespace {

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

/// Nothing but space is no input.
caf::error check_input(std::string_view input) {
  if (input.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return {};
  return json::check_text(input, "the input");
}

/// The names of the constitution that a question and its input insist on. An
/// empty text is what Cap'n Proto has for a field that was not set.
result<std::string> pinned_by(std::string_view given, std::string_view input) {
  auto pins = auth::pins_of_input(input);
  if (!pins)
    return std::move(pins.error());
  if (!given.empty()) {
    auto named = auth::read_pin(given, "pinnedHash");
    if (!named)
      return std::move(named.error());
    pins->push_back(std::move(*named));
  }
  return auth::names_of(*pins);
}

domain::durability durability_of(schema::Question::Durability from) {
  return from == schema::Question::Durability::QUORUM
             ? domain::durability::quorum
             : domain::durability::local;
}

std::int64_t now_nanos(session& who) {
  return who.with().settings.time->steady_now().time_since_epoch().count();
}

/// Records name it by its digits.
void name_constitution(const services& with, const domain::decision& recorded,
                       schema::Decision::Builder to) {
  auto now = with.now.get();
  if (!now.compiled)
    return;
  const auto& names = now.compiled->constitution();
  auto name = names.shown_for(recorded.constitutional_hash);
  if (name == recorded.constitutional_hash)
    return;
  to.setConstitutionalHash(text(std::string{name}));
  to.setResult(text(names.shown_in(recorded)));
}

/// Whether the path is one that records hold, and whether the caller may have
/// the document there evaluated.
caf::error check_path(session& who, std::string_view path) {
  auto steps = auth::read_path(path);
  if (!steps)
    return std::move(steps.error());
  return auth::authorise_document(who.who(), *steps,
                                  who.with().now.documents());
}

} // namespace

void write_decided(const services& with, const ledger::released& from,
                   schema::Decided::Builder to) {
  auto encoded = from.decision.encoded();
  kj::ArrayPtr<const capnp::word> words{
      reinterpret_cast<const capnp::word*>(encoded.data()),
      encoded.size() / sizeof(capnp::word)};
  capnp::ReaderOptions options;
  options.traversalLimitInWords = words.size() * 2 + 1024;
  capnp::FlatArrayMessageReader reader{words, options};
  to.setDecision(reader.getRoot<schema::Decision>());
  name_constitution(with, *from.decision, to.getDecision());
  to.setIndex(from.index);
  to.setDurableNanos(from.durable_nanos);
}

result<wire::decide_request> read_question(session& who,
                                           schema::Question::Reader from) {
  auto id = request_id(who, from.getRequestId());
  if (!id)
    return std::move(id.error());
  domain::decide_request out;
  out.request_id = *id;
  out.asks = from.getAsks() == schema::Question::Asks::QUERY
                 ? domain::question::query
                 : domain::question::document;
  out.path = view(from.getPath());
  out.input = view(from.getInput());
  if (auto wrong = check_input(out.input))
    return wrong;
  if (out.asks == domain::question::document)
    if (auto refused = check_path(who, out.path))
      return refused;
  auto pinned = pinned_by(view(from.getPinnedHash()), out.input);
  if (!pinned)
    return std::move(pinned.error());
  auto key = auth::idempotency_key_of(
      who.who(), idempotency_key_in(from), "idempotencyKey",
      {out.asks == domain::question::query ? "query" : "document", out.path,
       out.input, *pinned, from.getStrictBuiltinErrors() ? "strict" : ""});
  if (!key)
    return std::move(key.error());
  out.pinned_hash = *pinned;
  out.idempotency_key = *key;
  out.wanted = durability_of(from.getDurability());
  out.strict_builtin_errors = from.getStrictBuiltinErrors();
  out.received_nanos = now_nanos(who);
  out.caller = who.who();
  return wire::decide_request{out};
}

result<policy::decide_many> read_batch(session& who,
                                       schema::Batch::Reader from) {
  auto id = request_id(who, from.getRequestId());
  if (!id)
    return std::move(id.error());
  auto inputs = from.getInputs();
  auto most = who.with().settings.batch_inputs_max;
  if (inputs.size() == 0 || inputs.size() > most)
    return make_error(inputs.size() == 0 ? ec::invalid_argument : ec::too_large,
                      std::to_string(inputs.size())
                          + " inputs; a batch has 1 to " + std::to_string(most)
                          + " (policy.batch_inputs_max)",
                      "inputs");
  domain::decide_request one;
  one.request_id = *id;
  one.path = view(from.getPath());
  one.wanted = durability_of(from.getDurability());
  one.strict_builtin_errors = from.getStrictBuiltinErrors();
  one.received_nanos = now_nanos(who);
  one.caller = who.who();
  if (auto refused = check_path(who, one.path))
    return refused;
  policy::decide_many out;
  for (auto input : inputs) {
    one.input = view(input);
    if (auto wrong = check_input(one.input))
      return wrong;
    auto pinned = pinned_by(view(from.getPinnedHash()), one.input);
    if (!pinned)
      return std::move(pinned.error());
    one.pinned_hash = *pinned;
    out.each.emplace_back(one);
  }
  return out;
}

void write_decided(const services& with, const ledger::released_many& from,
                   capnp::List<schema::BatchAnswer>::Builder to) {
  for (unsigned i = 0; i < to.size(); ++i)
    if (const auto& one = from.each[i])
      write_decided(with, *one, to[i].initDecided());
    else
      write_error(one.error(), to[i].initError());
}

void released(services& with, const wire::decide_request& asked,
              const ledger::released& done) {
  const auto& decision = *done.decision;
  with.decisions.decided(std::chrono::nanoseconds{decision.latency_nanos},
                         std::chrono::nanoseconds{done.durable_nanos},
                         decision.outcome == domain::verdict::deny,
                         with.settings.time->steady_now());
  auto state = with.now.state();
  if (state && state->trial && asked->asks == domain::question::document
      && candidate::is_chosen(decision.decision_id, state->trial->share))
    with.bridge.tell(with.others().candidate.get(),
                     candidate::decided{asked, done.decision, done.recorded});
}

} // namespace acgs::rpc_gateway
