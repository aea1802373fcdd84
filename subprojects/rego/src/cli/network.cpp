// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/network.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "builtins/http_url.hpp"
#include "core/unicode.hpp"
#include "rego/curl_transport.hpp"
#include "rego/http_cache.hpp"
#include "rego/json.hpp"

namespace rego::cli {

namespace {

constexpr size_t cache_bytes = size_t{64} << 20;
constexpr size_t file_bytes_max = size_t{1} << 20;

// A name, or an address that may be in brackets; neither scheme nor port.
void check_host(const std::string& host) {
  auto colons = std::count(host.begin(), host.end(), ':');
  bool good = !host.empty() && colons != 1
              && std::all_of(host.begin(), host.end(), [](char c) {
                   return (c >= '0' && c <= '9')
                          || ((c | 32) >= 'a' && (c | 32) <= 'z')
                          || std::string_view(".-_:[]").find(c)
                                 != std::string_view::npos;
                 });
  if (!good)
    throw usage_error{"--allow-net: '" + host
                      + "' is no host: expected a name or an address without "
                        "scheme and port"};
}

// Certificates and keys: no device, and nothing large.
std::optional<std::string> small_file(const std::string& path) {
  std::error_code bad;
  if (!std::filesystem::is_regular_file(path, bad)
      || std::filesystem::file_size(path, bad) > file_bytes_max || bad)
    return {};
  auto text = read_file(path);
  return text ? std::optional(*text) : std::nullopt;
}

// opa.runtime() as OPA's own commands have it.
std::string described_runtime() {
  std::string variables;
  for (auto** each = environ; *each; ++each) {
    std::string_view text(*each);
    auto at = std::min(text.find('='), text.size());
    auto rest = text.substr(std::min(at + 1, text.size()));
    variables += (variables.empty() ? "" : ", ")
                 + json_string(repair_utf8(text.substr(0, at))) + ": "
                 + json_string(repair_utf8(rest));
  }
  return R"({"commit": "", "env": {)" + variables + R"(}, "version": )"
         + json_string(REGO_VERSION) + "}";
}

} // namespace

environment world_of(const parsed_options& o, const capabilities* allowed) {
  environment out;
  out.runtime_json = described_runtime();
  auto hosts = o.all("--allow-net");
  if (allowed && allowed->allow_net) {
    auto& listed = *allowed->allow_net;
    if (!o.has("--allow-net"))
      hosts = listed;
    else
      std::erase_if(hosts, [&](const std::string& host) {
        return !is_allowed_host(host, listed);
      });
  }
  for (auto& host : hosts)
    check_host(host);
  if (hosts.empty())
    return out;
  out.http.transport = make_curl_transport();
  out.http.hosts = std::move(hosts);
  out.http.cache = std::make_shared<http_cache>(cache_bytes);
  out.http.read_file = small_file;
  out.http.variable =
      [](const std::string& name) -> std::optional<std::string> {
    auto* text = std::getenv(name.c_str());
    return text ? std::optional<std::string>(text) : std::nullopt;
  };
  return out;
}

} // namespace rego::cli
