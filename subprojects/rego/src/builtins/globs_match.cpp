// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// regex.globs_match: do two simple patterns have a string in common? Patterns
// are characters, `.`, sets [a-z], each with an optional `+` or `*`. The search
// runs over pairs of positions, so it takes at most their product in steps.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"

namespace rego {

namespace {

struct glob_token {
  bool any = false;
  std::vector<std::pair<char32_t, char32_t>> ranges;
  bool repeats = false, optional = false;
};

class tokenizer {
public:
  tokenizer(std::string_view text) : text_(text), runes_(to_runes(text)) {}
  bool run(std::vector<glob_token>& out);
  std::string error;

private:
  bool fail(std::string_view what) {
    error = "input:" + std::string(text_) + ", pos:" + std::to_string(at_)
            + ", " + std::string(what) + ": the input provided is invalid";
    return false;
  }
  bool next(char32_t& r, bool& escaped) {
    escaped = runes_[at_] == '\\';
    if (escaped && at_ + 1 == runes_.size())
      return fail("input ends with a \\ (escape) character");
    at_ += escaped;
    r = runes_[at_++];
    return true;
  }
  bool set(glob_token& t);

  std::string_view text_;
  std::u32string runes_;
  size_t at_ = 0;
};

std::string text_of(char32_t r) {
  std::string s;
  append_rune(s, r);
  return s;
}

bool tokenizer::set(glob_token& t) {
  bool have = false;
  char32_t previous = 0;
  while (at_ < runes_.size()) {
    char32_t r = 0;
    bool escaped = false;
    if (!next(r, escaped))
      return false;
    if (!escaped && r == ']')
      return true;
    if (escaped || r != '-') {
      t.ranges.emplace_back(r, r);
      previous = r;
      have = true;
      continue;
    }
    if (!have)
      return fail("range character '-' must be preceded by a Unicode "
                  "character");
    if (at_ + 1 >= runes_.size())
      return fail("range character '-' must be followed by a Unicode "
                  "character");
    if (!next(r, escaped))
      return false;
    if (!escaped && (r == ']' || r == '-'))
      return fail("range character '-' cannot be followed by a special "
                  "symbol");
    if (r < previous)
      return fail("range is out of order: '" + text_of(r) + "' comes before '"
                  + text_of(previous) + "' in Unicode");
    t.ranges.emplace_back(previous, r);
    have = false;
  }
  return fail("found [ without matching ]");
}

bool tokenizer::run(std::vector<glob_token>& out) {
  while (at_ < runes_.size()) {
    char32_t r = 0;
    bool escaped = false;
    if (!next(r, escaped))
      return false;
    if (!escaped && (r == '+' || r == '*')) {
      if (out.empty() || out.back().repeats)
        return fail("flag '" + text_of(r) + "' must be preceded by a non-flag");
      out.back().repeats = true;
      out.back().optional = r == '*';
      continue;
    }
    glob_token t;
    if (!escaped && r == ']')
      return fail("set-close ']' with no preceding '['");
    if (!escaped && r == '.')
      t.any = true;
    else if (!escaped && r == '[') {
      if (!set(t))
        return false;
    } else
      t.ranges.emplace_back(r, r);
    out.push_back(std::move(t));
  }
  return true;
}

bool common(const glob_token& x, const glob_token& y) {
  auto some = [](const glob_token& t) { return t.any || !t.ranges.empty(); };
  if (x.any || y.any)
    return some(x) && some(y);
  for (auto& [a, b] : x.ranges)
    for (auto& [p, q] : y.ranges)
      if (a <= q && p <= b)
        return true;
  return false;
}

// A position within a pattern: before token i, or, with `inside`, behind a
// character of a repeated token i that may take more.
bool intersect(call_context& c, const std::vector<glob_token>& x,
               const std::vector<glob_token>& y) {
  auto states_x = 2 * x.size() + 2, states_y = 2 * y.size() + 2;
  c.tick(states_x + states_y);
  if (states_x * states_y > c.memory().room() / 16)
    throw memory_exceeded{};
  std::vector<bool> seen(states_x * states_y);
  std::vector<std::pair<size_t, size_t>> work{{0, 0}};
  auto push = [&](size_t i, size_t j) {
    if (!seen[i * states_y + j]) {
      seen[i * states_y + j] = true;
      work.emplace_back(i, j);
    }
  };
  while (!work.empty()) {
    auto [i, j] = work.back();
    work.pop_back();
    c.tick(1);
    auto a = i / 2, b = j / 2;
    if (a == x.size() && b == y.size())
      return true;
    if (a < x.size() && b < y.size())
      c.tick(x[a].ranges.size() * y[b].ranges.size());
    if (a < x.size() && (i % 2 || x[a].optional))
      push(2 * a + 2, j);
    if (b < y.size() && (j % 2 || y[b].optional))
      push(i, 2 * b + 2);
    if (a < x.size() && b < y.size() && common(x[a], y[b]))
      push(x[a].repeats ? 2 * a + 1 : 2 * a + 2,
           y[b].repeats ? 2 * b + 1 : 2 * b + 2);
  }
  return false;
}

value globs_match(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  std::vector<glob_token> x, y;
  for (auto [text, to] : {std::pair(a[0], &x), std::pair(a[1], &y)}) {
    c.tick(text.as_string().size());
    if (text.as_string().size() > c.memory().room() / (2 * sizeof(glob_token)))
      throw memory_exceeded{};
    tokenizer t(text.as_string());
    if (!t.run(*to))
      return c.fail(t.error);
  }
  return truth(intersect(c, x, y));
}

} // namespace

void register_globs_match(builtin_table& t) {
  t.add("regex.globs_match", globs_match);
}

} // namespace rego
