// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The object that http.send returns. Stateless; any thread.

#include "builtins/http_call.hpp"

namespace rego {

/// {status, status_code, headers, raw_body, body}: names of headers in lower
/// case, each with all its values; body null where it was not decoded.
value make_reply(call_context& c, const http_response& r,
                 const http_call& call);

/// {status_code: 0, error: {code, message}}, with the code of the network or
/// of the request.
value error_reply(call_context& c, const std::string& message, bool network);

} // namespace rego
