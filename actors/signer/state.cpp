// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/state.hpp"

#include "runtime/backup/manifest.hpp"
#include "runtime/crypto/sha256.hpp"

#include <algorithm>

namespace acgs::signer {

namespace {

constexpr std::int64_t nanos_a_second = 1'000'000'000;

std::string name_of(purpose serves) {
  return std::string{purpose_names[static_cast<std::size_t>(serves)]};
}

purpose purpose_of(const crypto::known_key& key) {
  auto found =
      std::find(purpose_names.begin(), purpose_names.end(), key.purpose);
  return static_cast<purpose>(found - purpose_names.begin());
}

std::string id_of(const merkle::verifier_key& key) {
  auto record = crypto::key_record_name(key);
  return record.substr(record.find('+') + 1);
}

public_key describe(const crypto::known_key& from, const ring& known) {
  public_key out;
  out.serves = purpose_of(from);
  out.name = from.key.name;
  out.value = from.key.key;
  out.verifier_key = merkle::format_verifier_key(from.key);
  auto record = crypto::key_record_name(from.key);
  // Statements do not tell when the first key of a purpose was made.
  auto created = known.created.find(record);
  out.created_nanos = created != known.created.end()
                          ? created->second
                          : from.began_seconds * nanos_a_second;
  out.active = from.active;
  out.revoked = from.revoked;
  out.last_size = from.last_size;
  out.ended_nanos = from.ended_seconds * nanos_a_second;
  auto reason = known.reasons.find(record);
  if (reason != known.reasons.end())
    out.reason = reason->second;
  return out;
}

/// Notes what the statements say of a key.
void add_statements(const crypto::key_history& all,
                    const merkle::verifier_key& key, public_key& to) {
  for (std::size_t i = 0; i < all.changes().size(); ++i) {
    const auto& change = all.changes()[i];
    if (change.successor == key) {
      to.replaces = crypto::key_record_name(change.key);
      to.statement = all.statements()[i];
    }
    if (change.kind == crypto::key_change_kind::revoked && change.key == key)
      to.revocation = all.statements()[i];
  }
}

/// A plan that whoever follows the keys later can follow too: nothing else may
/// get into the folder, since the next start would refuse it.
result<planned_change> checked(planned_change what) {
  auto history = history_of(what.next);
  if (!history)
    return make_error(ec::conflict, "the keys cannot be changed like this: "
                                        + sentence_of(history.error()));
  return what;
}

caf::error too_many() {
  return make_error(ec::too_large,
                    "the log's keys were changed "
                        + std::to_string(crypto::key_changes_max)
                        + " times already, which is the most it may be");
}

} // namespace

result<state> state::open(opened_keys from) {
  auto history = history_of(from.known);
  if (!history)
    return history.error();
  for (std::size_t i = 0; i < from.secrets.size(); ++i)
    if (from.secrets[i].public_part() != from.known.active[i].key.key)
      return make_error(
          ec::store_corrupt,
          "the file " + from.known.active[i].file
              + " holds another key than the ring of keys says, "
              + crypto::key_record_name(from.known.active[i].key));
  return state{std::move(from), std::move(*history)};
}

result<signature> state::sign(const struct sign& what) {
  auto at = static_cast<std::size_t>(what.with);
  if (at >= secrets_.size())
    return make_error(ec::invalid_argument,
                      "no key serves purpose " + std::to_string(at));
  if (what.with == purpose::checkpoint) {
    auto text = as_text(what.message);
    auto head = merkle::parse_checkpoint(text);
    auto ours =
        head && head->origin == ring_.origin && head->extensions.empty();
    if (!ours && !backup::is_manifest_of(text, ring_.origin))
      return make_error(ec::invalid_argument,
                        "the checkpoint key signs checkpoints of "
                            + ring_.origin
                            + ", manifests of its backups, and nothing else");
    if (ours && (!newest_ || newest_->size <= head->size))
      newest_ = std::move(*head);
  }
  return signature{secrets_[at].sign(what.message)};
}

key_list state::list() const {
  key_list out;
  for (std::size_t i = 0; i < ring_.active.size(); ++i) {
    const auto& key = ring_.active[i];
    auto one = describe(*history_.find(key.key), ring_);
    one.created_nanos = key.created_nanos;
    one.made_now = made_now_[i];
    add_statements(history_, key.key, one);
    out.keys.push_back(std::move(one));
  }
  for (const auto& each : history_.keys()) {
    if (each.active)
      continue;
    auto one = describe(each, ring_);
    add_statements(history_, each.key, one);
    out.keys.push_back(std::move(one));
  }
  return out;
}

result<merkle::checkpoint> state::head_of(const std::string& text) const {
  auto head = merkle::parse_checkpoint(text);
  if (!head || head->origin != ring_.origin || !head->extensions.empty())
    return make_error(ec::invalid_argument,
                      "a change of keys needs a checkpoint of " + ring_.origin);
  if (newest_ && newest_->size > head->size)
    return *newest_;
  return std::move(*head);
}

result<std::string>
state::state_it(const crypto::key_change& what,
                std::span<const crypto::signing_key* const> signers) const {
  merkle::note note{crypto::format_key_change(what), {}};
  for (const auto* each : signers) {
    const auto& shown = each->public_part();
    // Which of the names it signs under follows from what it is.
    const merkle::verifier_key* as = nullptr;
    for (const auto& key : ring_.active)
      if (key.key.key == shown)
        as = &key.key;
    if (what.successor && what.successor->key == shown)
      as = &*what.successor;
    auto done = merkle::sign_note(note, *as, [&](merkle::bytes_view message) {
      return std::optional{each->sign(message)};
    });
    if (!done)
      return make_error(ec::internal, done.error());
  }
  auto text = merkle::format_note(note);
  if (!text)
    return make_error(ec::internal, text.error());
  return std::move(*text);
}

result<planned_change> state::plan(const rotate& what,
                                   crypto::signing_key fresh,
                                   wall_time now) const {
  auto at = static_cast<std::size_t>(what.serves);
  if (at >= secrets_.size())
    return make_error(ec::invalid_argument,
                      "no key serves purpose " + std::to_string(at));
  if (ring_.statements.size() >= crypto::key_changes_max)
    return too_many();
  auto head = head_of(what.head);
  if (!head)
    return head.error();
  const auto& old = ring_.active[at];
  auto key = merkle::make_verifier_key(old.key.name, old.key.type,
                                       fresh.public_part());
  if (!key)
    return make_error(ec::internal, key.error());
  crypto::key_change change;
  change.purpose = name_of(what.serves);
  change.seconds = to_nanos(now) / nanos_a_second;
  change.key = old.key;
  change.successor = *key;
  change.origin = head->origin;
  change.size = head->size;
  change.root = head->root;
  std::vector<const crypto::signing_key*> signers{&secrets_.front()};
  if (at != 0)
    signers.push_back(&secrets_[at]);
  signers.push_back(&fresh);
  auto statement = state_it(change, signers);
  if (!statement)
    return statement.error();
  planned_change out;
  out.next = ring_;
  out.serves = what.serves;
  out.dropped = old.file;
  out.key = crypto::key_record_name(old.key);
  out.successor = crypto::key_record_name(*key);
  out.next.active[at] = {change.purpose + '-' + id_of(*key) + ".key", *key,
                         to_nanos(now)};
  out.next.statements.push_back(std::move(*statement));
  out.next.created[out.key] = old.created_nanos;
  if (!what.reason.empty())
    out.next.reasons[out.key] = what.reason;
  out.fresh = std::move(fresh);
  return checked(std::move(out));
}

result<const crypto::known_key*> state::find(const std::string& key) const {
  const crypto::known_key* out = nullptr;
  for (const auto& each : history_.keys()) {
    if (crypto::key_record_name(each.key) != key && id_of(each.key) != key)
      continue;
    if (out)
      return make_error(ec::invalid_argument,
                        "more than one key has the id " + key
                            + "; give its whole name, as keys list shows it",
                        "key");
    out = &each;
  }
  if (!out)
    return make_error(ec::not_found,
                      "this node has had no key '" + key.substr(0, 300) + "'",
                      "key");
  return out;
}

std::optional<purpose> state::active_purpose(const std::string& key) const {
  auto found = find(key);
  if (!found || !(*found)->active)
    return std::nullopt;
  return purpose_of(**found);
}

result<planned_change> state::plan(const revoke& what, wall_time now) const {
  auto found = find(what.key);
  if (!found)
    return found.error();
  const auto& key = **found;
  auto record = crypto::key_record_name(key.key);
  if (key.revoked || key.active)
    return make_error(ec::conflict,
                      "the key " + record
                          + (key.active ? " still signs; rotate it first"
                                        : " was revoked before"),
                      "key");
  if (ring_.statements.size() >= crypto::key_changes_max)
    return too_many();
  auto head = head_of(what.head);
  if (!head)
    return head.error();
  crypto::key_change change;
  change.kind = crypto::key_change_kind::revoked;
  change.purpose = key.purpose;
  change.seconds = to_nanos(now) / nanos_a_second;
  change.key = key.key;
  change.origin = head->origin;
  change.size = head->size;
  change.root = head->root;
  const auto* signer = &secrets_.front();
  auto statement = state_it(change, {&signer, 1});
  if (!statement)
    return statement.error();
  planned_change out;
  out.next = ring_;
  out.serves = purpose_of(key);
  out.key = record;
  out.next.statements.push_back(std::move(*statement));
  out.next.reasons[record] = what.reason;
  return checked(std::move(out));
}

caf::error state::adopt(planned_change what) {
  auto history = history_of(what.next);
  if (!history)
    return history.error();
  auto at = static_cast<std::size_t>(what.serves);
  if (what.fresh) {
    secrets_[at] = std::move(*what.fresh);
    made_now_[at] = false;
  }
  ring_ = std::move(what.next);
  history_ = std::move(*history);
  return {};
}

std::string state::fingerprint() const {
  return to_hex(crypto::sha256_of(secrets_.front().public_part()));
}

} // namespace acgs::signer
