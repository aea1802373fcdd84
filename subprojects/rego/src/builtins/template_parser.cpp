// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/template_parser.hpp"

#include <algorithm>
#include <charconv>

#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/outside_memory.hpp"

namespace rego::text_template {

namespace {

struct token {
  enum class kind { end, word, field, variable, string, number, mark } what;
  std::string text;
  bool spaced = false; // stands behind white space
};

bool space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool word_character(char c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
         || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr int depth_max = 100;

// Go's spellings of whole numbers and JSON's of the others; nothing for what
// is no number.
value number_constant(call_context& c, std::string_view text) {
  if (is_number_text(text))
    return make_number(c.memory(), text);
  bool negative = text.starts_with('-');
  text.remove_prefix(negative || text.starts_with('+'));
  if (!negative && is_number_text(text))
    return make_number(c.memory(), text);
  if (text.size() < 3 || text[0] != '0')
    return {};
  auto base = (text[1] | 32) == 'x'   ? 16
              : (text[1] | 32) == 'o' ? 8
              : (text[1] | 32) == 'b' ? 2
                                      : 0;
  int64_t n = 0;
  auto* end = text.data() + text.size();
  auto r = std::from_chars(text.data() + 2, end, n, base ? base : 10);
  if (base == 0 || r.ptr != end || r.ec != std::errc{} || text[2] == '-')
    return {};
  return value::integer(negative ? -n : n);
}

std::unique_ptr<node> new_node() {
  take_memory(sizeof(node) + 4 * sizeof(void*));
  return std::make_unique<node>();
}

// Of an action that may be all of the text.
constexpr size_t token_bytes = 2 * sizeof(token);

class parser {
public:
  parser(call_context& c, std::string_view text, tree& to)
      : c_(c), text_(text), to_(to) {}
  bool run() {
    std::string ended;
    return list(to_.main, ended, 0) && finish(ended);
  }
  std::string error;

private:
  bool fail(const std::string& what) {
    if (error.empty())
      error = "template: template:" + std::to_string(line_) + ": " + what;
    return false;
  }
  bool finish(const std::string& ended) {
    return ended.empty() || fail("unexpected {{" + ended + "}}");
  }
  bool list(nodes& out, std::string& ended, int depth);
  bool action(nodes& out, std::string& ended, int depth);
  bool tokens(std::string_view s);
  void push(token t) {
    c_.tick(1);
    take_memory(token_bytes);
    now_.push_back(std::move(t));
  }
  bool quoted(std::string_view s, size_t& at);
  bool control(nodes& out, node::form what, int depth);
  bool branch(node& n, int depth);
  bool definition(const std::string& word, nodes& out, int depth);
  bool read_pipeline(pipeline& p, int depth, bool parenthesis);
  bool declaration(pipeline& p);
  bool read_operand(command& to, int depth);
  bool string_token(std::string& to);

  const token& peek(size_t ahead = 0) const {
    static const token none{token::kind::end, "", false};
    return at_ + ahead < now_.size() ? now_[at_ + ahead] : none;
  }
  bool is(std::string_view mark) const {
    return peek().what == token::kind::mark && peek().text == mark;
  }
  bool done() {
    return peek().what == token::kind::end
           || fail("unexpected " + go_quote(peek().text) + " in operand");
  }

  call_context& c_;
  std::string_view text_;
  tree& to_;
  size_t from_ = 0;
  size_t line_ = 1;
  std::vector<token> now_;
  size_t at_ = 0;
  int ranges_ = 0; // whose bodies this is in
};

bool parser::quoted(std::string_view s, size_t& at) {
  char quote = s[at];
  std::string out;
  size_t i = at + 1;
  for (; i < s.size() && s[i] != quote; ++i) {
    if (quote == '`' || s[i] != '\\' || i + 1 == s.size()) {
      out += s[i];
      continue;
    }
    constexpr std::string_view from = "abfnrtv\\\"'",
                               to = "\a\b\f\n\r\t\v\\\"'";
    auto e = from.find(s[++i]);
    if (e == std::string_view::npos)
      return fail("invalid syntax");
    out += to[e];
  }
  if (i >= s.size())
    return fail(quote == '`' ? "unterminated raw quoted string"
                             : "unterminated quoted string");
  auto kind = token::kind::string;
  if (quote == '\'') {
    kind = token::kind::number;
    out = std::to_string(
        out.empty() ? 0 : static_cast<long>(decode_rune(out, 0).code));
  }
  push({kind, out, at == 0 || space(s[at - 1])});
  at = i + 1;
  return true;
}

bool parser::tokens(std::string_view s) {
  give_memory(now_.size() * token_bytes);
  now_.clear();
  at_ = 0;
  for (size_t i = 0; i < s.size();) {
    char ch = s[i];
    bool spaced = i == 0 || space(s[i - 1]);
    if (space(ch)) {
      ++i;
      continue;
    }
    if (ch == '"' || ch == '`' || ch == '\'') {
      if (!quoted(s, i))
        return false;
      continue;
    }
    auto start = i;
    bool digit = ch >= '0' && ch <= '9';
    bool sign = (ch == '-' || ch == '+') && i + 1 < s.size() && s[i + 1] >= '0'
                && s[i + 1] <= '9';
    bool named = (ch == '.' || ch == '$') && i + 1 < s.size()
                 && word_character(s[i + 1]);
    if (digit || sign || word_character(ch) || named) {
      ++i;
      while (i < s.size()
             && (word_character(s[i]) || ((digit || sign) && s[i] == '.')))
        ++i;
      auto text = std::string(s.substr(start, i - start));
      auto kind = digit || sign ? token::kind::number
                  : ch == '.'   ? token::kind::field
                  : ch == '$'   ? token::kind::variable
                                : token::kind::word;
      push({kind, ch == '.' ? text.substr(1) : text, spaced});
      continue;
    }
    if (ch == '$') {
      push({token::kind::variable, "$", spaced});
      ++i;
      continue;
    }
    auto size = s.substr(i, 2) == ":=" ? 2u : 1u;
    if (std::string_view("|(),.=").find(ch) == std::string_view::npos
        && size == 1)
      return fail("unexpected " + go_quote(s.substr(i, 1)) + " in command");
    push({token::kind::mark, std::string(s.substr(i, size)), spaced});
    i += size;
  }
  return true;
}

bool parser::read_operand(command& to, int depth) {
  auto t = peek();
  ++at_;
  take_memory(2 * sizeof(operand) + t.text.size());
  operand o{operand::form::constant, {}, {}, {}, nullptr};
  switch (t.what) {
  case token::kind::string:
    o.constant = c_.string(t.text);
    break;
  case token::kind::number:
    o.constant = number_constant(c_, t.text);
    if (!o.constant.defined())
      return fail("bad number syntax: " + go_quote(t.text));
    break;
  case token::kind::field:
    o.what = operand::form::dot;
    o.fields.push_back(t.text);
    break;
  case token::kind::variable:
    o.what = operand::form::variable;
    o.name = t.text;
    break;
  case token::kind::word:
    if (t.text == "true" || t.text == "false")
      o.constant = value::boolean(t.text == "true");
    else if (t.text == "nil")
      o.constant = value::null();
    else {
      o.what = operand::form::function;
      o.name = t.text;
    }
    break;
  default:
    if (t.text == ".") {
      o.what = operand::form::dot;
      break;
    }
    if (t.text != "(")
      return fail("unexpected " + go_quote(t.text) + " in operand");
    o.what = operand::form::pipeline;
    o.inner = std::make_unique<pipeline>();
    if (!read_pipeline(*o.inner, depth + 1, true))
      return false;
    if (!is(")"))
      return fail("unclosed left paren");
    ++at_;
  }
  for (; peek().what == token::kind::field && !peek().spaced;
       take_memory(2 * sizeof(std::string)))
    o.fields.push_back(now_[at_++].text);
  to.push_back(std::move(o));
  return true;
}

// "$x :=", "$i, $x :=" or "$x =".
bool parser::declaration(pipeline& p) {
  size_t n = 0;
  if (peek().what != token::kind::variable)
    return true;
  auto mark = [&](size_t i, std::string_view m) {
    return peek(i).what == token::kind::mark && peek(i).text == m;
  };
  if (mark(1, ":=") || mark(1, "="))
    n = 1;
  else if (mark(1, ",") && peek(2).what == token::kind::variable
           && (mark(3, ":=") || mark(3, "=")))
    n = 3;
  if (n == 0)
    return true;
  p.variables.push_back(peek().text);
  if (n == 3)
    p.variables.push_back(peek(2).text);
  p.assigns = mark(n, "=");
  at_ += n + 1;
  return true;
}

bool parser::read_pipeline(pipeline& p, int depth, bool parenthesis) {
  if (depth > depth_max)
    return fail("nested too deeply");
  if (!declaration(p))
    return false;
  while (true) {
    take_memory(2 * sizeof(command));
    command cmd;
    while (peek().what != token::kind::end && !is("|")
           && !(parenthesis && is(")")))
      if (!read_operand(cmd, depth))
        return false;
    if (cmd.empty())
      return fail("missing value for command");
    p.commands.push_back(std::move(cmd));
    if (!is("|"))
      return true;
    ++at_;
  }
}

bool parser::string_token(std::string& to) {
  if (peek().what != token::kind::string)
    return fail("unexpected " + go_quote(peek().text) + " in template clause");
  to = now_[at_++].text;
  return true;
}

bool parser::branch(node& n, int depth) {
  std::string ended;
  ranges_ += n.what == node::form::range;
  if (!list(n.body, ended, depth + 1))
    return false;
  ranges_ -= n.what == node::form::range;
  if (ended == "else") {
    bool chained = peek().what == token::kind::word
                   && (peek().text == "if" || peek().text == "with");
    if (chained) {
      auto what = peek().text == "if" ? node::form::if_ : node::form::with;
      ++at_;
      // The chained branch takes the {{end}} for both.
      return control(n.otherwise, what, depth + 1);
    }
    ended.clear();
    if (!list(n.otherwise, ended, depth + 1))
      return false;
  }
  return ended == "end" || fail("unexpected EOF");
}

bool parser::control(nodes& out, node::form what, int depth) {
  auto n = new_node();
  n->what = what;
  if (!read_pipeline(n->pipe, 0, false) || !done() || !branch(*n, depth))
    return false;
  out.push_back(std::move(n));
  return true;
}

bool parser::definition(const std::string& word, nodes& out, int depth) {
  auto n = new_node();
  n->what = node::form::call;
  if (!string_token(n->text))
    return false;
  if (word != "define" && peek().what != token::kind::end
      && !read_pipeline(n->pipe, 0, false))
    return false;
  if (!done())
    return false;
  if (word != "template") {
    std::string ended;
    nodes body;
    if (!list(body, ended, depth + 1))
      return false;
    if (ended != "end")
      return fail("unexpected EOF");
    auto& defined = to_.defined[n->text];
    if (!defined.empty() && !body.empty())
      return fail("multiple definition of template " + go_quote(n->text));
    if (!body.empty())
      defined = std::move(body);
  }
  if (word != "define")
    out.push_back(std::move(n));
  return true;
}

bool parser::action(nodes& out, std::string& ended, int depth) {
  auto word = peek().what == token::kind::word ? peek().text : std::string();
  auto control_word = [&](std::string_view w) { return word == w; };
  if (control_word("end") || control_word("else")) {
    ++at_;
    ended = word;
    return word == "else" || done();
  }
  if (control_word("if") || control_word("with") || control_word("range")) {
    ++at_;
    return control(out,
                   word == "if"     ? node::form::if_
                   : word == "with" ? node::form::with
                                    : node::form::range,
                   depth);
  }
  if (control_word("define") || control_word("template")
      || control_word("block")) {
    ++at_;
    return definition(word, out, depth);
  }
  auto n = new_node();
  if (control_word("break") || control_word("continue")) {
    if (ranges_ == 0)
      return fail("{{" + word + "}} outside {{range}}");
    ++at_;
    n->what = word == "break" ? node::form::break_ : node::form::continue_;
    out.push_back(std::move(n));
    return done();
  }
  n->what = node::form::action;
  if (!read_pipeline(n->pipe, 0, false) || !done())
    return false;
  out.push_back(std::move(n));
  return true;
}

bool parser::list(nodes& out, std::string& ended, int depth) {
  if (depth > depth_max)
    return fail("nested too deeply");
  while (from_ < text_.size()) {
    auto open = std::min(text_.find("{{", from_), text_.size());
    auto plain = text_.substr(from_, open - from_);
    auto close = text_.find("}}", open);
    auto inner = close == std::string_view::npos
                     ? std::string_view()
                     : text_.substr(open + 2, close - open - 2);
    bool trim_left = inner.size() > 1 && inner[0] == '-' && space(inner[1]);
    if (trim_left)
      while (!plain.empty() && space(plain.back()))
        plain.remove_suffix(1);
    if (!plain.empty()) {
      take_memory(plain.size());
      auto n = new_node();
      n->what = node::form::text;
      n->text = plain;
      out.push_back(std::move(n));
    }
    line_ += static_cast<size_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(from_),
                   text_.begin() + static_cast<std::ptrdiff_t>(open), '\n'));
    from_ = open;
    if (open == text_.size())
      return true;
    if (close == std::string_view::npos)
      return fail("unclosed action");
    from_ = close + 2;
    if (trim_left)
      inner.remove_prefix(1);
    if (inner.size() > 1 && inner.back() == '-'
        && space(inner[inner.size() - 2])) {
      inner.remove_suffix(1);
      while (from_ < text_.size() && space(text_[from_]))
        ++from_;
    }
    auto first = std::min(inner.find_first_not_of(" \t\r\n"), inner.size());
    if (inner.substr(first).starts_with("/*"))
      continue;
    if (!tokens(inner))
      return false;
    if (!action(out, ended, depth))
      return false;
    if (!ended.empty())
      return true;
  }
  return true;
}

} // namespace

bool parse(call_context& c, std::string_view text, tree& to,
           std::string& error) {
  parser p(c, text, to);
  bool good = p.run();
  error = p.error;
  return good;
}

} // namespace rego::text_template
