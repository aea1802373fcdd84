// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// One pass over the format; each verb is written by the type of its argument.

#include "builtins/go_format.hpp"

#include <algorithm>
#include <cmath>

#include "builtins/families.hpp"
#include "builtins/utf8.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

struct flags {
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  int width = -1, precision = -1;
};

std::string binary_digits(std::string_view decimal, int64_t base, bool upper) {
  // Repeated division of the decimal text: quadratic, on at most 4,000 digits.
  std::string digits(decimal), out;
  while (!digits.empty()) {
    int64_t rest = 0;
    std::string next;
    for (auto c : digits) {
      rest = rest * 10 + (c - '0');
      if (rest / base || !next.empty())
        next += static_cast<char>('0' + rest / base);
      rest %= base;
    }
    out.insert(out.begin(),
               (upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest]);
    digits = next;
  }
  return out.empty() ? "0" : out;
}

class formatter {
public:
  formatter(text_sink& out, std::string_view format,
            const std::vector<format_arg>& a)
      : out_(out), f_(format), args_(a) {}

  void run();

private:
  void verb();
  void read_flags();
  void read_number(int& to, std::string_view bad);
  bool read_index();
  void print(const format_arg& a, char32_t v);
  void bad_verb(char32_t v, const format_arg* a);
  void integer(std::string magnitude, bool negative, char32_t v, bool big);
  void real(double d, char32_t v);
  void text(const std::string& s, char32_t v);
  void hex(std::string_view s, bool upper);
  void code_point(std::string_view magnitude, bool negative, char32_t v);
  void pad(std::string_view s, bool zero);

  text_sink& out_;
  std::string_view f_;
  const std::vector<format_arg>& args_;
  size_t at_ = 0;
  size_t next_ = 0;
  bool reordered_ = false, good_index_ = true, after_index_ = false;
  flags now_;
};

std::string_view go_type(const format_arg& a) {
  constexpr std::string_view names[] = {"int", "*big.Int", "float64", "string"};
  return names[a.index()];
}

void formatter::pad(std::string_view s, bool zero) {
  auto n = static_cast<int>(std::min<size_t>(count_runes(s), 1 << 30));
  auto fill = now_.width > n ? static_cast<size_t>(now_.width - n) : 0;
  if (!now_.minus)
    out_.put(zero ? '0' : ' ', fill);
  out_.put(s);
  if (now_.minus)
    out_.put(' ', fill);
}

void formatter::bad_verb(char32_t v, const format_arg* a) {
  std::string letter;
  append_rune(letter, v);
  out_.put("%!" + letter + "(");
  if (a) {
    auto kept = now_;
    now_ = {};
    auto name = go_type(*a);
    out_.put(name.starts_with('*') ? name.substr(1) : name);
    out_.put('=');
    print(*a, 'v');
    now_ = kept;
  }
  out_.put(')');
}

void formatter::code_point(std::string_view magnitude, bool negative,
                           char32_t v) {
  auto n = magnitude.size() > 10 || negative
               ? 0xFFFFFFFFu
               : std::stoul(std::string(magnitude));
  auto code = n > 0x10FFFF ? 0xFFFD : static_cast<char32_t>(n);
  std::string s;
  append_rune(s, code);
  if (v == 'c')
    return pad(s, now_.zero);
  auto quoted = go_quote(s);
  quoted = "'" + quoted.substr(1, quoted.size() - 2) + "'";
  if (quoted == "'\\\"'")
    quoted = "'\"'";
  else if (quoted == "'''")
    quoted = "'\\''";
  pad(quoted, now_.zero);
}

void formatter::integer(std::string magnitude, bool negative, char32_t v,
                        bool big) {
  if (!big && (v == 'c' || v == 'q'))
    return code_point(magnitude, negative, v);
  int base = v == 'b'                      ? 2
             : v == 'o' || v == 'O'        ? 8
             : (v | 32) == 'x' || v == 'U' ? 16
                                           : 10;
  auto digits = base == 10 ? magnitude
                           : binary_digits(magnitude == "0" ? "" : magnitude,
                                           base, v == 'X' || v == 'U');
  auto precision = now_.precision;
  if (v == 'U')
    precision = std::max(precision, 4);
  if (precision == 0 && digits == "0") {
    pad("", false);
    return;
  }
  std::string sign = negative                ? "-"
                     : now_.plus && v != 'U' ? "+"
                     : now_.space            ? " "
                                             : "";
  if (precision < 0 && now_.zero && !now_.minus && now_.width >= 0)
    precision = now_.width - static_cast<int>(sign.size());
  if (precision > static_cast<int>(digits.size()))
    digits.insert(0, static_cast<size_t>(precision) - digits.size(), '0');
  if (v == 'U')
    digits = "U+" + digits;
  else if (v == 'O')
    digits = "0o" + digits;
  else if (now_.sharp && base == 2)
    digits = "0b" + digits;
  else if (now_.sharp && base == 8 && digits[0] != '0')
    digits = "0" + digits;
  else if (now_.sharp && base == 16)
    digits = (v == 'X' ? "0X" : "0x") + digits;
  pad(sign + digits, false);
}

void formatter::real(double d, char32_t v) {
  char verb = v == 'v' ? 'g' : v == 'F' ? 'f' : static_cast<char>(v);
  int precision = now_.precision;
  if (precision < 0 && (verb | 32) != 'g')
    precision = 6;
  auto s = go_float(d, verb, precision);
  bool number = std::isfinite(d);
  if (s[0] != '-' && s[0] != '+')
    s.insert(s.begin(), '+');
  if (s[0] == '+' && now_.space && !now_.plus)
    s[0] = ' ';
  else if (s[0] == '+' && !now_.plus && number)
    s.erase(0, 1);
  auto zero = now_.zero && !now_.minus && number;
  if (zero && (s[0] < '0' || s[0] > '9')
      && now_.width > static_cast<int>(s.size())) {
    out_.put(s[0]);
    --now_.width;
    s.erase(0, 1);
  }
  pad(s, zero);
}

void formatter::hex(std::string_view s, bool upper) {
  if (now_.precision >= 0)
    s = s.substr(0, static_cast<size_t>(now_.precision));
  std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string_view lead = upper ? "0X" : "0x";
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    auto b = static_cast<unsigned char>(s[i]);
    if (i && now_.space)
      out += ' ';
    if (now_.sharp && (i == 0 || now_.space))
      out += lead;
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  pad(out, now_.zero);
}

void formatter::text(const std::string& s, char32_t v) {
  if ((v | 32) == 'x')
    return hex(s, v == 'X');
  size_t end = s.size();
  if (now_.precision >= 0) {
    end = 0;
    for (int n = now_.precision; n > 0 && end < s.size(); --n)
      end += decode_rune(s, end).size;
  }
  auto kept = s.substr(0, end);
  bool plain = kept.find('`') == std::string::npos;
  for (auto c : kept)
    plain = plain && (c == '\t' || static_cast<unsigned char>(c) >= 0x20)
            && c != 0x7F;
  if (v == 'q')
    pad(now_.sharp && plain ? "`" + kept + "`" : go_quote(kept),
        now_.zero && !now_.minus);
  else if (v == 'v' && now_.sharp)
    pad(go_quote(kept), now_.zero && !now_.minus);
  else
    pad(kept, now_.zero && !now_.minus);
}

void formatter::print(const format_arg& a, char32_t v) {
  auto one_of = [&](std::u32string_view set) {
    return set.find(v) != std::u32string_view::npos;
  };
  if (v == 'T')
    return text(std::string(go_type(a)), 's');
  if (auto* i = std::get_if<int64_t>(&a); i && one_of(U"vdbcoOqxXU")) {
    auto magnitude =
        *i < 0 ? 0 - static_cast<uint64_t>(*i) : static_cast<uint64_t>(*i);
    integer(std::to_string(magnitude), *i < 0, v, false);
  } else if (auto* b = std::get_if<big_text>(&a); b && one_of(U"vdsboOxX")) {
    bool negative = b->digits.starts_with('-');
    integer(b->digits.substr(negative), negative, v, true);
  } else if (auto* d = std::get_if<double>(&a); d && one_of(U"vgGeEfF")) {
    real(*d, v);
  } else if (auto* s = std::get_if<std::string>(&a); s && one_of(U"vsxXq")) {
    text(*s, v);
  } else {
    bad_verb(v, &a);
  }
}

// "[3]": the next argument is the third.
bool formatter::read_index() {
  if (at_ >= f_.size() || f_[at_] != '[')
    return false;
  reordered_ = true;
  auto close = f_.find(']', at_);
  size_t n = 0;
  bool good = close != std::string_view::npos && close > at_ + 1;
  for (auto i = at_ + 1; good && i < close; ++i) {
    good = f_[i] >= '0' && f_[i] <= '9' && n < 100000;
    n = n * 10 + static_cast<size_t>(f_[i] - '0');
  }
  at_ = close == std::string_view::npos ? at_ + 1 : close + 1;
  if (!good || n < 1 || n > args_.size()) {
    good_index_ = false;
    return false;
  }
  next_ = n - 1;
  return true;
}

void formatter::read_number(int& to, std::string_view bad) {
  constexpr int64_t most = 1'000'000;
  if (at_ < f_.size() && f_[at_] == '*') {
    ++at_;
    auto* n =
        next_ < args_.size() ? std::get_if<int64_t>(&args_[next_]) : nullptr;
    if (next_ < args_.size())
      ++next_;
    if (!n || *n > most || *n < -most) {
      out_.put(bad);
      return;
    }
    to = static_cast<int>(*n);
    after_index_ = false;
    return;
  }
  int64_t n = -1;
  while (at_ < f_.size() && f_[at_] >= '0' && f_[at_] <= '9') {
    n = std::min<int64_t>(std::max<int64_t>(n, 0) * 10 + (f_[at_] - '0'),
                          most * 10);
    ++at_;
  }
  to = n > most ? -1 : static_cast<int>(n);
}

void formatter::read_flags() {
  now_ = {};
  for (; at_ < f_.size(); ++at_) {
    switch (f_[at_]) {
    case '+':
      now_.plus = true;
      continue;
    case '-':
      now_.minus = true;
      continue;
    case '#':
      now_.sharp = true;
      continue;
    case ' ':
      now_.space = true;
      continue;
    case '0':
      now_.zero = true;
      continue;
    default:
      return;
    }
  }
}

void formatter::verb() {
  ++at_;
  good_index_ = true;
  read_flags();
  after_index_ = read_index();
  read_number(now_.width, "%!(BADWIDTH)");
  if (now_.width < -1) {
    now_.minus = true;
    now_.width = -now_.width;
  }
  if (after_index_ && now_.width >= 0)
    good_index_ = false;
  if (at_ < f_.size() && f_[at_] == '.') {
    ++at_;
    if (after_index_)
      good_index_ = false;
    after_index_ = read_index();
    read_number(now_.precision, "%!(BADPREC)");
    if (now_.precision < 0)
      now_.precision = 0;
  }
  if (!after_index_)
    after_index_ = read_index();
  if (at_ >= f_.size()) {
    out_.put("%!(NOVERB)");
    return;
  }
  auto v = decode_rune(f_, at_);
  at_ += v.size;
  std::string letter;
  append_rune(letter, v.code);
  if (v.code == '%')
    out_.put('%');
  else if (!good_index_)
    out_.put("%!" + letter + "(BADINDEX)");
  else if (next_ >= args_.size())
    out_.put("%!" + letter + "(MISSING)");
  else
    print(args_[next_++], v.code);
}

void formatter::run() {
  while (at_ < f_.size()) {
    auto percent = std::min(f_.find('%', at_), f_.size());
    out_.put(f_.substr(at_, percent - at_));
    at_ = percent;
    if (at_ < f_.size())
      verb();
  }
  if (reordered_ || next_ >= args_.size())
    return;
  now_ = {};
  out_.put("%!(EXTRA ");
  for (auto i = next_; i < args_.size(); ++i) {
    if (i > next_)
      out_.put(", ");
    out_.put(go_type(args_[i]));
    out_.put('=');
    print(args_[i], 'v');
  }
  out_.put(')');
}

value sprintf(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::array}))
    return {};
  check_written_size(c, a[1]);
  std::vector<format_arg> list;
  list.reserve(a[1].size());
  for (auto& v : a[1].items())
    list.push_back(make_format_arg(v));
  text_sink out(c);
  go_sprintf(out, a[0].as_string(), list);
  return out.finish();
}

} // namespace

format_arg make_format_arg(const value& v) {
  if (v.is_integer())
    return v.as_integer();
  if (v.is_string())
    return std::string(v.as_string());
  if (!v.is_number())
    return to_rego(v);
  auto text = number_text(v);
  if (text.find_first_of(".eE") == std::string::npos)
    return big_text{text};
  auto d = std::strtod(text.c_str(), nullptr);
  if (std::isinf(d))
    return text;
  return d;
}

void go_sprintf(text_sink& out, std::string_view format,
                const std::vector<format_arg>& list) {
  formatter(out, format, list).run();
}

void register_sprintf(builtin_table& t) {
  t.add("sprintf", sprintf);
}

} // namespace rego
