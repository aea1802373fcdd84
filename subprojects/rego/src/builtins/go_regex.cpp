// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/go_regex.hpp"

#include <algorithm>
#include <re2/re2.h>

#include "builtins/utf8.hpp"

namespace rego {

namespace {

std::string_view go_message(re2::RE2::ErrorCode code) {
  using re2::RE2;
  switch (code) {
  case RE2::ErrorBadEscape:
    return "invalid escape sequence";
  case RE2::ErrorBadCharClass:
    return "invalid character class";
  case RE2::ErrorBadCharRange:
    return "invalid character class range";
  case RE2::ErrorMissingBracket:
    return "missing closing ]";
  case RE2::ErrorMissingParen:
    return "missing closing )";
  case RE2::ErrorUnexpectedParen:
    return "unexpected )";
  case RE2::ErrorTrailingBackslash:
    return "trailing backslash at end of expression";
  case RE2::ErrorRepeatArgument:
    return "missing argument to repetition operator";
  case RE2::ErrorRepeatSize:
    return "invalid repeat count";
  case RE2::ErrorRepeatOp:
    return "invalid nested repetition operator";
  case RE2::ErrorBadPerlOp:
    return "invalid or unsupported Perl syntax";
  case RE2::ErrorBadUTF8:
    return "invalid UTF-8";
  case RE2::ErrorBadNamedCapture:
    return "invalid named capture";
  case RE2::ErrorPatternTooLarge:
    return "expression too large";
  default:
    return "regexp/syntax: internal error";
  }
}

std::string go_error(std::string_view message, std::string_view part) {
  return "error parsing regexp: " + std::string(message) + ": `"
         + std::string(part) + "`";
}

// Go writes a named group (?<name> as well, and knows no \C.
std::string for_re2(std::string_view p, std::string& error) {
  std::string out;
  bool in_class = false;
  auto last_end = p.rfind(":]");
  for (size_t i = 0; i < p.size(); ++i) {
    if (p[i] == '\\' && i + 1 < p.size()) {
      if (p[i + 1] == 'C')
        error = go_error("invalid escape sequence", "\\C");
      if (p[i + 1] == 'Q') {
        auto end = std::min(p.find("\\E", i), p.size());
        out += p.substr(i, end - i);
        i = end - 1;
        continue;
      }
      out += p[i++];
      out += p[i];
      continue;
    }
    if (in_class) {
      // "[:alpha:]" within a class does not end it.
      if (p.substr(i, 2) == "[:" && last_end != std::string_view::npos
          && i + 2 <= last_end) {
        auto end = p.find(":]", i + 2);
        out += p.substr(i, end + 2 - i);
        i = end + 1;
        continue;
      }
      in_class = p[i] != ']';
    } else if (p[i] == '[') {
      in_class = true;
      out += p[i];
      if (i + 1 < p.size() && p[i + 1] == '^')
        out += p[++i];
      if (i + 1 < p.size() && p[i + 1] == ']')
        out += p[++i];
      continue;
    } else if (p.substr(i, 3) == "(?<" && i + 3 < p.size() && p[i + 3] != '='
               && p[i + 3] != '!') {
      out += "(?P<";
      i += 2;
      continue;
    }
    out += p[i];
  }
  return out;
}

// What RE2 may take for a program and for the states that it makes of it while
// it searches. With too little it forgets them too often and gets slow, or
// makes none at all; only patterns that were written for it ever fill what is
// beyond that.
constexpr size_t memory_each = 2048; // for each instruction
constexpr size_t memory_min = size_t{64} << 10;
constexpr size_t memory_first_max = size_t{256} << 10;
constexpr size_t memory_max = size_t{8} << 20; // RE2's own choice

// Most patterns have no more instructions than bytes, and some of RE2's own.
size_t memory_guess(std::string_view pattern) {
  constexpr size_t own = 8;
  return std::clamp((pattern.size() + own) * memory_each, memory_min,
                    memory_first_max);
}

std::unique_ptr<re2::RE2> compiled(const std::string& text, size_t memory) {
  re2::RE2::Options o;
  o.set_log_errors(false);
  o.set_max_mem(static_cast<int64_t>(memory));
  return std::make_unique<re2::RE2>(text, o);
}

// What suits a pattern, from what came of it with the memory guessed.
size_t memory_for(const re2::RE2& re, size_t guessed) {
  if (!re.ok())
    return re.error_code() == re2::RE2::ErrorPatternTooLarge ? memory_max
                                                             : guessed;
  auto size = static_cast<size_t>(std::max(re.ProgramSize(), 1));
  return std::clamp(size * memory_each, guessed, memory_max);
}

go_regex* make(std::string_view pattern) {
  auto* r = new go_regex;
  auto text = for_re2(pattern, r->error);
  if (!r->error.empty())
    return r;
  auto guessed = memory_guess(text);
  r->re = compiled(text, guessed);
  r->memory = memory_for(*r->re, guessed);
  if (r->memory > guessed)
    r->re = compiled(text, r->memory);
  if (!r->re->ok()) {
    r->error = go_error(go_message(r->re->error_code()), r->re->error_arg());
    r->re.reset();
    r->memory = 0;
    return r;
  }
  r->groups = r->re->NumberOfCapturingGroups();
  r->weight = static_cast<uint64_t>(std::max(r->re->ProgramSize(), 1));
  return r;
}

// RE2 cannot be interrupted, so what it takes at worst has to be left of the
// time: an instruction of a program on a byte took 10 to 20 ns with patterns
// and texts that were searched for at random or written for it, and a hundredth
// of that with most others.
constexpr uint64_t compile_ns_max = 6'000'000'000;
constexpr uint64_t search_ns_max = 60'000'000'000;
constexpr uint64_t small_ns = 1'000'000; // below this no clock is asked
constexpr uint64_t unit_ns = 20;
constexpr uint64_t units_max = search_ns_max / unit_ns;

void admit(call_context& c, uint64_t ns, uint64_t most) {
  if (ns > most
      || (ns > small_ns && ns > static_cast<uint64_t>(c.time_left_ns())))
    throw bound_reached{bound::pattern};
}

// Runs of quantifiers take time with their square, repetitions are written out
// up to a thousand times, Unicode's classes have hundreds of ranges, and the
// end of each "[:" is looked for up to the pattern's. All that is done twice
// where the program turns out to be large.
uint64_t compile_ns(std::string_view pattern) {
  uint64_t quantifiers = 0, repetitions = 0, classes = 0, names = 0;
  char before = 0;
  for (auto ch : pattern) {
    quantifiers += ch == '?' || ch == '*' || ch == '+' || ch == '{';
    repetitions += ch == '{';
    classes += (ch | 32) == 'p' && before == '\\';
    names += ch == ':' && before == '[';
    before = ch;
  }
  // More than this is refused in any case, and its square has no overflow.
  quantifiers = std::min<uint64_t>(quantifiers, 1'000'000);
  auto once = 2000 * pattern.size() + 16 * quantifiers * quantifiers
              + 500'000 * repetitions + 4'000'000 * classes
              + names * pattern.size();
  return 2 * once;
}

// The most that a search of so many bytes takes, saved groups included.
uint64_t admit_search(call_context& c, const go_regex& r, size_t bytes,
                      bool groups) {
  auto weight = r.weight;
  if (groups)
    weight *= 1 + static_cast<uint64_t>(r.groups) / 16;
  if (bytes > units_max / weight)
    throw bound_reached{bound::pattern};
  admit(c, bytes * weight * unit_ns, search_ns_max);
  return weight;
}

// The price of bytes that a search went over.
uint64_t price(uint64_t weight, size_t bytes) {
  return weight * bytes / 256;
}

re2::StringPiece piece(std::string_view s) {
  return {s.data() ? s.data() : "", s.size()};
}

} // namespace

go_regex::~go_regex() = default;

go_regex* new_regex(call_context& c, std::string_view pattern) {
  c.tick(pattern.size());
  admit(c, compile_ns(pattern), compile_ns_max);
  return make(pattern);
}

std::shared_ptr<go_regex> compile_regex(call_context& c,
                                        std::string_view pattern) {
  thread_local std::string key;
  key = "regex:";
  key += pattern;
  return c.cached<go_regex>(key, [&] { return new_regex(c, pattern); });
}

bool regex_match(call_context& c, const go_regex& r, std::string_view text) {
  c.tick(text.size() / 64
         + price(admit_search(c, r, text.size(), false), text.size()));
  return r.re->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr,
                     0);
}

bool regex_full_match(call_context& c, const go_regex& r,
                      std::string_view text) {
  c.tick(text.size() / 64
         + price(admit_search(c, r, text.size(), false), text.size()));
  return r.re->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH,
                     nullptr, 0);
}

void regex_each(call_context& c, const go_regex& r, std::string_view text,
                int64_t most,
                const std::function<void(const regex_groups&)>& f) {
  auto n = static_cast<size_t>(r.groups) + 1;
  std::vector<re2::StringPiece> found(n);
  regex_groups groups(2 * n);
  auto whole = piece(text);
  size_t from = 0;
  int64_t previous_end = -1;
  while (from <= text.size() && most != 0) {
    // A search that ends early may have looked at all that is left; the price
    // of a whole program's work is asked for what it went beyond alone, as
    // matches of usual patterns are found without more.
    auto left = text.size() - from;
    c.tick(1 + left / 64);
    auto weight = admit_search(c, r, left, true);
    if (!r.re->Match(whole, from, text.size(), re2::RE2::UNANCHORED,
                     found.data(), static_cast<int>(n))) {
      c.tick(price(weight, left));
      return;
    }
    for (size_t i = 0; i < n; ++i) {
      bool took_part = found[i].data() != nullptr;
      groups[2 * i] = took_part ? found[i].data() - whole.data() : -1;
      groups[2 * i + 1] =
          took_part ? groups[2 * i] + static_cast<int64_t>(found[i].size())
                    : -1;
    }
    auto end = static_cast<size_t>(groups[1]);
    c.tick(price(weight, end - from));
    bool accept = true;
    if (end == from && groups[0] == groups[1]) {
      accept = groups[0] != previous_end;
      from = from < text.size() ? from + decode_rune(text, from).size
                                : text.size() + 1;
    } else {
      from = end;
    }
    previous_end = groups[1];
    if (!accept)
      continue;
    f(groups);
    --most;
  }
}

int regex_group(const go_regex& r, const std::string& name) {
  auto& names = r.re->NamedCapturingGroups();
  auto at = names.find(name);
  return at == names.end() ? -1 : at->second;
}

std::string regex_quote(std::string_view text) {
  std::string out;
  for (auto c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace rego
