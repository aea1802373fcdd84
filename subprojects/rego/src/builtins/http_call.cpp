// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/http_call.hpp"

#include <algorithm>

#include "builtins/base64.hpp"
#include "builtins/digest.hpp"
#include "builtins/go_time.hpp"
#include "builtins/support.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr auto timeout_default = std::chrono::seconds(5);

bool is_token(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
           || std::string_view("!#$%&'*+-.^_`|~").find(c)
                  != std::string_view::npos;
  });
}

bool is_field_value(std::string_view s) {
  return s.find_first_of(std::string_view("\r\n\0", 3)) == s.npos;
}

// What the transport writes by itself, from the body and the connection.
bool is_the_transports(std::string_view name) {
  return same_header(name, "Content-Length")
         || same_header(name, "Transfer-Encoding")
         || same_header(name, "Trailer") || same_header(name, "Expect");
}

/// Reads one request; the first thing wrong is kept.
class call_reader {
public:
  call_reader(call_context& c, const http_access& world, const value& request,
              http_call& to, std::string& error)
      : c_(c), world_(world), request_(request), to_(to), error_(error) {}

  bool run() {
    read_target();
    read_headers();
    read_body();
    read_timeout();
    read_tls();
    read_caching();
    to_.redirects = flag("enable_redirect");
    to_.force_json = flag("force_json_decode");
    to_.force_yaml = flag("force_yaml_decode");
    if (auto n = whole_number("max_retry_attempts"))
      to_.retries = static_cast<int>(std::min<int64_t>(*n, 1000));
    return error_.empty();
  }

private:
  void wrong(std::string_view name, std::string_view expected) {
    if (error_.empty())
      error_ = "invalid \"" + std::string(name) + "\": expected "
               + std::string(expected);
  }
  value member(std::string_view name) {
    return http_member(c_, request_, name);
  }
  bool flag(std::string_view name, bool otherwise = false) {
    auto v = member(name);
    if (v.defined() && !v.is_boolean())
      wrong(name, "a boolean");
    return v.is_boolean() ? v.as_boolean() : otherwise;
  }
  std::optional<std::string> text(std::string_view name) {
    auto v = member(name);
    if (v.is_string())
      return std::string(v.as_string());
    if (v.defined())
      wrong(name, "a string");
    return {};
  }
  std::optional<int64_t> whole_number(std::string_view name) {
    auto v = member(name);
    if (!v.defined())
      return {};
    auto n = v.is_number() ? to_int64(v) : std::nullopt;
    if (!n || *n < 0) {
      wrong(name, "a whole number that is not negative");
      return {};
    }
    return n;
  }

  void read_target();
  void read_headers();
  void read_body();
  void read_timeout();
  void read_caching();
  void read_tls();
  std::optional<std::string> named(std::string_view name, bool file);
  void read_client_pair(std::string_view suffix);

  call_context& c_;
  const http_access& world_;
  const value& request_;
  http_call& to_;
  std::string& error_;
};

void call_reader::read_target() {
  auto method = text("method");
  auto url = text("url");
  if (!method || !url)
    return;
  for (auto ch : *method)
    to_.method += static_cast<char>(ch >= 'a' && ch <= 'z' ? ch & ~32 : ch);
  to_.shown = shown_url(*url);
  if (!is_token(to_.method))
    return wrong("method", "a name such as GET");
  std::string why;
  if (!read_http_url(*url, to_.url, why))
    error_ = "invalid \"url\": " + why;
}

void call_reader::read_headers() {
  auto v = member("headers");
  if (v.defined() && !v.is_object())
    return wrong("headers", "an object");
  for (size_t i = 0; v.defined() && i < v.size(); ++i) {
    auto& name = v.keys()[i];
    auto& text = v.values()[i];
    if (!name.is_string() || !is_token(name.as_string()) || !text.is_string()
        || !is_field_value(text.as_string()))
      return wrong("headers", "names, and strings without line breaks");
    if (!is_the_transports(name.as_string()))
      to_.headers.push_back(
          {std::string(name.as_string()), std::string(text.as_string())});
  }
  if (!find_header(to_.headers, "User-Agent"))
    to_.headers.push_back({"User-Agent", "rego"});
  if (to_.url.has_user && !find_header(to_.headers, "Authorization"))
    to_.headers.push_back(
        {"Authorization",
         "Basic " + base64_encode(to_.url.user, base64_form::standard)});
}

void call_reader::read_body() {
  if (auto v = member("body"); v.defined()) {
    check_json_size(c_, v);
    to_.body = to_json(v);
    if (!find_header(to_.headers, "Content-Type"))
      to_.headers.push_back({"Content-Type", "application/json"});
  }
  if (auto raw = text("raw_body"))
    to_.body = *raw;
}

void call_reader::read_timeout() {
  to_.timeout = timeout_default;
  auto v = member("timeout");
  if (!v.defined())
    return;
  int64_t ns = 0;
  std::string why;
  if (v.is_string() && !parse_duration(v.as_string(), ns, why))
    error_ = error_.empty() ? "invalid \"timeout\": " + why : error_;
  auto n = v.is_number() ? to_int64(v) : std::optional(ns);
  if (!n || (!v.is_number() && !v.is_string()))
    return wrong("timeout", "nanoseconds or a duration such as \"5s\"");
  to_.timeout = std::chrono::nanoseconds(std::max<int64_t>(0, *n));
}

void call_reader::read_caching() {
  bool forced = flag("force_cache");
  to_.cached = flag("cache") || forced;
  auto seconds = whole_number("force_cache_duration_seconds");
  if (forced && !seconds)
    return wrong("force_cache_duration_seconds", "it where force_cache is set");
  if (forced)
    to_.forced_seconds = std::min<int64_t>(*seconds, int64_t{1} << 32);
  auto mode = text("caching_mode").value_or("serialized");
  if (mode != "serialized" && mode != "deserialized")
    return wrong("caching_mode", "\"serialized\" or \"deserialized\"");
  to_.keep_decoded = mode == "deserialized";
  auto ignored = member("cache_ignored_headers");
  if (ignored.defined()
      && (!(ignored.is_array() || ignored.is_set())
          || !std::all_of(elements(ignored).begin(), elements(ignored).end(),
                          [](const value& v) { return v.is_string(); })))
    wrong("cache_ignored_headers", "names of headers");
}

// The text of a file or variable that a member names.
std::optional<std::string> call_reader::named(std::string_view name,
                                              bool file) {
  auto what = text(name);
  if (!what)
    return {};
  auto& read = file ? world_.read_file : world_.variable;
  auto found = read ? read(*what) : std::nullopt;
  if (!found)
    wrong(name, file ? "a file that can be read here"
                     : "a variable that can be read here");
  return found;
}

void call_reader::read_client_pair(std::string_view suffix) {
  auto cert = "tls_client_cert" + std::string(suffix);
  auto key = "tls_client_key" + std::string(suffix);
  bool has_cert = member(cert).defined(), has_key = member(key).defined();
  if (has_cert != has_key)
    return wrong(has_cert ? key : cert, "it beside " + (has_cert ? cert : key));
  if (!has_cert || !to_.tls.client_certificate.empty())
    return;
  auto get = [&](const std::string& name) {
    return suffix.empty() ? text(name) : named(name, suffix == "_file");
  };
  to_.tls.client_certificate = get(cert).value_or("");
  to_.tls.client_key = get(key).value_or("");
}

void call_reader::read_tls() {
  auto& tls = to_.tls;
  for (auto& found : {text("tls_ca_cert"), named("tls_ca_cert_file", true),
                      named("tls_ca_cert_env_variable", false)})
    if (found)
      tls.ca_certificates += *found + "\n";
  tls.system_certificates =
      flag("tls_use_system_certs", tls.ca_certificates.empty());
  for (auto suffix : {"", "_file", "_env_variable"})
    read_client_pair(suffix);
  tls.skip_verification = flag("tls_insecure_skip_verify");
  auto host = find_header(to_.headers, "Host");
  tls.server_name = text("tls_server_name").value_or("");
  bool named_by_host = host && !host->value.starts_with('[');
  if (tls.server_name.empty() && named_by_host && to_.url.scheme == "https")
    tls.server_name = host->value.substr(0, host->value.rfind(':'));
  auto plain = [](char ch) {
    return (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z')
           || ch == '.' || ch == '-' || ch == '_';
  };
  if (!std::all_of(tls.server_name.begin(), tls.server_name.end(), plain))
    wrong(member("tls_server_name").defined() ? "tls_server_name" : "headers",
          "a host's name");
}

std::string name_of(call_context& c, const value& request) {
  check_json_size(c, request);
  return hex_encode(digest("SHA256", to_json(request)));
}

} // namespace

bool same_header(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    auto low = [](char c) { return c >= 'A' && c <= 'Z' ? c | 32 : c; };
    return low(x) == low(y);
  });
}

const http_header* find_header(std::span<const http_header> list,
                               std::string_view name) {
  for (auto& h : list)
    if (same_header(h.name, name))
      return &h;
  return nullptr;
}

value http_member(call_context& c, const value& request,
                  std::string_view name) {
  auto at = find_key(request.as_object(), c.string(name));
  return at < 0 ? value() : request.values()[static_cast<size_t>(at)];
}

bool read_http_call(call_context& c, const http_access& world,
                    const value& request, http_call& to, std::string& error) {
  return call_reader(c, world, request, to, error).run();
}

std::string http_request_name(call_context& c, const value& request) {
  return name_of(c, request);
}

std::string http_cache_key(call_context& c, const value& request) {
  auto ignored = http_member(c, request, "cache_ignored_headers");
  if (!ignored.defined())
    return name_of(c, request);
  auto is_ignored = [&](const value& name) {
    auto list = elements(ignored);
    return std::any_of(list.begin(), list.end(), [&](const value& one) {
      return same_header(one.as_string(), name.as_string());
    });
  };
  object_builder out(c.memory());
  for (size_t i = 0; i < request.size(); ++i) {
    auto name = request.keys()[i].as_string();
    auto& v = request.values()[i];
    if (name == "cache_ignored_headers")
      continue;
    if (name != "headers") {
      out.add(request.keys()[i], v);
      continue;
    }
    object_builder headers(c.memory());
    for (size_t k = 0; k < v.size(); ++k)
      if (!is_ignored(v.keys()[k]))
        headers.add(v.keys()[k], v.values()[k]);
    out.add(request.keys()[i], headers.finish());
  }
  return name_of(c, out.finish());
}

} // namespace rego
