// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long a response to http.send may be used again: RFC 9111 for a private
// cache, as far as OPA follows it, or the seconds that a policy names.
// Stateless; any thread.

#include <optional>

#include "rego/http_cache.hpp"

namespace rego {

/// May a response be kept? Its status has to be one that is cacheable, and,
/// unless a policy forces it, its headers must not forbid it.
bool may_keep(const http_response& r, bool forced);

/// May it be used without asking? `forced_seconds` replaces its headers.
bool is_fresh(const http_cached& kept, int64_t now_ns,
              std::optional<int64_t> forced_seconds);

/// The headers that ask whether a response still holds; none: it cannot be
/// asked.
std::vector<http_header> questions(const http_response& kept);

/// A kept response with the headers of the 304 that confirmed it.
http_response confirmed(const http_response& kept, const http_response& by);

} // namespace rego
