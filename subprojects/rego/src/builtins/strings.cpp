// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Strings: search, parts, case. Positions count code points, not bytes.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/big_int.hpp"

namespace rego {

namespace {

value contains(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return truth(find_text(c, a[0].as_string(), a[1].as_string())
               != std::string_view::npos);
}

value startswith(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return truth(a[0].as_string().starts_with(a[1].as_string()));
}

value endswith(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return truth(a[0].as_string().ends_with(a[1].as_string()));
}

// What has no letter of the other case is itself the answer, and costs nothing.
template <class Change>
value in_case(call_context& c, const value& v, const Change& change) {
  auto old = v.as_string();
  c.tick(old.size() / 16);
  auto text = change(old);
  return text == old ? v : c.string(text);
}

value lower(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  return in_case(c, a[0], lower_text);
}

value upper(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  return in_case(c, a[0], upper_text);
}

value concat(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  if (!a[1].is_array() && !a[1].is_set())
    return c.operand_error(2, a[1], {"set", "array"});
  if (!need_strings(c, a, 2))
    return {};
  auto separator = a[0].as_string();
  auto parts = elements(a[1]);
  size_t size = parts.empty() ? 0 : separator.size() * (parts.size() - 1);
  for (auto& p : parts)
    size += p.as_string().size();
  c.tick(size / 64);
  string_buffer out(c.memory(), size);
  auto* to = out.data();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i)
      to += separator.copy(to, separator.size());
    to += parts[i].as_string().copy(to, parts[i].as_string().size());
  }
  return out.seal(size);
}

// Positions, in code points, at which `what` occurs; at most `most` of them.
value positions(call_context& c, std::string_view s, std::string_view what,
                size_t most) {
  array_builder out(c.memory());
  size_t bytes = 0;
  int64_t runes = 0;
  for (auto at = find_text(c, s, what); at != std::string_view::npos;
       at = find_text(c, s, what, at + 1)) {
    c.tick(1);
    while (bytes < at) {
      bytes += decode_rune(s, bytes).size;
      ++runes;
    }
    out.push(value::integer(runes));
    if (out.size() == most)
      break;
  }
  return out.array();
}

value indexof(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  if (a[1].as_string().empty())
    return c.fail("empty search character");
  auto at = positions(c, a[0].as_string(), a[1].as_string(), 1);
  return at.size() ? at.items()[0] : value::integer(-1);
}

value indexof_n(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  if (a[1].as_string().empty())
    return c.fail("empty search character");
  return positions(c, a[0].as_string(), a[1].as_string(), SIZE_MAX);
}

value count_in(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto s = a[0].as_string(), what = a[1].as_string();
  if (what.empty()) {
    c.tick(s.size() / 16);
    return whole(count_runes(s) + 1);
  }
  size_t n = 0;
  for (auto at = find_text(c, s, what); at != std::string_view::npos;
       at = find_text(c, s, what, at + what.size())) {
    c.tick(1);
    ++n;
  }
  return whole(n);
}

value substring(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto start = need_integer(c, a, 2);
  if (!start)
    return {};
  auto length = need_integer(c, a, 3);
  if (!length)
    return {};
  if (*start < 0)
    return c.fail("negative offset");
  auto s = a[0].as_string();
  size_t from = 0;
  for (auto i = *start; i > 0 && from < s.size(); --i)
    from += decode_rune(s, from).size;
  auto to = *length < 0 ? s.size() : from;
  for (auto i = *length; i > 0 && to < s.size(); --i)
    to += decode_rune(s, to).size;
  c.tick(to / 16);
  return c.string(s.substr(from, to - from));
}

value split_at(call_context& c, std::string_view s, std::string_view by) {
  array_builder b(c.memory());
  size_t from = 0;
  if (by.empty()) {
    while (from < s.size()) {
      auto n = decode_rune(s, from).size;
      c.tick(1);
      b.push(c.string(s.substr(from, n)));
      from += n;
    }
    return b.array();
  }
  for (auto at = find_text(c, s, by); at != std::string_view::npos;
       at = find_text(c, s, by, from)) {
    c.tick(1);
    b.push(c.string(s.substr(from, at - from)));
    from = at + by.size();
  }
  c.tick(1);
  b.push(c.string(s.substr(from)));
  return b.array();
}

value split(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return split_at(c, a[0].as_string(), a[1].as_string());
}

// The first n parts, or the last -n.
value split_n(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto n = need_integer(c, a, 3);
  if (!n)
    return {};
  auto parts = split_at(c, a[0].as_string(), a[1].as_string()).items();
  auto size = static_cast<int64_t>(parts.size());
  auto first = *n >= 0 || *n <= -size ? 0 : size + *n;
  auto last = *n < 0 ? size : std::min(*n, size);
  return make_array(c.memory(),
                    parts.subspan(static_cast<size_t>(first),
                                  static_cast<size_t>(last - first)));
}

value reverse(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto s = a[0].as_string();
  c.tick(s.size() / 16);
  constexpr std::string_view replacement = "\xef\xbf\xbd"; // of a bad byte
  size_t size = 0;
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    size += r.valid ? r.size : replacement.size();
    i += r.size;
  }
  string_buffer out(c.memory(), size);
  auto* to = out.data() + size;
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    auto rune = r.valid ? s.substr(i, r.size) : replacement;
    to -= rune.size();
    rune.copy(to, rune.size());
    i += r.size;
  }
  return out.seal(size);
}

value format_int(call_context& c, args a) {
  if (!need(c, a, {kind::number, kind::number}))
    return {};
  auto base = number_text(a[1]);
  if (base != "2" && base != "8" && base != "10" && base != "16")
    return operand_failure(c, 2, "must be one of {2, 8, 10, 16}");
  auto n = to_truncated_int(a[0]);
  bool negative = n < 0;
  if (negative)
    n = -n;
  if (base == "10")
    return c.string((negative ? "-" : "") + n.str());
  unsigned bits = base == "2" ? 1 : base == "8" ? 3 : 4;
  std::string out;
  for (; n != 0; n >>= bits)
    out.insert(
        out.begin(),
        "0123456789abcdef"[static_cast<unsigned>(n & ((1u << bits) - 1))]);
  if (out.empty())
    out = "0";
  return c.string((negative ? "-" : "") + out);
}

// The strings of operand n: itself, or an array's or set's.
bool strings_of(call_context& c, args a, int n, std::vector<value>& out) {
  auto& v = a[static_cast<size_t>(n - 1)];
  if (v.is_string()) {
    out.push_back(v);
    return true;
  }
  if (!v.is_array() && !v.is_set()) {
    c.operand_error(n, v, {"string", "set", "array"});
    return false;
  }
  if (!need_strings(c, a, n))
    return false;
  out.assign(elements(v).begin(), elements(v).end());
  return true;
}

value any_match(call_context& c, args a, bool prefix) {
  std::vector<value> texts, parts;
  if (!strings_of(c, a, 1, texts) || !strings_of(c, a, 2, parts))
    return {};
  for (auto& t : texts) {
    auto s = t.as_string();
    for (auto& p : parts) {
      auto part = p.as_string();
      c.tick(1 + std::min(s.size(), part.size()) / 64);
      if (prefix ? s.starts_with(part) : s.ends_with(part))
        return truth(true);
    }
  }
  return truth(false);
}

value any_prefix_match(call_context& c, args a) {
  return any_match(c, a, true);
}
value any_suffix_match(call_context& c, args a) {
  return any_match(c, a, false);
}

} // namespace

void register_strings(builtin_table& t) {
  t.add("concat", concat);
  t.add("contains", contains);
  t.add("endswith", endswith);
  t.add("format_int", format_int);
  t.add("indexof", indexof);
  t.add("indexof_n", indexof_n);
  t.add("lower", lower);
  t.add("split", split);
  t.add("startswith", startswith);
  t.add("strings.any_prefix_match", any_prefix_match);
  t.add("strings.any_suffix_match", any_suffix_match);
  t.add("strings.count", count_in);
  t.add("strings.reverse", reverse);
  t.add("strings.split_n", split_n);
  t.add("substring", substring);
  t.add("upper", upper);
}

} // namespace rego
