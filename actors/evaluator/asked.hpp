// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sealed detail of a decision's entry says of the question beyond its
// input and the entry's path, written when it is recorded and read when it is
// asked again:
//
//   document   the whole path, where the entry has only its beginning
//   query      the query's text
//   compile    {"query": "input.x > 1", "options": {"unknowns": [...]}}
//
// The text of a query may name persons, so it stands nowhere else: the entry's
// path is empty. Earlier versions put its beginning there, and short ones only
// there; such entries are read as well.

#include "runtime/base/error.hpp"
#include "runtime/domain/decision.hpp"

#include <string>
#include <string_view>

namespace acgs::evaluator {

/// An entry has that much of a document's path.
inline constexpr std::size_t path_bytes_max = 1024;

/// The path that the entry has.
std::string_view path_in_entry(const domain::decide_request& request);

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
