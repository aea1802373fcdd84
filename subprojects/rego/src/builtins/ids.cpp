// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Semantic versions (semver.org, 2.0.0) and UUIDs (RFC 4122, DCE 1.1).

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/unicode.hpp"

namespace rego {

namespace {

struct version {
  std::array<int64_t, 3> numbers{};
  std::string_view pre_release;
};

std::string_view cut(std::string_view& s, char by) {
  auto at = s.find(by);
  auto before = s.substr(0, at);
  s = at == std::string_view::npos ? std::string_view() : s.substr(at + 1);
  return before;
}

bool all_digits(std::string_view s) {
  return !s.empty()
         && s.find_first_not_of("0123456789") == std::string_view::npos;
}

// Dotted identifiers, none of them empty.
bool identifiers(std::string_view s) {
  bool dot = true;
  for (auto c : s) {
    bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
                 || c == '-';
    if (!plain && (c != '.' || dot))
      return false;
    dot = c == '.';
  }
  return s.empty() || !dot;
}

std::optional<version> read_version(std::string_view s) {
  version v;
  if (s.starts_with('v'))
    s.remove_prefix(1);
  auto metadata = s;
  s = cut(metadata, '+');
  v.pre_release = s;
  s = cut(v.pre_release, '-');
  if (!identifiers(metadata) || !identifiers(v.pre_release)
      || std::count(s.begin(), s.end(), '.') != 2)
    return std::nullopt;
  for (auto& n : v.numbers) {
    auto part = cut(s, '.');
    auto digits = part.starts_with('+') ? part.substr(1) : part;
    auto [end, ec] =
        std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (digits.empty() || ec != std::errc()
        || end != digits.data() + digits.size())
      return std::nullopt;
  }
  return v;
}

int compare_identifiers(std::string_view x, std::string_view y) {
  bool m = all_digits(x), n = all_digits(y);
  if (m != n)
    return m ? -1 : 1;
  if (m) {
    x.remove_prefix(std::min(x.find_first_not_of('0'), x.size()));
    y.remove_prefix(std::min(y.find_first_not_of('0'), y.size()));
    if (x.size() != y.size())
      return x.size() < y.size() ? -1 : 1;
  }
  auto c = x.compare(y);
  return c < 0 ? -1 : c > 0;
}

int compare_versions(const version& a, const version& b) {
  if (a.numbers != b.numbers)
    return a.numbers < b.numbers ? -1 : 1;
  if (a.pre_release == b.pre_release)
    return 0;
  if (a.pre_release.empty() || b.pre_release.empty())
    return a.pre_release.empty() ? 1 : -1;
  auto x = a.pre_release, y = b.pre_release;
  while (!x.empty() && !y.empty())
    if (auto c = compare_identifiers(cut(x, '.'), cut(y, '.')); c != 0)
      return c;
  return static_cast<int>(!x.empty()) - static_cast<int>(!y.empty());
}

value semver_compare(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  std::array<version, 2> v;
  for (size_t i = 0; i < 2; ++i) {
    auto r = read_version(a[i].as_string());
    if (!r)
      return c.fail("operand " + std::to_string(i + 1) + ": string "
                    + go_quote(a[i].as_string()) + " is not a valid SemVer");
    v[i] = *r;
  }
  return value::integer(compare_versions(v[0], v[1]));
}

value semver_is_valid(call_context&, args a) {
  return truth(a[0].is_string() && read_version(a[0].as_string()).has_value());
}

using uuid = std::array<unsigned char, 16>;

std::string uuid_text(const uuid& u) {
  auto hex = hex_encode({reinterpret_cast<const char*>(u.data()), u.size()});
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4)
         + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

// Plain, in braces (any first and last byte), as URN or without dashes.
std::optional<uuid> read_uuid(std::string_view s) {
  if (s.size() == 45) {
    std::string head(s.substr(0, 9));
    for (auto& ch : head)
      ch = static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch | 32 : ch);
    if (head != "urn:uuid:")
      return std::nullopt;
    s = s.substr(9);
  } else if (s.size() == 38) {
    s = s.substr(1, 36);
  }
  std::string hex;
  if (s.size() == 36) {
    for (size_t i = 0; i < s.size(); ++i) {
      bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash != (s[i] == '-'))
        return std::nullopt;
      if (!dash)
        hex += s[i];
    }
  } else if (s.size() == 32) {
    hex = s;
  } else {
    return std::nullopt;
  }
  uuid u;
  for (size_t i = 0; i < 16; ++i) {
    int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    u[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return u;
}

std::string_view variant(const uuid& u) {
  if ((u[8] & 0xC0) == 0x80)
    return "RFC4122";
  if ((u[8] & 0xE0) == 0xC0)
    return "Microsoft";
  return (u[8] & 0xE0) == 0xE0 ? "Future" : "Reserved";
}

// Versions 1 and 2 say when and where they were made.
void add_time_and_node(call_context& c, object_builder& out, const uuid& u,
                       int number) {
  auto big_endian = [&](size_t at, size_t n) {
    int64_t v = 0;
    for (size_t i = at; i < at + n; ++i)
      v = v << 8 | u[i];
    return v;
  };
  auto ticks = big_endian(0, 4) | big_endian(4, 2) << 32
               | (big_endian(6, 2) & 0xFFF) << 48;
  constexpr int64_t ticks_to_1970 = 122192928000000000;
  auto since = ticks - ticks_to_1970;
  out.add("time", value::integer(static_cast<int64_t>(
                      static_cast<uint64_t>(since) * 100)));
  std::string node;
  for (size_t i = 10; i < 16; ++i) {
    char ch = static_cast<char>(u[i]);
    node += (i > 10 ? "-" : "") + hex_encode({&ch, 1});
  }
  out.add("nodeid", c.string(node));
  out.add("macvariables", c.string(std::string(u[10] & 2 ? "local" : "global")
                                   + (u[10] & 1 ? ":multicast" : ":unicast")));
  out.add("clocksequence", value::integer(big_endian(8, 2) & 0x3FFF));
  if (number == 2) {
    constexpr std::string_view domains[] = {"Person", "Group", "Org"};
    out.add("id", value::integer(big_endian(0, 4)));
    out.add("domain", c.string(u[9] < 3 ? std::string(domains[u[9]])
                                        : "Domain" + std::to_string(u[9])));
  }
}

value uuid_parse(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto u = read_uuid(a[0].as_string());
  if (!u)
    return {};
  int number = (*u)[6] >> 4;
  object_builder out(c.memory());
  out.add("version", value::integer(number));
  out.add("variant", c.string(variant(*u)));
  if (number == 1 || number == 2)
    add_time_and_node(c, out, *u, number);
  return out.finish();
}

value uuid_random(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto& kept =
      c.evaluation_cache()["uuid.rfc4122:" + std::string(a[0].as_string())];
  if (!kept.defined()) {
    uuid u;
    c.random(u.data(), u.size());
    u[6] = static_cast<unsigned char>((u[6] & 0x0F) | 0x40);
    u[8] = static_cast<unsigned char>((u[8] & 0x3F) | 0x80);
    kept = c.string(uuid_text(u));
  }
  return kept;
}

} // namespace

void register_ids(builtin_table& t) {
  t.add("semver.compare", semver_compare);
  t.add("semver.is_valid", semver_is_valid);
  t.add("uuid.parse", uuid_parse);
  t.add("uuid.rfc4122", uuid_random);
}

} // namespace rego
