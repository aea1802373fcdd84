// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types of the ledger's entries, as far as clients may choose them. An
// event that somebody hands in must not be found where an operator looks for
// what the node itself did, so that the node's own types are reserved. One is
// left open: clients of the runbooks' audit service report what they evaluated
// as `policy_evaluation`; that it is their word and not ours, an entry's kind
// says.

#include "runtime/domain/command.hpp"
#include "runtime/domain/entry.hpp"

#include <algorithm>
#include <array>
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
inline constexpr std::array<std::string_view, 7> own_event_types{
    "node_started",    "node_stopped", "actor_restarted", "epoch_started",
    "breaker_changed", "policy_query", "safety_violation"};

/// Types of the node's that begin so.
inline constexpr std::array<std::string_view, 3> own_event_prefixes{
    "admin.", "key_", "refused_"};

/// Two types that differ in case alone are one.
constexpr bool is_same_type(std::string_view a, std::string_view b) {
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// Whether the type is the node's own.
constexpr bool is_reserved_event_type(std::string_view type) {
  auto among = [&](const auto& names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
      return is_same_type(type, name);
    });
  };
  auto begins = [&](std::string_view prefix) {
    return is_same_type(type.substr(0, prefix.size()), prefix);
  };
  return among(entry_kind_names) || among(command_kind_names)
         || among(own_event_types)
         || std::any_of(own_event_prefixes.begin(), own_event_prefixes.end(),
                        begins);
}

} // namespace acgs::domain
