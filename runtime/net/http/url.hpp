// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Paths and queries of request targets, taken apart and decoded. Pure.

#include "runtime/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acgs::http {

/// Decodes %XX. Fails with `invalid_argument` on a broken escape, a zero byte
/// or what is no UTF-8. `plus_is_space`: as in a query.
result<std::string> percent_decode(std::string_view text,
                                   bool plus_is_space = false);

/// The steps of a path, decoded: "/a%20b/c" gives "a b" and "c". Empty steps
/// are passed over. Fails as `percent_decode`, and with `invalid_argument` on
/// "." and ".." (nobody may have to guess what they mean) and beyond
/// `steps_max`.
result<std::vector<std::string>> split_path(std::string_view path,
                                            std::size_t steps_max = 64);

/// The same path without empty steps: "//a//b/" is "/a/b". Nothing is decoded.
std::string without_empty_steps(std::string_view path);

/// The parameters of a query, decoded. Of several with one name, all stay.
class query_parameters {
public:
  query_parameters() = default;

  /// Fails as `percent_decode`, and with `too_large` beyond 100 parameters.
  static result<query_parameters> parse(std::string_view query);

  /// All names and values, in their order.
  const std::vector<std::pair<std::string, std::string>>& items() const {
    return items_;
  }

  /// The last value of that name; empty text where it stands without one.
  std::optional<std::string_view> find(std::string_view name) const;

  /// All values of that name, in their order.
  std::vector<std::string_view> all(std::string_view name) const;

  /// Whether it stands alone and empty ("name", "name="), or once as "true" in
  /// any case. All else is false, as OPA has it.
  bool flag(std::string_view name) const;

  /// The number of that name within bounds, or `fallback` where it is absent.
  result<std::uint64_t> number(std::string_view name, std::uint64_t fallback,
                               std::uint64_t max) const;

private:
  std::vector<std::pair<std::string, std::string>> items_;
};

} // namespace acgs::http
