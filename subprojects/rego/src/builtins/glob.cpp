// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// glob.match: a glob becomes a regular expression, so that no pattern takes
// more than linear time. `*` stops at a delimiter, `**` does not, `?` is one
// character that is no delimiter; [abc], [!a-z], {x,y} and \ as usual.

#include <algorithm>
#include <memory>

#include "builtins/families.hpp"
#include "builtins/go_regex.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"

namespace rego {

namespace {

struct glob {
  std::unique_ptr<go_regex> regex; // null where the ends say all
  std::string error;
  std::string prefix, suffix;

  size_t footprint() const {
    return error.size() + prefix.size() + suffix.size()
           + (regex ? regex->footprint() : 0);
  }
};

// The literal text at the front of a pattern, which is cut off.
std::string cut_literal(std::string_view& pattern) {
  std::string out;
  for (; !pattern.empty(); pattern.remove_prefix(1)) {
    if (std::string_view("*?[{").find(pattern[0]) != std::string_view::npos)
      break;
    if (pattern[0] == '\\')
      pattern.remove_prefix(1);
    if (pattern.empty())
      break;
    out += pattern[0];
  }
  return out;
}

// A text, wildcards that stop nowhere, a text: as in the library of OPA up to
// 1.20 (gobwas/glob 0.2.3) both ends are looked for by themselves, so that they
// may overlap: "ab**bc" matches "abc".
bool read_ends(std::string_view pattern, bool delimited, glob& to) {
  to.prefix = cut_literal(pattern);
  auto stars = std::min(pattern.find_first_not_of('*'), pattern.size());
  pattern.remove_prefix(stars);
  to.suffix = cut_literal(pattern);
  bool all = stars > 0 && (!delimited || stars % 2 == 0);
  return all && pattern.empty() && !to.prefix.empty() && !to.suffix.empty();
}

class translator {
public:
  translator(std::string_view pattern, std::string_view delimiters)
      : p_(pattern), any_(delimiters.empty() ? "." : "[^") {
    if (delimiters.empty())
      return;
    for (size_t i = 0; i < delimiters.size();) {
      auto r = decode_rune(delimiters, i);
      any_ += quoted(delimiters.substr(i, r.size));
      i += r.size;
    }
    any_ += "]";
  }

  std::string run();
  std::string error;

private:
  static std::string quoted(std::string_view rune) {
    return rune.size() == 1
                   && std::string_view("\\.+*?()|[]{}^$-").find(rune)
                          != std::string_view::npos
               ? "\\" + std::string(rune)
               : std::string(rune);
  }
  std::string_view take() {
    auto n = decode_rune(p_, at_).size;
    at_ += n;
    return p_.substr(at_ - n, n);
  }
  void range(std::string& out);
  std::string range_text();

  std::string_view p_;
  std::string any_;
  size_t at_ = 0;
  int open_ = 0;
};

// The characters of "[abc]" up to the bracket.
std::string translator::range_text() {
  std::string out;
  while (at_ < p_.size() && p_[at_] != ']') {
    if (p_[at_] == '\\' && ++at_ == p_.size())
      break;
    out += quoted(take());
  }
  return out;
}

void translator::range(std::string& out) {
  bool negated = at_ < p_.size() && p_[at_] == '!';
  at_ += negated;
  std::string set = negated ? "[^" : "[";
  if (at_ >= p_.size()) {
    error = "unexpected end of input";
    return;
  }
  auto before = at_;
  auto low = take();
  if (at_ < p_.size() && p_[at_] == '-') {
    ++at_;
    if (at_ >= p_.size()) {
      error = "unexpected end of input";
      return;
    }
    auto high = take();
    if (decode_rune(high, 0).code < decode_rune(low, 0).code) {
      error = "hi character '" + std::string(high)
              + "' should be greater than lo '" + std::string(low) + "'";
      return;
    }
    set += quoted(low) + "-" + quoted(high);
  } else {
    at_ = before;
    auto text = range_text();
    if (text.empty()) {
      error = "could not parse range";
      return;
    }
    set += text;
  }
  if (at_ >= p_.size())
    error = "unexpected end of input";
  else if (p_[at_++] != ']')
    error = "expected close range character";
  out += set + "]";
}

std::string translator::run() {
  std::string out = "(?s)";
  while (at_ < p_.size() && error.empty()) {
    auto r = take();
    switch (r[0]) {
    case '*':
      if (at_ < p_.size() && p_[at_] == '*') {
        ++at_;
        out += ".*";
      } else {
        out += any_ + "*";
      }
      break;
    case '?':
      out += any_;
      break;
    case '[':
      range(out);
      break;
    case '{':
      ++open_;
      out += "(?:";
      break;
    case '\\':
      if (at_ < p_.size())
        out += quoted(take());
      break;
    default:
      if (r == "}" && open_ > 0) {
        --open_;
        out += ")";
      } else if (r == "," && open_ > 0) {
        out += "|";
      } else {
        out += quoted(r);
      }
    }
  }
  // Braces that are still open end with the pattern.
  return out.append(static_cast<size_t>(open_), ')');
}

glob* make(call_context& c, std::string_view pattern,
           std::string_view delimiters) {
  auto g = std::make_unique<glob>();
  if (read_ends(pattern, !delimiters.empty(), *g))
    return g.release();
  translator t(pattern, delimiters);
  auto text = t.run();
  g->error = t.error;
  if (g->error.empty()) {
    g->regex.reset(new_regex(c, text));
    g->error = g->regex->error;
  }
  return g.release();
}

// The delimiters one after another; false after an error.
bool read_delimiters(call_context& c, const value& v, std::string& out) {
  if (v.is_null())
    return true;
  if (!v.is_array()) {
    c.operand_error(2, v, {"array", "null"});
    return false;
  }
  for (auto& d : v.items()) {
    if (!d.is_string()) {
      c.element_error(2, v, d, "string");
      return false;
    }
    if (count_runes(d.as_string()) != 1) {
      c.element_error(2, v, d, "rune");
      return false;
    }
    out += d.as_string();
  }
  if (v.size() == 0)
    out = ".";
  return true;
}

value match_glob(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  thread_local std::string delimiters, key;
  delimiters.clear();
  if (!read_delimiters(c, a[1], delimiters))
    return {};
  if (!a[2].is_string())
    return c.operand_error(3, a[2], "string");
  key = "glob:";
  key += delimiters;
  key += '\0';
  key += a[0].as_string();
  auto g = c.cached<glob>(
      key, [&] { return make(c, a[0].as_string(), delimiters); });
  if (!g->error.empty())
    return c.fail(g->error);
  auto s = a[2].as_string();
  return truth(g->regex ? regex_full_match(c, *g->regex, s)
                        : s.starts_with(g->prefix) && s.ends_with(g->suffix));
}

value quote_meta(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  std::string out;
  for (auto ch : a[0].as_string()) {
    if (std::string_view("*?\\[]{}").find(ch) != std::string_view::npos)
      out += '\\';
    out += ch;
  }
  return c.string(out);
}

} // namespace

void register_glob(builtin_table& t) {
  t.add("glob.match", match_glob);
  t.add("glob.quote_meta", quote_meta);
}

} // namespace rego
