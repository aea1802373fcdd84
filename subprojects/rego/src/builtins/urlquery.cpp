// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/urlquery.hpp"

#include <algorithm>
#include <map>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/outside_memory.hpp"
#include "core/unicode.hpp"

namespace rego {

std::string query_escape(std::string_view s) {
  std::string out;
  for (auto c : s) {
    bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
                 || c == '-' || c == '_' || c == '.' || c == '~';
    auto b = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += "0123456789ABCDEF"[b >> 4];
      out += "0123456789ABCDEF"[b & 15];
    }
  }
  return out;
}

bool query_unescape(std::string_view s, std::string& out, std::string& error) {
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '+') {
      out += ' ';
    } else if (s[i] != '%') {
      out += s[i];
    } else if (i + 2 < s.size() && hex_digit(s[i + 1]) >= 0
               && hex_digit(s[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(s[i + 1]) << 4 | hex_digit(s[i + 2]));
      i += 2;
    } else {
      error = "invalid URL escape " + go_quote(s.substr(i, 3));
      return false;
    }
  }
  return true;
}

namespace {

value encode_query_text(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  return c.string(query_escape(a[0].as_string()));
}

value decode_query_text(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  std::string out, error;
  if (!query_unescape(a[0].as_string(), out, error))
    return c.fail(error);
  return c.string(out);
}

value encode_object(call_context& c, args a) {
  if (!need(c, a, {kind::object}))
    return {};
  text_sink out(c);
  auto wrong = [&] {
    return operand_failure(c, 1,
                           "values must be string, array[string], or "
                           "set[string]");
  };
  auto add = [&](const value& k, const value& v) {
    if (!out.text().empty())
      out.put('&');
    out.put(query_escape(k.as_string()));
    out.put('=');
    out.put(query_escape(v.as_string()));
  };
  for (size_t i = 0; i < a[0].size(); ++i) {
    auto &k = a[0].keys()[i], &v = a[0].values()[i];
    if (!k.is_string() || v.is_object())
      return wrong();
    if (v.is_string()) {
      add(k, v);
      continue;
    }
    if (!v.is_array() && !v.is_set())
      return wrong();
    for (auto& x : elements(v)) {
      if (!x.is_string())
        return wrong();
      add(k, x);
    }
  }
  return out.finish();
}

value decode_object(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  constexpr size_t map_node = 64;
  outside_memory counted(c.memory());
  std::map<std::string, std::vector<std::string>> found;
  auto s = a[0].as_string();
  c.tick(s.size() / 16);
  for (size_t from = 0; from < s.size();) {
    auto to = std::min(s.find('&', from), s.size());
    auto part = s.substr(from, to - from);
    from = to + 1;
    if (part.empty())
      continue;
    if (part.find(';') != std::string_view::npos)
      return c.fail("invalid semicolon separator in query");
    auto eq = std::min(part.find('='), part.size());
    std::string key, text, error;
    if (!query_unescape(part.substr(0, eq), key, error)
        || !query_unescape(part.substr(std::min(eq + 1, part.size())), text,
                           error))
      return c.fail(error);
    take_memory(2 * sizeof(text) + text.size());
    auto& list = found[key];
    if (list.empty())
      take_memory(sizeof(key) + key.size() + map_node);
    list.push_back(std::move(text));
  }
  object_builder out(c.memory(), found.size());
  for (auto& [key, list] : found)
    out.add(key, string_array(c, list));
  return out.finish();
}

} // namespace

void register_urlquery(builtin_table& t) {
  t.add("urlquery.decode", decode_query_text);
  t.add("urlquery.decode_object", decode_object);
  t.add("urlquery.encode", encode_query_text);
  t.add("urlquery.encode_object", encode_object);
}

} // namespace rego
