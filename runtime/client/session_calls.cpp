// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

#include <capnp/serialize.h>

namespace acgs::client {

namespace {

component read(schema::Component::Reader from) {
  return {copy(from.getName()), copy(from.getStatus()), copy(from.getReason()),
          copy(from.getFacts())};
}

domain::mode read(schema::Mode::Reader from) {
  domain::mode out;
  out.on = from.getOn();
  out.by = copy(from.getBy());
  out.reason = copy(from.getReason());
  out.since_nanos = from.getSinceNanos();
  return out;
}

client::health read(schema::Health::Reader from) {
  client::health out;
  out.status = copy(from.getStatus());
  out.service = copy(from.getService());
  out.version = copy(from.getVersion());
  for (auto each : from.getComponents())
    out.components.push_back(read(each));
  out.time_nanos = from.getTimeNanos();
  return out;
}

client::node read(schema::Node::Reader from) {
  client::node out;
  out.name = copy(from.getName());
  out.version = copy(from.getVersion());
  out.started_nanos = from.getStartedNanos();
  out.uptime_nanos = from.getUptimeNanos();
  out.constitutional_hash = copy(from.getConstitutionalHash());
  out.constitution_digest = copy(from.getConstitutionDigest());
  out.revision = from.getRevision();
  out.policies = from.getPolicies();
  out.strict = read(from.getStrictMode());
  out.lockdown = read(from.getLockdown());
  return out;
}

std::vector<key> read(capnp::List<schema::Key>::Reader from) {
  std::vector<key> out;
  for (auto each : from)
    out.push_back({copy(each.getPurpose()), copy(each.getName()),
                   copy(each.getPublicKey()), copy(each.getVerifierKey()),
                   each.getCreatedNanos(), each.getActive(), each.getRevoked(),
                   each.getLastSize(), each.getEndedNanos(),
                   copy(each.getReason())});
  return out;
}

latencies read(schema::Load::Latencies::Reader from) {
  return {from.getP50Nanos(), from.getP95Nanos(), from.getP99Nanos(),
          from.getMeanNanos()};
}

client::load read(schema::Load::Reader from) {
  client::load out;
  out.decisions = from.getDecisions();
  out.refusals = from.getRefusals();
  out.refusals_last_minute = from.getRefusalsLastMinute();
  out.uptime_nanos = from.getUptimeNanos();
  out.latency = read(from.getLatency());
  out.durable = read(from.getDurable());
  return out;
}

void write(const question& from, schema::Question::Builder to) {
  to.setRequestId(terminated(from.request_id));
  to.setAsks(from.asks == domain::question::query
                 ? schema::Question::Asks::QUERY
                 : schema::Question::Asks::DOCUMENT);
  to.setPath(terminated(from.path));
  to.setInput(terminated(from.input));
  to.setPinnedHash(terminated(from.pinned_hash));
  if (from.idempotency_key)
    to.setIdempotencyKey(terminated(*from.idempotency_key));
  to.setDurability(from.durability == domain::durability::quorum
                       ? schema::Question::Durability::QUORUM
                       : schema::Question::Durability::LOCAL);
  to.setStrictBuiltinErrors(from.strict_builtin_errors);
}

void write(const batch& from, schema::Batch::Builder to) {
  to.setRequestId(terminated(from.request_id));
  to.setPath(terminated(from.path));
  auto inputs = to.initInputs(static_cast<unsigned>(from.inputs.size()));
  for (unsigned i = 0; i < inputs.size(); ++i)
    inputs.set(i, terminated(from.inputs[i]));
  to.setPinnedHash(terminated(from.pinned_hash));
  to.setDurability(from.durability == domain::durability::quorum
                       ? schema::Question::Durability::QUORUM
                       : schema::Question::Durability::LOCAL);
  to.setStrictBuiltinErrors(from.strict_builtin_errors);
}

/// A decision as it came, to be turned into a message of its own, whose views
/// outlive the response.
struct raw_decision {
  bytes encoded;
  std::uint64_t index = 0;
  std::int64_t durable_nanos = 0;
};

raw_decision read(schema::Decided::Reader from) {
  capnp::MallocMessageBuilder message;
  message.setRoot(from.getDecision());
  auto words = capnp::messageToFlatArray(message);
  auto raw =
      std::as_bytes(std::span{words.asBytes().begin(), words.asBytes().size()});
  return {{raw.begin(), raw.end()}, from.getIndex(), from.getDurableNanos()};
}

result<decided> decode(const raw_decision& from) {
  auto decision = wire::decision::decode(from.encoded);
  if (!decision)
    return std::move(decision.error());
  return decided{std::move(*decision), from.index, from.durable_nanos};
}

} // namespace

connection::connection(std::unique_ptr<link> over) : link_{std::move(over)} {
  // Authenticated already.
}

connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection> connection::open(const options& how) {
  auto over = link::open(how);
  if (!over)
    return std::move(over.error());
  if (auto error = (*over)->authenticate(how.token))
    return error;
  return connection{std::move(*over)};
}

void connection::set_timeout(std::chrono::milliseconds each) {
  link_->set_timeout(each);
}

result<domain::identity> connection::identity() {
  return link_->ask(link_->session().identityRequest(),
                    [](auto from) { return copy(from); });
}

result<client::health> connection::health() {
  return link_->ask(link_->session().healthRequest(),
                    [](auto from) { return read(from); });
}

result<client::node> connection::node() {
  return link_->ask(link_->session().nodeRequest(),
                    [](auto from) { return read(from); });
}

result<client::load> connection::load() {
  return link_->ask(link_->session().loadRequest(),
                    [](auto from) { return read(from); });
}

result<std::vector<key>> connection::keys() {
  auto keys = link_->keys();
  if (!keys)
    return std::move(keys.error());
  return link_->ask((*keys)->listRequest(),
                    [](auto from) { return read(from); });
}

result<decided> connection::decide(const question& what) {
  auto policy = link_->policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->decideRequest();
  write(what, request.initQuestion());
  auto out = link_->ask(kj::mv(request), [](auto from) { return read(from); });
  if (!out)
    return std::move(out.error());
  return decode(*out);
}

result<std::vector<result<decided>>> connection::decide(const batch& what) {
  auto policy = link_->policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->decideManyRequest();
  write(what, request.initBatch());
  auto out = link_->ask(kj::mv(request), [](auto from) {
    std::vector<result<raw_decision>> each;
    for (auto one : from)
      if (one.isDecided())
        each.emplace_back(read(one.getDecided()));
      else
        each.emplace_back(error_from(one.getError()));
    return each;
  });
  if (!out)
    return std::move(out.error());
  std::vector<result<decided>> each;
  for (auto& one : *out)
    each.push_back(one ? decode(*one) : result<decided>{one.error()});
  return each;
}

} // namespace acgs::client
