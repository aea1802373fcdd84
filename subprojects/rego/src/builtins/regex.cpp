// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Regular expressions: match, split, find, replace, templates.

#include "builtins/families.hpp"
#include "builtins/go_regex.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"

namespace rego {

namespace {

// Null after an error.
std::shared_ptr<go_regex> pattern_of(call_context& c, const value& v) {
  auto r = compile_regex(c, v.as_string());
  if (r->error.empty())
    return r;
  c.fail(r->error);
  return nullptr;
}

value is_regex(call_context& c, args a) {
  return truth(a[0].is_string()
               && compile_regex(c, a[0].as_string())->error.empty());
}

value match_regex(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto r = pattern_of(c, a[0]);
  if (!r)
    return {};
  return truth(regex_match(c, *r, a[1].as_string()));
}

std::string_view part_of(std::string_view s, int64_t from, int64_t to) {
  return from < 0 ? std::string_view()
                  : s.substr(static_cast<size_t>(from),
                             static_cast<size_t>(to - from));
}

value split_at_matches(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto r = pattern_of(c, a[0]);
  if (!r)
    return {};
  auto s = a[1].as_string();
  auto size = static_cast<int64_t>(s.size());
  array_builder out(c.memory());
  int64_t begin = 0, end = 0;
  if (s.empty() && !a[0].as_string().empty())
    return make_array(c.memory(), {a[1]});
  regex_each(c, *r, s, -1, [&](const regex_groups& g) {
    end = g[0];
    if (g[1] != 0)
      out.push(c.string(part_of(s, begin, end)));
    begin = g[1];
  });
  if (end != size)
    out.push(c.string(part_of(s, begin, size)));
  return out.array();
}

// The matches of a pattern in a text, at most as many as the third operand
// says: an array of what `made` makes of each.
template <class F>
value find_each(call_context& c, args a, F made) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  auto n = need_integer(c, a, 3);
  if (!n)
    return {};
  auto r = pattern_of(c, a[0]);
  if (!r)
    return {};
  auto s = a[1].as_string();
  array_builder out(c.memory());
  regex_each(c, *r, s, *n,
             [&](const regex_groups& g) { out.push(made(s, g)); });
  return out.array();
}

value find_match(call_context& c, args a) {
  return find_each(c, a, [&](std::string_view s, const regex_groups& g) {
    return c.string(part_of(s, g[0], g[1]));
  });
}

value find_groups(call_context& c, args a) {
  return find_each(c, a, [&](std::string_view s, const regex_groups& g) {
    array_builder groups(c.memory(), g.size() / 2);
    for (size_t i = 0; i < g.size(); i += 2)
      groups.push(c.string(part_of(s, g[i], g[i + 1])));
    return groups.array();
  });
}

// The bytes of the name at the front: letters, digits and _.
size_t name_size(std::string_view s) {
  size_t n = 0;
  while (n < s.size()) {
    auto r = decode_rune(s, n);
    if (!is_word(r.code))
      break;
    n += r.size;
  }
  return n;
}

// The group that "$name" or "${name}" at the front of the text stands for;
// `used` is 0 where it is no reference.
int reference(const go_regex& r, std::string_view s, size_t& used) {
  bool braces = s.size() > 1 && s[1] == '{';
  size_t from = braces ? 2 : 1, to = from + name_size(s.substr(from));
  used = 0;
  if (to == from || (braces && (to == s.size() || s[to] != '}')))
    return -1;
  used = to + braces;
  std::string name(s.substr(from, to - from));
  if (name.find_first_not_of("0123456789") != std::string::npos)
    return regex_group(r, name);
  return name.size() > 6 ? -1 : std::stoi(name);
}

void expand(text_sink& out, const go_regex& r, std::string_view as,
            std::string_view s, const regex_groups& g) {
  while (!as.empty()) {
    auto dollar = std::min(as.find('$'), as.size());
    out.put(as.substr(0, dollar));
    as.remove_prefix(dollar);
    if (as.empty())
      return;
    if (as.starts_with("$$")) {
      out.put('$');
      as.remove_prefix(2);
      continue;
    }
    size_t used = 0;
    auto group = reference(r, as, used);
    if (used == 0) {
      out.put('$');
      as.remove_prefix(1);
      continue;
    }
    if (group >= 0 && group <= r.groups) {
      auto i = 2 * static_cast<size_t>(group);
      out.put(part_of(s, g[i], g[i + 1]));
    }
    as.remove_prefix(used);
  }
}

value replace_matches(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string, kind::string}))
    return {};
  auto r = pattern_of(c, a[1]);
  if (!r)
    return {};
  auto s = a[0].as_string();
  text_sink out(c);
  int64_t last = 0;
  regex_each(c, *r, s, -1, [&](const regex_groups& g) {
    out.put(part_of(s, last, g[0]));
    expand(out, *r, a[2].as_string(), s, g);
    last = g[1];
  });
  out.put(s.substr(static_cast<size_t>(last)));
  return out.finish();
}

// A template as a pattern: what stands outside the delimiters is literal.
// Empty, with the error recorded, where delimiters do not pair.
std::string template_pattern(call_context& c, std::string_view t, char start,
                             char end) {
  std::string out = "^";
  size_t literal = 0, open = 0;
  int level = 0;
  for (size_t i = 0; i < t.size() && level >= 0; ++i) {
    if (t[i] == start && ++level == 1) {
      open = i;
    } else if (t[i] == end && t[i] != start && --level == 0) {
      auto inner = std::string(t.substr(open + 1, i - open - 1));
      auto r = compile_regex(c, "^" + inner + "$");
      if (!r->error.empty()) {
        c.fail(r->error);
        return {};
      }
      out += regex_quote(t.substr(literal, open - literal)) + "(" + inner + ")";
      literal = i + 1;
    }
  }
  if (level != 0) {
    c.fail("unbalanced braces in " + go_quote(t));
    return {};
  }
  return out + regex_quote(t.substr(literal)) + "$";
}

value template_match(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string, kind::string, kind::string}))
    return {};
  auto start = a[2].as_string(), end = a[3].as_string();
  if (start.size() != 1)
    return c.fail("start delimiter has to be exactly one character long but "
                  "is "
                  + std::to_string(start.size()) + " long");
  if (end.size() != 1)
    return c.fail("end delimiter has to be exactly one character long but is "
                  + std::to_string(start.size()) + " long");
  auto pattern = template_pattern(c, a[0].as_string(), start[0], end[0]);
  if (c.failed())
    return {};
  auto r = compile_regex(c, pattern);
  if (!r->error.empty())
    return c.fail(r->error);
  return truth(regex_match(c, *r, a[1].as_string()));
}

} // namespace

void register_regex(builtin_table& t) {
  t.add("re_match", match_regex);
  t.add("regex.find_all_string_submatch_n", find_groups);
  t.add("regex.find_n", find_match);
  t.add("regex.is_valid", is_regex);
  t.add("regex.match", match_regex);
  t.add("regex.replace", replace_matches);
  t.add("regex.split", split_at_matches);
  t.add("regex.template_match", template_match);
}

} // namespace rego
