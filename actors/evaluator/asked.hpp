// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sealed detail of a decision's entry says of the question beyond its
// input and the entry's path, written when it is recorded and read when it is
// asked again:
//
//   document, query   the whole path, where the entry has only its beginning
//   compile           {"query": "input.x > 1", "options": {"unknowns": [...]}}

#include "runtime/base/error.hpp"
#include "runtime/domain/decision.hpp"

#include <string>
#include <string_view>

namespace acgs::evaluator {

/// Paths of queries may be long; an entry has that much of one.
inline constexpr std::size_t path_bytes_max = 1024;

/// The detail; empty where the entry says it all.
std::string detail_of(const domain::decide_request& request);

/// A question's text and what it leaves open.
struct asked {
  std::string path;
  std::string partial;
};

/// Reads the detail of an entry with that path. Fails with `invalid_argument`.
result<asked> parse_asked(domain::question asks, std::string_view path,
                          std::string_view detail);

} // namespace acgs::evaluator
