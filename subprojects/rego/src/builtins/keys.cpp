// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/keys.hpp"

#include <cstring>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "builtins/base64.hpp"
#include "builtins/digest.hpp"
#include "core/walk_watch.hpp"

namespace rego {

namespace {

pkey_ptr own(EVP_PKEY* p) {
  ERR_clear_error();
  return p ? pkey_ptr(p, EVP_PKEY_free) : nullptr;
}

// Where `what` stands behind a position, npos where it does not. A text may
// begin blocks without number that never end, so that each search counts.
size_t find_from(std::string_view s, std::string_view what, size_t from) {
  auto* at = static_cast<const char*>(
      memmem(s.data() + from, s.size() - from, what.data(), what.size()));
  auto found = at ? static_cast<size_t>(at - s.data()) : s.size();
  watch_walk((found - from + what.size()) / 64);
  return at ? found : std::string_view::npos;
}

// Behind the end of the line at a position.
size_t next_line(std::string_view s, size_t at) {
  auto end = s.find('\n', at);
  return end == std::string_view::npos ? s.size() : end + 1;
}

std::string_view without_line_end(std::string_view s) {
  while (!s.empty()
         && std::string_view(" \t\r\n").find(s.back())
                != std::string_view::npos)
    s.remove_suffix(1);
  return s;
}

// The body without its headers ("Proc-Type: ..."), if it has any.
std::string_view without_headers(std::string_view body) {
  while (!body.empty()) {
    auto end = next_line(body, 0);
    auto line = without_line_end(body.substr(0, end));
    if (line.find(':') == std::string_view::npos)
      break;
    body.remove_prefix(end);
  }
  return body;
}

} // namespace

std::optional<pem_block> next_pem(std::string_view& text) {
  constexpr std::string_view begin = "-----BEGIN ", end = "-----END ",
                             dashes = "-----";
  for (size_t at = 0; at < text.size();) {
    at = find_from(text, begin, at);
    if (at == std::string_view::npos)
      return std::nullopt;
    bool line_start = at == 0 || text[at - 1] == '\n';
    auto line_end = next_line(text, at);
    watch_walk((line_end - at) / 64);
    auto line = without_line_end(text.substr(at, line_end - at));
    auto next = at + begin.size();
    at = next;
    if (!line_start || !line.ends_with(dashes)
        || line.size() <= begin.size() + dashes.size())
      continue;
    auto type =
        line.substr(begin.size(), line.size() - begin.size() - dashes.size());
    auto tail = std::string(end) + std::string(type) + std::string(dashes);
    auto stop = find_from(text, tail, line_end);
    if (stop == std::string_view::npos)
      continue;
    auto body = without_headers(text.substr(line_end, stop - line_end));
    watch_walk((stop - line_end) / 16);
    std::string compact;
    for (auto ch : body)
      if (std::string_view(" \t\r\n").find(ch) == std::string_view::npos)
        compact += ch;
    auto der = base64_decode(compact, base64_form::standard);
    if (der.bad)
      continue;
    text.remove_prefix(next_line(text, stop));
    return pem_block{std::string(type), der.bytes};
  }
  return std::nullopt;
}

pkey_ptr certificate_key(std::string_view der) {
  auto* p = bytes_of(der);
  std::unique_ptr<X509, decltype(&X509_free)> cert(
      d2i_X509(nullptr, &p, static_cast<long>(der.size())), X509_free);
  if (!cert || p != bytes_of(der) + der.size()) {
    ERR_clear_error();
    return nullptr;
  }
  return own(X509_get_pubkey(cert.get()));
}

pkey_ptr public_key(std::string_view spki) {
  auto* p = bytes_of(spki);
  return own(d2i_PUBKEY(nullptr, &p, static_cast<long>(spki.size())));
}

pkey_ptr private_key(std::string_view der) {
  auto* p = bytes_of(der);
  return own(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(der.size())));
}

} // namespace rego
