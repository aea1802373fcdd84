// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// One pass over the format; each verb is written by the type of its argument.

#include "builtins/go_format.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "builtins/families.hpp"
#include "builtins/utf8.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr int most_width = 1'000'000;

struct flags {
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  bool plus_v = false, sharp_v = false; // "%+v", "%#v"
  int width = -1, precision = -1;
};

std::string digits_of(std::string_view decimal, int64_t base, bool upper) {
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
  return out;
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
  bool take(char c);
  std::optional<int> number_argument();
  int read_digits();
  void read_width();
  void read_precision();
  bool read_index();
  void print(const format_arg& a, char32_t v);
  void bad_verb(char32_t v, const format_arg& a);
  void integer(const std::string& magnitude, bool negative, char32_t v);
  void unicode(uint64_t n);
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

// The flags hold in here, too, but for big.Int, which writes its own text.
void formatter::bad_verb(char32_t v, const format_arg& a) {
  std::string letter;
  append_rune(letter, v);
  out_.put("%!" + letter + "(");
  if (auto* big = std::get_if<big_text>(&a)) {
    out_.put("big.Int=" + big->digits);
  } else {
    out_.put(go_type(a));
    out_.put('=');
    print(a, 'v');
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
  auto quoted = go_quote(s, now_.plus);
  quoted = "'" + quoted.substr(1, quoted.size() - 2) + "'";
  if (quoted == "'\\\"'")
    quoted = "'\"'";
  else if (quoted == "'''")
    quoted = "'\\''";
  pad(quoted, now_.zero);
}

// "U+0041", with # "U+0041 'A'"; of a negative number, its 64 bits.
void formatter::unicode(uint64_t n) {
  auto digits = digits_of(std::to_string(n), 16, true);
  if (auto least = static_cast<size_t>(std::max(now_.precision, 4));
      digits.size() < least)
    digits.insert(0, least - digits.size(), '0');
  auto code = static_cast<char32_t>(std::min<uint64_t>(n, 0x110000));
  if (now_.sharp && code <= 0x10FFFF && is_printable(code)) {
    digits += " '";
    append_rune(digits, code);
    digits += "'";
  }
  pad("U+" + digits, false);
}

void formatter::integer(const std::string& magnitude, bool negative,
                        char32_t v) {
  int base = v == 'b'               ? 2
             : v == 'o' || v == 'O' ? 8
             : (v | 32) == 'x'      ? 16
                                    : 10;
  auto digits = base == 10 ? magnitude : digits_of(magnitude, base, v == 'X');
  auto precision = now_.precision;
  if (precision == 0 && digits == "0") {
    pad("", false);
    return;
  }
  std::string sign = negative ? "-" : now_.plus ? "+" : now_.space ? " " : "";
  if (precision < 0 && now_.zero && !now_.minus && now_.width >= 0)
    precision = now_.width - static_cast<int>(sign.size());
  if (precision > static_cast<int>(digits.size()))
    digits.insert(0, static_cast<size_t>(precision) - digits.size(), '0');
  if (now_.sharp && base == 2)
    digits = "0b" + digits;
  else if (now_.sharp && base == 8 && digits[0] != '0')
    digits = "0" + digits;
  else if (now_.sharp && base == 16)
    digits = (v == 'X' ? "0X" : "0x") + digits;
  if (v == 'O')
    digits = "0o" + digits;
  pad(sign + digits, false);
}

void formatter::real(double d, char32_t v) {
  char verb = v == 'v' ? 'g' : v == 'F' ? 'f' : static_cast<char>(v);
  int precision = now_.precision;
  if (precision < 0 && ((verb | 32) == 'e' || verb == 'f'))
    precision = 6;
  auto s = go_float(d, verb, precision);
  bool number = std::isfinite(d);
  if (now_.sharp && v != 'b' && number)
    s = go_float_with_point(std::move(s), verb, precision);
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
  bool plain = kept.find('`') == std::string::npos
               && kept.find("\xEF\xBB\xBF") == std::string::npos;
  for (auto c : kept)
    plain = plain && (c == '\t' || static_cast<unsigned char>(c) >= 0x20)
            && c != 0x7F;
  if (v == 'q')
    pad(now_.sharp && plain ? "`" + kept + "`" : go_quote(kept, now_.plus),
        now_.zero && !now_.minus);
  else if (now_.sharp_v)
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
    auto bits = static_cast<uint64_t>(*i);
    auto magnitude = std::to_string(*i < 0 ? 0 - bits : bits);
    if (v == 'U')
      unicode(bits);
    else if (v == 'c' || v == 'q')
      code_point(magnitude, *i < 0, v);
    else
      integer(magnitude, *i < 0, v);
  } else if (auto* b = std::get_if<big_text>(&a); b && one_of(U"vdsboOxX")) {
    // big.Int formats itself: %+v has its sign, %#O no second zero.
    now_.plus = now_.plus || now_.plus_v;
    now_.sharp = now_.sharp && v != 'O';
    bool negative = b->digits.starts_with('-');
    integer(b->digits.substr(negative), negative, v);
  } else if (auto* d = std::get_if<double>(&a); d && one_of(U"vbgGxXfFeE")) {
    real(*d, v);
  } else if (auto* s = std::get_if<std::string>(&a); s && one_of(U"vsxXq")) {
    text(*s, v);
  } else {
    bad_verb(v, a);
  }
}

bool formatter::take(char c) {
  if (at_ >= f_.size() || f_[at_] != c)
    return false;
  ++at_;
  return true;
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

// The argument that a '*' stands for; nothing where it is no fair number.
std::optional<int> formatter::number_argument() {
  after_index_ = false;
  if (next_ >= args_.size())
    return {};
  auto* n = std::get_if<int64_t>(&args_[next_++]);
  if (!n || *n > most_width || *n < -most_width)
    return {};
  return static_cast<int>(*n);
}

// The digits here, -1 for none; a number that is too large takes the rest of
// the format with it.
int formatter::read_digits() {
  int n = -1;
  for (; at_ < f_.size() && f_[at_] >= '0' && f_[at_] <= '9'; ++at_) {
    n = std::max(n, 0) * 10 + (f_[at_] - '0');
    if (n > most_width) {
      at_ = f_.size();
      return -1;
    }
  }
  return n;
}

void formatter::read_width() {
  if (!take('*')) {
    now_.width = read_digits();
    if (after_index_ && now_.width >= 0)
      good_index_ = false;
  } else if (auto n = number_argument()) {
    now_.width = std::abs(*n);
    now_.minus = now_.minus || *n < 0;
  } else {
    out_.put("%!(BADWIDTH)");
  }
}

void formatter::read_precision() {
  if (after_index_)
    good_index_ = false;
  after_index_ = read_index();
  if (!take('*')) {
    now_.precision = std::max(read_digits(), 0);
    return;
  }
  auto n = number_argument();
  if (n && *n >= 0)
    now_.precision = *n;
  else
    out_.put("%!(BADPREC)");
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
  read_width();
  if (take('.'))
    read_precision();
  if (!after_index_)
    after_index_ = read_index();
  if (at_ >= f_.size()) {
    out_.put("%!(NOVERB)");
    return;
  }
  auto v = decode_rune(f_, at_);
  at_ += v.size;
  if (v.code == 'v') {
    now_.sharp_v = std::exchange(now_.sharp, false);
    now_.plus_v = std::exchange(now_.plus, false);
  }
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
  if (text == "-0")
    return int64_t{0};
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
