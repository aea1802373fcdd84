// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/key_change.hpp"

#include "runtime/base/number_text.hpp"
#include "runtime/crypto/words.hpp"

#include <algorithm>

namespace acgs::crypto {

namespace {

constexpr std::string_view magic = "acgs-key-change/v1 ";
constexpr std::string_view key_line = "key ";
constexpr std::string_view successor_line = "successor ";

caf::error malformed(const std::string& why) {
  return make_error(ec::invalid_argument,
                    "not a statement about a log's keys: " + why);
}

bool is_purpose(std::string_view word) {
  return !word.empty() && word.size() <= 32
         && std::all_of(word.begin(), word.end(),
                        [](char c) { return c >= 'a' && c <= 'z'; });
}

caf::error read_first(std::string_view line, key_change& out) {
  if (!line.starts_with(magic))
    return malformed("expected a line that begins with '" + std::string{magic}
                     + "'");
  line.remove_prefix(magic.size());
  auto kind = take_word(line);
  auto known =
      std::find(key_change_names.begin(), key_change_names.end(), kind);
  if (known == key_change_names.end())
    return malformed("expected rotated or revoked, not '" + std::string{kind}
                     + "'");
  out.kind = static_cast<key_change_kind>(known - key_change_names.begin());
  auto purpose = take_word(line);
  if (!is_purpose(purpose))
    return malformed("'" + std::string{purpose} + "' is no purpose of a key");
  out.purpose = purpose;
  auto seconds = parse_number<decltype(out.seconds)>(line);
  if (!seconds || *seconds < 0)
    return malformed("'" + std::string{line} + "' is no time");
  out.seconds = *seconds;
  return {};
}

caf::error read_key(std::string_view line, std::string_view begins,
                    merkle::verifier_key& out) {
  if (!line.starts_with(begins))
    return malformed("expected a line that begins with '" + std::string{begins}
                     + "'");
  auto key = merkle::parse_verifier_key(line.substr(begins.size()));
  if (!key)
    return malformed(key.error());
  if (key->type != merkle::signature_type::ed25519)
    return malformed("the key " + key->name + " is not of Ed25519");
  out = std::move(*key);
  return {};
}

} // namespace

std::string format_key_change(const key_change& what) {
  auto kind = key_change_names[static_cast<std::size_t>(what.kind)];
  merkle::checkpoint head{what.origin, what.size, what.root, {}};
  head.extensions.push_back(std::string{magic} + std::string{kind} + ' '
                            + what.purpose + ' '
                            + std::to_string(what.seconds));
  head.extensions.push_back(std::string{key_line}
                            + merkle::format_verifier_key(what.key));
  if (what.successor)
    head.extensions.push_back(std::string{successor_line}
                              + merkle::format_verifier_key(*what.successor));
  return merkle::format_checkpoint(head);
}

result<key_change> parse_key_change(std::string_view text) {
  auto head = merkle::parse_checkpoint(text);
  if (!head)
    return malformed(head.error());
  key_change out;
  out.origin = head->origin;
  out.size = head->size;
  out.root = head->root;
  const auto& lines = head->extensions;
  if (lines.empty())
    return malformed("it has no extension lines");
  if (auto bad = read_first(lines[0], out))
    return bad;
  auto expected = out.kind == key_change_kind::rotated ? 3u : 2u;
  if (lines.size() != expected)
    return malformed(std::to_string(lines.size()) + " extension lines, not "
                     + std::to_string(expected));
  if (auto bad = read_key(lines[1], key_line, out.key))
    return bad;
  if (expected == 3)
    if (auto bad = read_key(lines[2], successor_line, out.successor.emplace()))
      return bad;
  // One spelling: what was signed is what is believed.
  if (format_key_change(out) != text)
    return malformed("it is not written as it would be here");
  return out;
}

} // namespace acgs::crypto
