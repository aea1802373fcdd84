// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Strings: replace and trim, as Go's strings package does them.

#include <algorithm>
#include <array>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"

namespace rego {

namespace {

using replacements = std::vector<std::pair<std::string_view, std::string_view>>;

// At each byte the first pair that fits is taken; an empty pattern fits
// everywhere, but not twice in a row.
value replace_all(call_context& c, std::string_view s, const replacements& p) {
  std::array<std::vector<size_t>, 256> by_first;
  size_t empty = p.size();
  for (size_t i = 0; i < p.size(); ++i) {
    if (!p[i].first.empty())
      by_first[static_cast<unsigned char>(p[i].first[0])].push_back(i);
    else if (empty == p.size())
      empty = i;
  }
  text_sink out(c);
  bool after_empty = false;
  for (size_t i = 0; i <= s.size();) {
    size_t found = after_empty ? p.size() : empty;
    if (i < s.size()) {
      auto& candidates = by_first[static_cast<unsigned char>(s[i])];
      c.tick(1 + candidates.size());
      for (auto k : candidates) {
        c.tick(p[k].first.size() / 64);
        if (k < found && s.substr(i).starts_with(p[k].first)) {
          found = k;
          break;
        }
      }
    }
    if (found < p.size()) {
      out.put(p[found].second);
      i += p[found].first.size();
      after_empty = p[found].first.empty();
      continue;
    }
    after_empty = false;
    if (i < s.size())
      out.put(s[i]);
    ++i;
  }
  return out.finish();
}

// What the empty text is replaced by stands around every rune; beside other
// patterns, in replace_n, around every byte (Go's strings.Replacer).
void put_between_runes(call_context& c, text_sink& out, std::string_view s,
                       std::string_view what) {
  out.put(what);
  for (size_t i = 0, n = 0; i < s.size(); i += n) {
    c.tick(1);
    n = decode_rune(s, i).size;
    out.put(s.substr(i, n));
    out.put(what);
  }
}

value replace(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string, kind::string}))
    return {};
  auto s = a[0].as_string(), from = a[1].as_string(), to = a[2].as_string();
  text_sink out(c);
  if (from.empty()) {
    put_between_runes(c, out, s, to);
    return out.finish();
  }
  size_t begin = 0;
  for (auto at = find_text(c, s, from); at != std::string_view::npos;
       at = find_text(c, s, from, begin)) {
    c.tick(1);
    out.put(s.substr(begin, at - begin));
    out.put(to);
    begin = at + from.size();
  }
  out.put(s.substr(begin));
  return out.finish();
}

value replace_n(call_context& c, args a) {
  if (!need(c, a, {kind::object, kind::string}))
    return {};
  replacements p;
  for (size_t i = 0; i < a[0].size(); ++i) {
    auto &k = a[0].keys()[i], &v = a[0].values()[i];
    if (!k.is_string())
      return operand_failure(c, 1, "non-string key found in pattern object");
    if (!v.is_string())
      return operand_failure(c, 1, "non-string value found in pattern object");
    p.emplace_back(k.as_string(), v.as_string());
  }
  return replace_all(c, a[1].as_string(), p);
}

// Start of the last rune of a text that is not empty.
size_t last_rune(std::string_view s) {
  auto from = s.size() - 1;
  for (auto back = from; back + 4 >= s.size(); --back) {
    auto r = decode_rune(s, back);
    if (r.valid && back + r.size == s.size())
      return back;
    if (back == 0)
      break;
  }
  return from;
}

template <class Cut>
std::string_view cut_left(std::string_view s, Cut cut) {
  while (!s.empty()) {
    auto r = decode_rune(s, 0);
    if (!cut(r.code))
      break;
    s.remove_prefix(r.size);
  }
  return s;
}

template <class Cut>
std::string_view cut_right(std::string_view s, Cut cut) {
  while (!s.empty()) {
    auto at = last_rune(s);
    if (!cut(decode_rune(s, at).code))
      break;
    s = s.substr(0, at);
  }
  return s;
}

value trim_sides(call_context& c, args a, bool left, bool right) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto s = a[0].as_string();
  c.tick(s.size() / 16 + a[1].as_string().size());
  auto set = to_runes(a[1].as_string());
  std::sort(set.begin(), set.end());
  auto cut = [&](char32_t r) {
    return std::binary_search(set.begin(), set.end(), r);
  };
  if (left)
    s = cut_left(s, cut);
  if (right)
    s = cut_right(s, cut);
  return s.size() == a[0].as_string().size() ? a[0] : c.string(s);
}

value trim(call_context& c, args a) {
  return trim_sides(c, a, true, true);
}
value trim_left(call_context& c, args a) {
  return trim_sides(c, a, true, false);
}
value trim_right(call_context& c, args a) {
  return trim_sides(c, a, false, true);
}

value trim_space(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 16);
  return c.string(cut_right(cut_left(a[0].as_string(), is_space), is_space));
}

value trim_prefix(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto s = a[0].as_string(), p = a[1].as_string();
  return s.starts_with(p) ? c.string(s.substr(p.size())) : a[0];
}

value trim_suffix(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto s = a[0].as_string(), p = a[1].as_string();
  return s.ends_with(p) ? c.string(s.substr(0, s.size() - p.size())) : a[0];
}

} // namespace

void register_strings_edit(builtin_table& t) {
  t.add("replace", replace);
  t.add("strings.replace_n", replace_n);
  t.add("trim", trim);
  t.add("trim_left", trim_left);
  t.add("trim_prefix", trim_prefix);
  t.add("trim_right", trim_right);
  t.add("trim_space", trim_space);
  t.add("trim_suffix", trim_suffix);
}

} // namespace rego
