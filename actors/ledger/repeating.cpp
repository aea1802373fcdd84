// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER's core knows a request again by its idempotency key.

#include "actors/ledger/request_key.hpp"
#include "actors/ledger/writing.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/store/tables.hpp"

#include <algorithm>

namespace acgs::ledger {

result<std::optional<placed>> state::find_repeated(writing& now,
                                                   const pending& one) {
  auto key = idempotency_key_of(tables_.origin, one.record);
  auto found = now.with->get(tables_.idempotency, key);
  if (!found)
    return found.error();
  if (!*found)
    return std::optional<placed>{};
  auto value = **found;
  placed out{store::to_number(value), true, {}};
  auto used = "the idempotency key led to entry " + std::to_string(out.index);
  if (value.size() < 16)
    return make_error(ec::store_corrupt, used + ", which is not there");
  const auto& entry = *one.record.entry;
  auto before = verdict_before(now, out.index, entry);
  if (!before)
    return make_error(code_of(before.error()),
                      used + ", " + sentence_of(before.error()));
  auto kept = open_kept(now, out.index, value.subspan(16),
                        !one.record.payloads.empty());
  if (!kept)
    return kept.error();
  // A change of control state comes from CONTROL alone, under a key that it
  // makes for no other: it goes on also where the secrets of this store are
  // lost, and could not start otherwise.
  if (!*kept && entry.kind == domain::entry_kind::control && !one.decision)
    return std::optional{out};
  if (!*kept)
    return make_error(ec::conflict, used + ", which can no longer be shown");
  byte_view rest{**kept};
  auto asked = request_of(one.record);
  if (rest.size() < asked.size()
      || !std::equal(asked.begin(), asked.end(), rest.begin()))
    return make_error(ec::conflict, used + ", which is another request");
  auto decision = wire::decision::decode(rest.subspan(asked.size()));
  if (!*before && decision)
    *before = (*decision)->outcome;
  // What is not known may have been an allow.
  if (is_withdrawn(before->value_or(domain::verdict::allow), entry.outcome)) {
    if (*before)
      return std::optional<placed>{};
    return make_error(ec::conflict, used
                                        + ", which was archived, and what it "
                                          "came to is not known here");
  }
  if (!one.decision)
    return std::optional{out};
  if (!decision)
    return make_error(ec::conflict, used + ", which is no decision");
  out.decision = *decision;
  return std::optional{out};
}

result<std::optional<domain::verdict>>
state::verdict_before(writing& now, std::uint64_t index,
                      const domain::entry& entry) {
  auto stored = now.with->get(tables_.entries, store::to_key(index));
  if (!stored)
    return stored.error();
  // Then what is kept beside the key tells, of which the request is a part.
  if (!*stored && index < archived_.size)
    return std::optional<domain::verdict>{};
  auto before = *stored ? wire::entry::decode(**stored)
                        : result<wire::entry>{ec::store_corrupt};
  if (!before)
    return make_error(ec::store_corrupt, "which is not there");
  // Earlier versions gave the entry of a query a path. Where one has none, the
  // digest of the request, kept beside the key, tells alone.
  if ((*before)->kind != entry.kind
      || (!entry.path.empty() && (*before)->path != entry.path))
    return make_error(ec::conflict, "which is another request");
  return std::optional{(*before)->outcome};
}

result<std::optional<bytes>> state::open_kept(writing& now, std::uint64_t index,
                                              byte_view kept,
                                              bool with_payloads) {
  // The key stays where the payload was archived.
  auto place = store::payloads::key(index, 0);
  auto sealed = now.with->get(tables_.payload_keys, place);
  if (!sealed)
    return sealed.error();
  // A store that was restored without its keys has none for what is sealed.
  if (!*sealed && with_payloads)
    return std::optional<bytes>{};
  if (!*sealed)
    return std::optional{bytes{kept.begin(), kept.end()}};
  auto opener = keys_.find(*now.with, {index, 0});
  if (!opener)
    return opener.error();
  auto text = crypto::unseal(*opener, kept);
  if (!text)
    return std::optional<bytes>{};
  return std::optional{std::move(*text)};
}

caf::error state::remember(writing& now, const pending& one,
                           std::uint64_t index) {
  bytes value;
  auto nanos = static_cast<std::uint64_t>(one.record.entry->time_nanos);
  value.reserve(16);
  for (auto number : {index, nanos}) {
    auto part = store::to_key(number);
    value.insert(value.end(), part.begin(), part.end());
  }
  auto asked = request_of(one.record);
  bytes kept{asked.begin(), asked.end()};
  if (one.decision) {
    auto decision = one.decision.encoded();
    kept.insert(kept.end(), decision.begin(), decision.end());
  }
  if (!one.record.payloads.empty()) {
    auto sealed = crypto::seal(one.record.payloads.front().key, kept);
    if (!sealed)
      return sealed.error();
    kept = std::move(*sealed);
  }
  value.insert(value.end(), kept.begin(), kept.end());
  return now.with->put(tables_.idempotency,
                       idempotency_key_of(tables_.origin, one.record), value);
}

} // namespace acgs::ledger
