// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// providers.aws.sign_req: AWS Signature Version 4 over a request object.

#include <map>

#include "builtins/base64.hpp"
#include "builtins/digest.hpp"
#include "builtins/families.hpp"
#include "builtins/go_time.hpp"
#include "builtins/go_url.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr std::string_view required[] = {
    "aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"};

// What http.send takes, since the request is meant for it.
constexpr std::string_view request_keys[] = {"body",
                                             "cache",
                                             "cache_ignored_headers",
                                             "caching_mode",
                                             "enable_redirect",
                                             "force_cache",
                                             "force_cache_duration_seconds",
                                             "force_json_decode",
                                             "force_yaml_decode",
                                             "headers",
                                             "max_retry_attempts",
                                             "method",
                                             "raise_error",
                                             "raw_body",
                                             "timeout",
                                             "tls_ca_cert",
                                             "tls_ca_cert_env_variable",
                                             "tls_ca_cert_file",
                                             "tls_client_cert",
                                             "tls_client_cert_env_variable",
                                             "tls_client_cert_file",
                                             "tls_client_key",
                                             "tls_client_key_env_variable",
                                             "tls_client_key_file",
                                             "tls_insecure_skip_verify",
                                             "tls_server_name",
                                             "tls_use_system_certs",
                                             "url"};

value member(call_context& c, const value& o, std::string_view name) {
  return lookup(o, c.string(name));
}

std::string text_of(const value& v) {
  return v.is_string() ? std::string(v.as_string()) : std::string();
}

value name_set(call_context& c, const std::vector<std::string>& names) {
  array_builder b(c.memory());
  for (auto& n : names)
    b.push(c.string(n));
  return b.set();
}

bool wrong_names(call_context& c, int operand, std::string_view what,
                 const std::vector<std::string>& names) {
  if (names.empty())
    return false;
  operand_failure(c, operand,
                  std::string(what) + ": " + to_rego(name_set(c, names)));
  return true;
}

bool check_config(call_context& c, const value& config) {
  std::vector<std::string> missing, invalid;
  for (auto name : required) {
    auto v = member(c, config, name);
    if (!v.defined())
      missing.emplace_back(name);
    else if (!v.is_string())
      invalid.emplace_back(name);
  }
  return !wrong_names(c, 2, "missing required AWS config parameters(s)",
                      missing)
         && !wrong_names(c, 2,
                         "invalid values for required AWS config "
                         "parameters(s)",
                         invalid);
}

bool check_request(call_context& c, const value& request) {
  std::vector<std::string> unknown, missing, invalid;
  for (auto& k : request.keys()) {
    auto name = text_of(k);
    bool known = false;
    for (auto r : request_keys)
      known = known || r == name;
    if (!known)
      unknown.push_back(k.is_string() ? name : to_rego(k));
  }
  for (auto name : {"method", "url"}) {
    auto v = member(c, request, name);
    if (!v.defined())
      missing.emplace_back(name);
    else if (!v.is_string())
      invalid.emplace_back(name);
  }
  return !wrong_names(c, 1, "invalid request parameters(s)", unknown)
         && !wrong_names(c, 1, "missing required request parameters(s)",
                         missing)
         && !wrong_names(c, 1,
                         "invalid values for required request parameters(s)",
                         invalid);
}

struct signing {
  go_url url;
  std::string method, body_hash, service, access_key, secret, region;
  std::string date, moment; // "20151228", "20151228T140825Z"
  std::map<std::string, std::string> added, headers;
};

std::string sha256_hex(std::string_view s) {
  return hex_encode(digest("SHA256", s));
}

// The names of the signed headers, separated by semicolons.
std::string signed_names(const signing& s) {
  std::string out;
  for (auto& [name, text] : s.headers)
    out += (out.empty() ? "" : ";") + name;
  return out;
}

std::string canonical_request(const signing& s) {
  auto out =
      s.method + "\n" + s.url.escaped_path() + "\n" + s.url.raw_query + "\n";
  for (auto& [name, text] : s.headers)
    out += name + ":" + text + "\n";
  return out + "\n" + signed_names(s) + "\n" + s.body_hash;
}

std::string authorization(const signing& s) {
  auto scope = s.date + "/" + s.region + "/" + s.service + "/aws4_request";
  auto text = "AWS4-HMAC-SHA256\n" + s.moment + "\n" + scope + "\n"
              + sha256_hex(canonical_request(s));
  std::string key = "AWS4" + s.secret;
  for (auto& part : {s.date, s.region, s.service, std::string("aws4_request")})
    key = hmac("SHA256", key, part);
  return "AWS4-HMAC-SHA256 Credential=" + s.access_key + "/" + scope
         + ",SignedHeaders=" + signed_names(s)
         + ",Signature=" + hex_encode(hmac("SHA256", key, text));
}

std::string body_of(call_context& c, const value& request) {
  auto raw = member(c, request, "raw_body"), body = member(c, request, "body");
  if (raw.defined())
    return text_of(raw);
  if (body.defined())
    check_json_size(c, body);
  return body.defined() ? to_json(body, {.escape_html = true}) : std::string();
}

void add_headers(call_context& c, signing& s, const value& headers,
                 const value& config) {
  s.added = {{"host", s.url.host}, {"x-amz-date", s.moment}};
  if (s.service == "s3" || s.service == "glacier")
    s.added["x-amz-content-sha256"] = s.body_hash;
  auto token = text_of(member(c, config, "aws_session_token"));
  if (!token.empty())
    s.added["x-amz-security-token"] = token;
  s.headers = s.added;
  for (size_t i = 0; headers.is_object() && i < headers.size(); ++i) {
    auto name = lower_text(text_of(headers.keys()[i]));
    // A proxy may change these on the way.
    if (name != "authorization" && name != "user-agent"
        && name != "x-amzn-trace-id")
      s.headers[name] = text_of(headers.values()[i]);
  }
}

value signed_request(call_context& c, const value& request,
                     const value& headers, const signing& s) {
  object_builder names(c.memory()), out(c.memory());
  for (size_t i = 0; headers.is_object() && i < headers.size(); ++i)
    names.add(text_of(headers.keys()[i]),
              c.string(text_of(headers.values()[i])));
  names.add("Authorization", c.string(authorization(s)));
  for (auto& [name, text] : s.added)
    names.add(name, c.string(text));
  for (size_t i = 0; i < request.size(); ++i)
    out.add(request.keys()[i], request.values()[i]);
  out.add("headers", names.finish());
  return out.finish();
}

value sign_request(call_context& c, args a) {
  auto &request = a[0], &config = a[1];
  for (int i = 0; i < 2; ++i)
    if (!a[static_cast<size_t>(i)].is_object())
      return c.operand_error(1, a[static_cast<size_t>(i)], "object");
  if (!check_config(c, config))
    return {};
  if (!a[2].is_number())
    return c.operand_error(1, a[2], "number");
  if (!a[2].is_integer())
    return operand_failure(c, 3,
                           "could not convert time_ns value into a unix "
                           "timestamp");
  if (!check_request(c, request))
    return {};
  auto headers = member(c, request, "headers");
  if (headers.defined() && !headers.is_object())
    return c.operand_error(0, headers, "object");
  signing s;
  std::string error;
  if (!parse_url(text_of(member(c, request, "url")), s.url, error))
    return c.fail(error);
  auto unsigned_body = member(c, config, "disable_payload_signing");
  if (unsigned_body.defined() && !unsigned_body.is_boolean())
    return operand_failure(c, 2,
                           "invalid value for 'disable_payload_signing' in "
                           "AWS config");
  auto body = body_of(c, request);
  c.tick(1000 + body.size() / 16);
  s.body_hash = unsigned_body.is_true() ? "UNSIGNED-PAYLOAD" : sha256_hex(body);
  s.method = text_of(member(c, request, "method"));
  s.service = text_of(member(c, config, "aws_service"));
  s.access_key = text_of(member(c, config, "aws_access_key"));
  s.secret = text_of(member(c, config, "aws_secret_access_key"));
  s.region = text_of(member(c, config, "aws_region"));
  auto ns = a[2].as_integer();
  auto seconds = ns / 1'000'000'000 - (ns % 1'000'000'000 < 0);
  auto t = make_civil(seconds, 0, 0, "UTC");
  s.date = format_time(t, "20060102");
  s.moment = format_time(t, "20060102T150405Z");
  add_headers(c, s, headers, config);
  return signed_request(c, request, headers, s);
}

} // namespace

void register_aws(builtin_table& t) {
  t.add("providers.aws.sign_req", sign_request);
}

} // namespace rego
