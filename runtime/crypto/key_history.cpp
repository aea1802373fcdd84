// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/key_history.hpp"

#include <algorithm>

namespace acgs::crypto {

namespace {

caf::error wrong(const std::string& why) {
  return make_error(ec::invalid_argument, why);
}

bool contains(std::span<const merkle::verifier_key> keys,
              const merkle::verifier_key& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// The statement's content, once all that must have signed it did.
result<key_change> open_statement(std::string_view statement,
                                  const merkle::verifier_key& log) {
  auto note = merkle::parse_note(statement);
  if (!note)
    return wrong(note.error());
  auto change = parse_key_change(note->text);
  if (!change)
    return change;
  std::vector signers{log};
  if (change->kind == key_change_kind::rotated) {
    if (!contains(signers, change->key))
      signers.push_back(change->key);
    if (contains(signers, *change->successor))
      return wrong("a key cannot follow itself");
    signers.push_back(*change->successor);
  }
  auto by = merkle::verify_note(*note, signers);
  if (!by)
    return wrong(by.error());
  for (const auto& each : signers)
    if (!contains(*by, each))
      return wrong("it is not signed by " + key_record_name(each));
  return change;
}

} // namespace

std::string key_record_name(const merkle::verifier_key& key) {
  auto text = merkle::format_verifier_key(key);
  // A name has no plus; the base64 behind the second one may.
  return text.substr(0, text.find('+', text.find('+') + 1));
}

key_history::key_history(std::span<const merkle::verifier_key> unchanged) {
  for (const auto& key : unchanged)
    keys_.push_back(
        {std::string{checkpoint_purpose}, key, true, false, 0, 0, 0});
}

void key_history::add_active(std::string purpose, merkle::verifier_key key,
                             std::int64_t began_seconds) {
  if (find(key))
    return;
  keys_.push_back(
      {std::move(purpose), std::move(key), true, false, 0, began_seconds, 0});
}

const known_key* key_history::active(std::string_view purpose) const {
  auto found = std::find_if(keys_.rbegin(), keys_.rend(), [&](const auto& key) {
    return key.active && key.purpose == purpose;
  });
  return found == keys_.rend() ? nullptr : &*found;
}

known_key* key_history::find_active(std::string_view purpose) {
  return const_cast<known_key*>(std::as_const(*this).active(purpose));
}

const known_key* key_history::find(const merkle::verifier_key& key) const {
  auto found = std::find_if(keys_.begin(), keys_.end(),
                            [&](const auto& one) { return one.key == key; });
  return found == keys_.end() ? nullptr : &*found;
}

result<key_history> key_history::follow(const merkle::verifier_key& trusted,
                                        std::vector<std::string> statements) {
  if (statements.size() > key_changes_max)
    return make_error(ec::too_large,
                      std::to_string(statements.size())
                          + " statements about keys; expected at most "
                          + std::to_string(key_changes_max));
  // The first key is the one that the first of its changes replaced. It is
  // believed because the trusted key is linked to it, which is asked below.
  auto first = trusted;
  for (const auto& each : statements) {
    auto note = merkle::parse_note(each);
    auto change = note ? parse_key_change(note->text)
                       : result<key_change>{wrong(note.error())};
    if (!change || change->kind != key_change_kind::rotated
        || change->purpose != checkpoint_purpose)
      continue;
    first = change->key;
    break;
  }
  key_history out{{&first, 1}};
  for (std::size_t i = 0; i < statements.size(); ++i)
    if (auto bad = out.take(statements[i]))
      return make_error(code_of(bad),
                        "statement " + std::to_string(i + 1)
                            + " about the log's keys: " + sentence_of(bad));
  auto known = out.find(trusted);
  if (!known || known->purpose != checkpoint_purpose)
    return wrong("the statements about the log's keys do not lead to "
                 + key_record_name(trusted));
  out.statements_ = std::move(statements);
  return out;
}

caf::error key_history::take(std::string_view statement) {
  auto log = active(checkpoint_purpose)->key;
  auto change = open_statement(statement, log);
  if (!change)
    return change.error();
  if (change->origin != log.name)
    return wrong("it is of the log '" + change->origin + "', not '" + log.name
                 + "'");
  if (!changes_.empty() && change->size < changes_.back().size)
    return wrong("the log is shorter than at the one before");
  auto bad = change->kind == key_change_kind::rotated ? rotate(*change)
                                                      : revoke(*change);
  if (!bad)
    changes_.push_back(std::move(*change));
  return bad;
}

caf::error key_history::rotate(const key_change& what) {
  if (find(*what.successor))
    return wrong("the key " + key_record_name(*what.successor)
                 + " was used before");
  if (what.successor->name != what.key.name)
    return wrong("the successor has another name, " + what.successor->name);
  // Only the log's own first key was known before.
  if (!find_active(what.purpose))
    add_active(what.purpose, what.key, 0);
  auto old = find_active(what.purpose);
  if (old->key != what.key)
    return wrong("the key " + key_record_name(what.key)
                 + " is not the one that signed");
  old->active = false;
  old->last_size = what.size;
  old->ended_seconds = what.seconds;
  keys_.push_back(
      {what.purpose, *what.successor, true, false, 0, what.seconds, 0});
  return {};
}

caf::error key_history::revoke(const key_change& what) {
  auto found = std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) {
    return one.key == what.key && one.purpose == what.purpose;
  });
  if (found == keys_.end())
    return wrong("there was no key " + key_record_name(what.key));
  if (found->active || found->revoked)
    return wrong("the key " + key_record_name(what.key)
                 + (found->active ? " still signs" : " was revoked before"));
  found->revoked = true;
  return {};
}

caf::error key_history::check_use(const known_key& by,
                                  std::uint64_t size) const {
  if (by.active || size <= by.last_size)
    return {};
  return wrong("the key " + key_record_name(by.key) + " was "
               + (by.revoked ? "revoked" : "replaced") + " at size "
               + std::to_string(by.last_size)
               + " of the log; what it signed for size " + std::to_string(size)
               + " is not believed");
}

result<believed_checkpoint>
key_history::open(std::string_view signed_note) const {
  std::string why = "there is no key to verify it with";
  bool misused = false; // which says more than that another did not sign
  std::optional<believed_checkpoint> out;
  for (const auto& each : keys_) {
    if (each.purpose != checkpoint_purpose)
      continue;
    auto head = merkle::open_checkpoint(signed_note, each.key);
    auto bad = head ? check_use(each, head->size) : wrong(head.error());
    if (!bad && (!out || out->by_revoked))
      out = believed_checkpoint{std::move(*head), each.key, each.revoked};
    else if (bad && !misused)
      why = sentence_of(bad);
    misused = misused || (head && bad);
  }
  if (out)
    return std::move(*out);
  return wrong(why);
}

result<merkle::verifier_key>
key_history::signer_of(std::string_view signed_note, std::uint64_t size) const {
  auto note = merkle::parse_note(signed_note);
  if (!note)
    return wrong(note.error());
  std::string why = "there is no key to verify it with";
  bool misused = false; // as in `open`
  for (const auto& each : keys_) {
    if (each.purpose != checkpoint_purpose)
      continue;
    auto by = merkle::verify_note(*note, {&each.key, 1});
    if (by && !each.revoked && !check_use(each, size))
      return each.key;
    if (misused)
      continue;
    misused = static_cast<bool>(by);
    why = !by ? by.error()
              : "it is by the key " + key_record_name(each.key) + ", which was "
                    + (each.revoked ? "revoked" : "replaced before");
  }
  return wrong(why);
}

result<std::string> key_history::attach(const std::string& text,
                                        const signature& by) const {
  auto head = merkle::parse_checkpoint(text);
  if (!head)
    return wrong(head.error());
  for (const auto& each : keys_) {
    if (each.purpose != checkpoint_purpose
        || !verify(each.key.key, as_byte_view(text), by))
      continue;
    if (auto bad = check_use(each, head->size))
      return bad;
    auto note = merkle::format_note(
        {text, {{each.key.name, each.key.id, {by.begin(), by.end()}}}});
    if (!note)
      return wrong(note.error());
    return std::move(*note);
  }
  return wrong("the signature is by no key of this log");
}

} // namespace acgs::crypto
