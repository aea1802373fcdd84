// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// http.send's transport on libcurl: HTTP/1.1, a connection a request, no
// redirects, no proxies whatever the environment says, http and https alone.
// Certificates are verified unless a policy says otherwise. Any thread.

#include "rego/http.hpp"

namespace rego::cli {

std::shared_ptr<http_transport> make_curl_transport();

} // namespace rego::cli
