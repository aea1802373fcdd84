// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types of the ledger's entries, as far as clients may choose them. An
// event that somebody hands in must not be found where an operator looks for
// what the node itself did, so that the node's own types are reserved, and all
// that could be taken for them. One is left open: clients of the runbooks'
// audit service report what they evaluated as `policy_evaluation`; that it is
// their word and not ours, an entry's kind says.

#include "runtime/domain/command.hpp"
#include "runtime/domain/entry.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace acgs::domain {

inline constexpr std::size_t event_type_bytes_max = 128;

/// Whether the text has the form of an event type, in which no two look alike:
/// ASCII letters, digits and . _ : -
constexpr bool is_event_type(std::string_view text) {
  return !text.empty() && text.size() <= event_type_bytes_max
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '.' || c == '_'
                     || c == ':' || c == '-';
            });
}

/// What else the node calls its entries, beside their kinds and the commands.
inline constexpr std::array<std::string_view, 8> own_event_types{
    "node_started",    "node_stopped", "actor_restarted", "epoch_started",
    "breaker_changed", "policy_query", "policy_compile",  "safety_violation"};

/// First words of types of the node's that go on with any other.
inline constexpr std::array<std::string_view, 4> own_event_prefixes{
    "admin", "key", "refused", "candidate"};

/// What operators call such things besides, so that none of it is forged.
inline constexpr std::array<std::string_view, 24> own_event_words{
    "admin",   "cache",   "clear",   "cleared", "created", "disabled",
    "enabled", "epoch",   "failed",  "failure", "lifted",  "lockout",
    "locked",  "login",   "logout",  "refresh", "refused", "retired",
    "reuse",   "revoked", "rotated", "started", "stopped", "unlocked"};

/// Letters without their case, and every separator as '_'.
constexpr char folded(char c) {
  if (c >= 'A' && c <= 'Z')
    return static_cast<char>(c + ('a' - 'A'));
  return c == '.' || c == ':' || c == '-' ? '_' : c;
}

/// What is left of a text once `word` is taken off its front, separators
/// before it first; nothing where it does not begin so.
constexpr std::optional<std::string_view> without_word(std::string_view text,
                                                       std::string_view word) {
  while (!text.empty() && folded(text.front()) == '_')
    text.remove_prefix(1);
  if (word.empty() || text.size() < word.size())
    return std::nullopt;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (folded(text[i]) != word[i])
      return std::nullopt;
  return text.substr(word.size());
}

/// Calls `visit` with each word of the node's own types, until it is true.
template <class Visit>
constexpr bool any_own_word(Visit visit) {
  auto in_name = [&](std::string_view name) {
    for (std::size_t end = 0; !name.empty(); name.remove_prefix(end)) {
      while (!name.empty() && name.front() == '_')
        name.remove_prefix(1);
      end = std::min(name.find('_'), name.size());
      if (visit(name.substr(0, end)))
        return true;
    }
    return false;
  };
  auto among = [&](const auto& names) {
    return std::any_of(names.begin(), names.end(), in_name);
  };
  return among(entry_kind_names) || among(command_kind_names)
         || among(own_event_types) || among(own_event_words);
}

/// Whether a text is made of nothing but words of the node's own types, in
/// any order and case, and with any separators or none.
constexpr bool has_only_own_words(std::string_view text) {
  // Of each length from the back on: whether so much can be cut into words.
  std::array<bool, event_type_bytes_max + 1> good{};
  good[0] = true;
  for (std::size_t left = 1; left <= text.size(); ++left) {
    auto end = text.substr(text.size() - left);
    good[left] = any_own_word([&](std::string_view word) {
      auto rest = without_word(end, word);
      return rest && good[rest->size()];
    });
    // Separators at the end say nothing.
    good[left] = good[left] || (folded(end.front()) == '_' && good[left - 1]);
  }
  return good[text.size()];
}

/// Whether the type is the node's own or could be taken for it: it begins as
/// some of the node's do ("admin."), or all its words are words of the node's
/// ("LoginRefused", "strict-mode"). Whatever stands behind a word of the
/// client's own is the client's: "billing.strict_mode".
constexpr bool is_reserved_event_type(std::string_view type) {
  if (type.size() > event_type_bytes_max)
    return true;
  auto begins = [&](std::string_view prefix) {
    auto rest = without_word(type, prefix);
    return rest && !rest->empty() && folded(rest->front()) == '_';
  };
  return has_only_own_words(type)
         || std::any_of(own_event_prefixes.begin(), own_event_prefixes.end(),
                        begins);
}

} // namespace acgs::domain
