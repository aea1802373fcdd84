// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a constitution is called. Records hold the first 16 hexadecimal digits
// of its digest, which never mean another one. Whatever is shown, in answers,
// messages and logs, calls it by its alias where the configuration gives its
// digest one, which may be given to another later, else by those digits too.

#include "runtime/domain/decision.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::domain {

/// Other 16-digit names of constitutions, from the configuration: the key is
/// the digest of the constitution in hexadecimal.
using constitution_aliases = std::map<std::string, std::string>;

class constitution_names {
public:
  std::string digest; ///< whole, in hexadecimal
  std::string digits; ///< its first 16: the name in records
  std::string shown;  ///< the alias, else the digits: the name for clients

  constitution_names() = default;
  constitution_names(const acgs::digest& of,
                     const constitution_aliases& aliases)
      : digest{to_hex(of)}, digits{digest.substr(0, 16)} {
    auto alias = aliases.find(digest);
    shown = alias == aliases.end() ? digits : alias->second;
  }

  /// Each once; an alias last.
  std::vector<std::string> all() const {
    std::vector<std::string> out{digits, digest};
    if (shown != digits)
      out.push_back(shown);
    return out;
  }

  /// Whether the name means this constitution.
  bool contains(std::string_view name) const {
    return !name.empty() && (name == shown || name == digits || name == digest);
  }

  /// The first of some names, separated by single spaces, that does not mean
  /// this constitution; nothing where all do.
  std::optional<std::string_view> other_among(std::string_view names) const {
    while (!names.empty()) {
      auto one = names.substr(0, names.find(' '));
      if (!contains(one))
        return one;
      names.remove_prefix(std::min(one.size() + 1, names.size()));
    }
    return std::nullopt;
  }

  /// The name for clients of a constitution that a record names. That may be
  /// an earlier one, which goes by its digits.
  std::string_view shown_for(std::string_view recorded) const {
    return recorded == digits ? std::string_view{shown} : recorded;
  }

  /// The result of a decision as clients see it. The constitution's own names
  /// it by its digits; there it goes by its name for clients. What other
  /// policies answer is passed on as it is.
  std::string shown_in(const decision& from) const {
    std::string out{from.result};
    auto name = shown_for(from.constitutional_hash);
    if (name == from.constitutional_hash || !from.path.ends_with(decision_path))
      return out;
    auto member = "\"constitutional_hash\":\""
                  + std::string{from.constitutional_hash} + '"';
    if (auto at = out.find(member); at != out.npos)
      out.replace(at + member.size() - 1 - from.constitutional_hash.size(),
                  from.constitutional_hash.size(), name);
    return out;
  }

private:
  static constexpr std::string_view decision_path = "acgs/main/decision";
};

} // namespace acgs::domain
