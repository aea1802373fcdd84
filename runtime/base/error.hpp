// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one set of error codes. An error is a `caf::error` of the category
// "acgs" whose context holds one sentence for the reader: what was wrong,
// where, and what was expected; and, for some, the nanoseconds to wait before
// another try, or the same as JSON for programs. A code exists only if a caller
// reacts to it.

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acgs {

/// Why something was not done. The HTTP status of each is in
/// `actors/http_gateway`, the exit code in `exit_code.hpp`.
enum class ec : std::uint8_t {
  none,              ///< no error (CAF reserves 0)
  invalid_argument,  ///< the request is malformed; the sender must change it
  unauthenticated,   ///< who asks is not known, or the proof is wrong
  forbidden,         ///< who asks is known and may not
  not_found,         ///< the thing named does not exist
  conflict,          ///< the thing exists already, or changed meanwhile
  hash_mismatch,     ///< a pinned constitution is not the active one
  too_large,         ///< beyond a bound of size, depth or count
  rate_limited,      ///< beyond the caller's rate; try again later
  overloaded,        ///< a queue is full; nothing was done
  unavailable,       ///< a part is down, stopping or behind an open breaker
  timed_out,         ///< no answer in time; the effect is unknown
  policy_invalid,    ///< a policy does not compile
  evaluation_failed, ///< a policy ended in an error
  limit_exceeded,    ///< an evaluation went beyond its bounds
  cancelled,         ///< given up on request
  store_full,        ///< no room: disk, map or quota
  store_io,          ///< a write or sync failed; the process must end
  store_corrupt,     ///< what is stored contradicts itself
  internal,          ///< a bug of ours
};

inline constexpr std::array<std::string_view, 20> ec_names{
    "none",           "invalid_argument",  "unauthenticated", "forbidden",
    "not_found",      "conflict",          "hash_mismatch",   "too_large",
    "rate_limited",   "overloaded",        "unavailable",     "timed_out",
    "policy_invalid", "evaluation_failed", "limit_exceeded",  "cancelled",
    "store_full",     "store_io",          "store_corrupt",   "internal",
};
static_assert(ec_names.size() == static_cast<std::size_t>(ec::internal) + 1);

/// The code's name as users see it, for example "not_found".
constexpr std::string_view to_string_view(ec code) {
  return ec_names[static_cast<std::size_t>(code)];
}

/// Found by CAF through argument-dependent look-up; carries no sentence.
caf::error make_error(ec code);

/// An error with its sentence for the reader.
caf::error make_error(ec code, std::string sentence);

/// The same, naming the parameter or key that it is about.
caf::error make_error(ec code, std::string sentence, std::string field);

/// The same, with what programs are told: JSON text.
caf::error make_error(ec code, std::string sentence, std::string field,
                      std::string details);

/// The same for what may be tried again: not before `retry_after` has passed.
caf::error make_error(ec code, std::string sentence,
                      std::chrono::nanoseconds retry_after);

/// How long to wait before trying again, where the error says so.
std::optional<std::chrono::nanoseconds> retry_after_of(const caf::error& error);

/// The code of any error. What CAF itself raised is translated: a dead or
/// unreachable actor is `unavailable`, a request that ran out `timed_out`,
/// anything else `internal`.
ec code_of(const caf::error& error);

/// The sentence of any error, never empty.
std::string sentence_of(const caf::error& error);

/// The parameter or key that an error is about; empty where it names none.
std::string field_of(const caf::error& error);

/// What programs are told of an error, as JSON text; empty where it is nothing.
std::string details_of(const caf::error& error);

/// A value or an error.
template <class T>
using result = caf::expected<T>;

} // namespace acgs
