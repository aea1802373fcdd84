// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Errors as HTTP responses, in the two shapes that clients know, OPA's and the
// one that the runbooks' services document, or in both at once. Pure.

#include "actors/http_gateway/router.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/net/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// The status that an error code is answered with.
unsigned status_of(ec code);

/// What went wrong, and what is said of it besides its sentence.
struct problem {
  ec code = ec::internal;
  std::string sentence;
  std::string field{};    ///< what it is about; empty: nothing in particular
  std::string value{};    ///< what stood there
  std::string expected{}; ///< what should have
  std::string request_id{};
  wall_time when{};
  unsigned status = 0;          ///< 0: `status_of(code)`
  std::int64_t retry_after = 0; ///< seconds; 0: not said
  std::string_view opa_code{};  ///< empty: by `code`
  std::string errors{};         ///< the engine's, as JSON; or empty
  std::string_view heading{};   ///< of these in OPA's shape; empty: by `code`
};

problem make_problem(const caf::error& error);

http::response render(const problem& from, error_style style);

} // namespace acgs::http_gateway
