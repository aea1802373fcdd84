// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// http.send: the request is checked as OPA checks it; no host is allowed, so
// that an evaluation never reaches the network. Policies test with
// `with http.send as mock`.

#include <algorithm>

#include "builtins/builtin.hpp"
#include "builtins/families.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr std::string_view known[] = {"method",
                                      "url",
                                      "body",
                                      "enable_redirect",
                                      "force_json_decode",
                                      "force_yaml_decode",
                                      "headers",
                                      "raw_body",
                                      "tls_use_system_certs",
                                      "tls_ca_cert",
                                      "tls_ca_cert_file",
                                      "tls_ca_cert_env_variable",
                                      "tls_client_cert",
                                      "tls_client_cert_file",
                                      "tls_client_cert_env_variable",
                                      "tls_client_key",
                                      "tls_client_key_file",
                                      "tls_client_key_env_variable",
                                      "tls_insecure_skip_verify",
                                      "tls_server_name",
                                      "timeout",
                                      "cache",
                                      "force_cache",
                                      "force_cache_duration_seconds",
                                      "raise_error",
                                      "caching_mode",
                                      "max_retry_attempts",
                                      "cache_ignored_headers"};

value send(call_context& c, std::span<const value> a) {
  if (!a[0].is_object())
    return c.operand_error(1, a[0], "object");
  array_builder wrong(c.memory()), missing(c.memory());
  for (auto& k : a[0].keys())
    if (!k.is_string()
        || std::find(std::begin(known), std::end(known), k.as_string())
               == std::end(known))
      wrong.push(k);
  if (wrong.size())
    return c.fail("eval_type_error", "operand 1 invalid request parameters(s): "
                                         + to_rego(wrong.set()));
  for (std::string_view k : {"method", "url"})
    if (find_key(a[0].as_object(), c.string(k)) < 0)
      missing.push(c.string(k));
  if (missing.size())
    return c.fail("eval_type_error",
                  "operand 1 missing required request parameters(s): "
                      + to_rego(missing.set()));
  return c.fail("no host is allowed for requests of policies");
}

} // namespace

void register_http_send(builtin_table& t) {
  t.add("http.send", send);
}

} // namespace rego
