// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Base64 and hexadecimal text.

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

template <base64_form F>
value to_base64(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  return c.string(base64_encode(a[0].as_string(), F));
}

value decode_as(call_context& c, std::string_view s, base64_form form) {
  c.tick(s.size() / 64);
  auto r = base64_decode(s, form);
  return r.bad ? c.fail(base64_error(*r.bad)) : c.string(r.bytes);
}

value from_base64(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  return decode_as(c, a[0].as_string(), base64_form::standard);
}

value is_base64(call_context& c, args a) {
  c.tick(a[0].is_string() ? a[0].as_string().size() / 64 : 0);
  return truth(a[0].is_string()
               && !base64_decode(a[0].as_string(), base64_form::standard).bad);
}

// Padding may be missing (RFC 7515, appendix C).
value from_base64url(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  std::string s(a[0].as_string());
  if (!s.ends_with('=')) {
    if (s.size() % 4 == 1)
      return c.fail("illegal base64url string: " + s);
    s.append((4 - s.size() % 4) % 4, '=');
  }
  return decode_as(c, s, base64_form::url);
}

value to_hex(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  return c.string(hex_encode(a[0].as_string()));
}

value from_hex(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto s = a[0].as_string();
  c.tick(s.size() / 64);
  std::string out;
  int high = -1;
  for (size_t i = 0; i < s.size(); ++i) {
    char d = s[i];
    int v = d >= '0' && d <= '9'                 ? d - '0'
            : (d | 32) >= 'a' && (d | 32) <= 'f' ? (d | 32) - 'a' + 10
                                                 : -1;
    if (v < 0) {
      // Go prints the byte as a code point.
      auto b = static_cast<unsigned char>(d);
      char code[16];
      std::snprintf(code, sizeof code, "U+%04X", b);
      std::string quoted = go_quote(std::string_view(&d, 1));
      std::string letter = quoted.substr(1, quoted.size() - 2);
      return c.fail("encoding/hex: invalid byte: " + std::string(code) + " '"
                    + letter + "'");
    }
    if (high >= 0)
      out += static_cast<char>(high << 4 | v);
    high = high >= 0 ? -1 : v;
  }
  if (high >= 0)
    return c.fail("encoding/hex: odd length hex string");
  return c.string(out);
}

} // namespace

void register_encodings(builtin_table& t) {
  t.add("base64.decode", from_base64);
  t.add("base64.encode", to_base64<base64_form::standard>);
  t.add("base64.is_valid", is_base64);
  t.add("base64url.decode", from_base64url);
  t.add("base64url.encode", to_base64<base64_form::url>);
  t.add("base64url.encode_no_pad", to_base64<base64_form::url_raw>);
  t.add("hex.decode", from_hex);
  t.add("hex.encode", to_hex);
}

} // namespace rego
