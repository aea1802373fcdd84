// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Entries and decisions as tests hand them to LEDGER, and a key to sign with.

#include "actors/ledger/state.hpp"
#include "runtime/crypto/ed25519.hpp"
#include "runtime/crypto/payload.hpp"

#include <string>

namespace acgs::test {

inline constexpr const char* sample_origin = "acgs/node-1/1";

/// What an entry is about; the rest is the same for all.
struct sample {
  std::string request = "request-1";
  std::string agent = "agent-1";
  std::string path = "acgs/main/decision";
  std::string type = "policy_evaluation";
  std::string subject = "alice";
  domain::role role_ = domain::role::agent;
  std::string input = "{\"action\":\"read\"}";
  std::string key{};
  std::string decision_id = "decision-1";
  domain::entry_kind kind = domain::entry_kind::decision;
  domain::verdict outcome = domain::verdict::allow;
  std::int64_t time_nanos = 1'771'156'800'000'000'000;
  std::uint64_t revision = 0;
};

inline ledger::append make_append(const sample& about) {
  ledger::append out;
  domain::entry entry;
  entry.kind = about.kind;
  entry.time_nanos = about.time_nanos;
  entry.node = "node-1";
  entry.event_type = about.type;
  entry.request_id = about.request;
  entry.decision_id = about.decision_id;
  entry.agent = about.agent;
  entry.path = about.path;
  entry.outcome = about.outcome;
  entry.revision = about.revision;
  entry.caller.subject = about.subject;
  entry.caller.role_ = about.role_;
  if (!about.input.empty()) {
    out.payloads.push_back(crypto::seal_payload(domain::payload_kind::input,
                                                as_byte_view(about.input)));
    entry.commitments.push_back(out.payloads.back().covered_by);
  }
  out.entry = wire::entry{entry};
  out.idempotency_key = about.key;
  return out;
}

inline ledger::pending make_pending(const sample& about) {
  domain::decision decision;
  decision.decision_id = about.decision_id;
  decision.request_id = about.request;
  decision.path = about.path;
  decision.outcome = about.outcome;
  decision.result = "{\"allow\":true}";
  return {make_append(about), wire::decision{decision}};
}

/// A log's key pair.
struct sample_signer {
  crypto::signing_key secret = crypto::signing_key::generate();
  merkle::verifier_key key = *merkle::make_verifier_key(
      sample_origin, merkle::signature_type::ed25519, secret.public_part());

  merkle::ed25519_signature sign(std::string_view text) const {
    return secret.sign(as_byte_view(text));
  }
};

} // namespace acgs::test
