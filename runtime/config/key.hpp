// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A key of the configuration as a value: name, meaning, type, default and
// bounds in one place. The functions below make keys of each type; the tables
// in keys_serving.cpp and keys_deciding.cpp call them, once a key.

#include "runtime/config/settings.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace acgs::config {

/// A value as it was written, before its type is looked at.
using raw_value = std::variant<std::string, std::vector<std::string>,
                               std::map<std::string, std::string>>;

struct key {
  std::string name;         ///< "http.body_bytes_max"
  std::string meaning;      ///< one or two sentences
  std::string type;         ///< what a value looks like, "a size such as 8MiB"
  std::string bounds;       ///< "1KiB to 64MiB", or empty
  std::string default_text; ///< as an environment variable has it
  std::string default_yaml; ///< the same as it stands in the shipped file
  std::string one_line;     ///< of a map: how one text holds it
  bool needs_restart = true;

  /// Sets the value; false where it is none of this key.
  std::function<bool(settings&, const raw_value&)> assign;
  /// The value as one line; lists and maps with commas.
  std::function<std::string(settings&)> print;
  /// "a size such as 8MiB, 1KiB to 64MiB".
  std::string expected() const;
};

/// Every key, in the order of the shipped file.
std::span<const key> all_keys();

/// The key of that name, or null.
const key* find_key(std::string_view name);

template <class T>
using member = T* (*)(settings&);

key count(std::string name, std::string meaning, member<std::uint64_t> where,
          std::string preset, std::uint64_t low, std::uint64_t high);
key size(std::string name, std::string meaning, member<std::uint64_t> where,
         std::string preset, std::uint64_t low, std::uint64_t high);
key span_of_time(std::string name, std::string meaning, member<duration> where,
                 std::string preset, duration low, duration high);
key ratio(std::string name, std::string meaning, member<double> where,
          std::string preset, double low, double high);
key flag(std::string name, std::string meaning, member<bool> where,
         std::string preset);
key listen(std::string name, std::string meaning, member<address> where,
           std::string preset);
key listens(std::string name, std::string meaning,
            member<std::vector<address>> where, std::string preset);

/// A path; where it begins with "$data_dir", that stands for
/// `node.data_dir`.
key file(std::string name, std::string meaning, member<path> where,
         std::string preset);
key files(std::string name, std::string meaning,
          member<std::vector<path>> where);

/// A text for which `accepts` holds; the preset of `texts` is one, or empty
/// for none.
key text(std::string name, std::string meaning, member<std::string> where,
         std::string preset, std::string type,
         bool (*accepts)(std::string_view));
key texts(std::string name, std::string meaning,
          member<std::vector<std::string>> where, std::string preset,
          std::string type, bool (*accepts)(std::string_view));
key pairs(std::string name, std::string meaning,
          member<std::map<std::string, std::string>> where, std::string type,
          bool (*accepts)(std::string_view, std::string_view));

/// A map of role to a rate, each at most `high`.
key rates(std::string name, std::string meaning,
          member<std::map<domain::role, std::uint64_t>> where,
          std::uint64_t high);

/// The two halves of the table.
std::vector<key> serving_keys();
std::vector<key> deciding_keys();

} // namespace acgs::config
