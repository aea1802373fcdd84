// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Carries a call of http.send out: the hops of its redirects, each to a host
// that is allowed, and further attempts where the network failed. Within the
// evaluation's time, memory and cancellation. Stateless; any thread.

#include "builtins/http_call.hpp"

namespace rego {

/// A response, or the error in its place.
struct http_outcome {
  http_response response;
  std::string error;    // empty: there is a response
  bool network = false; // whose fault: the network's or the request's
};

/// `more` are headers besides those of the call.
http_outcome exchange(call_context& c, const http_access& world,
                      const http_call& call,
                      const std::vector<http_header>& more);

} // namespace rego
