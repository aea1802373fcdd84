// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON reading straight into the arena. simdjson validates the UTF-8 with the
// widest instructions that the processor has; the values are read by hand, as
// its tape keeps no number's text and its on-demand reader is compiled for the
// baseline processor only. Strings that are keys are kept once; objects of one
// shape (the same keys in the same order) share their sorted keys and index.

#include <algorithm>
#include <cstring>
#include <numeric>
#include <simdjson.h>

#include "core/decimal.hpp"
#include "core/json_shapes.hpp"
#include "core/unicode.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr int depth_max = 512;

struct json_failure {
  std::string what;
};

constexpr bool is_json_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Eight bytes at a time: is one of them a quote, a backslash or a control?
bool plain8(const char* p) {
  uint64_t x = 0;
  std::memcpy(&x, p, 8);
  constexpr uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
  auto has = [&](uint64_t c) {
    auto y = x ^ (ones * c);
    return (y - ones) & ~y & high;
  };
  auto control = (x - ones * 0x20) & ~x & high;
  return !(has('"') | has('\\') | control);
}

} // namespace

/// What a json_reader keeps, and parse_json() makes for one text.
struct json_parser {
  explicit json_parser(bool remembers) : shapes(remembers) {}

  json_shapes shapes;
  std::vector<value> stack; // elements of the collections being read
  std::string scratch;      // a key with escapes

  arena* to = nullptr;
  const char* begin = nullptr;
  const char* p = nullptr;
  const char* end = nullptr;

  bool unique_keys = false;
  std::vector<const char*> places; // of the keys of the objects being read

  [[noreturn]] static void fail(std::string what) {
    throw json_failure{std::move(what)};
  }

  void skip() {
    while (p < end && is_json_space(*p))
      ++p;
  }

  char peek() {
    skip();
    if (p == end)
      fail("unexpected end of the document");
    return *p;
  }

  void expect(std::string_view word) {
    if (static_cast<size_t>(end - p) < word.size()
        || std::memcmp(p, word.data(), word.size()) != 0)
      fail("unexpected token");
    p += word.size();
  }

  value read(int depth) {
    switch (peek()) {
    case '{':
      return object(depth);
    case '[':
      return array(depth);
    case '"':
      return string();
    case 't':
      expect("true");
      return value::boolean(true);
    case 'f':
      expect("false");
      return value::boolean(false);
    case 'n':
      expect("null");
      return value::null();
    default:
      return number();
    }
  }

  value number() {
    auto from = p;
    // The usual case: an integer of up to 18 digits.
    auto q = p + (*p == '-');
    int64_t n = 0;
    auto first = q;
    while (q < end && q - first < 18 && *q >= '0' && *q <= '9')
      n = n * 10 + (*q++ - '0');
    bool more =
        q < end && (*q == '.' || (*q | 32) == 'e' || (*q >= '0' && *q <= '9'));
    bool plain = q > first && !more
                 && (*first != '0' || (q - first == 1 && first == from));
    if (plain) {
      p = q;
      return value::integer(first == from ? n : -n);
    }
    while (p < end
           && (std::strchr("+-.eE", *p) ? *p != 0 : *p >= '0' && *p <= '9'))
      ++p;
    std::string_view text(from, static_cast<size_t>(p - from));
    if (!is_number_text(text))
      fail(text.empty() ? "unexpected token" : "invalid number");
    if (!is_readable(text))
      fail("a number's exponent is beyond what can be computed with");
    return make_number(*to, text);
  }

  // Leaves p behind the closing quote; true where there are escapes.
  bool scan_string(const char*& from, const char*& to_end) {
    from = ++p;
    bool escapes = false;
    for (;;) {
      while (end - p >= 8 && plain8(p))
        p += 8;
      if (p == end)
        fail("a string has no end");
      if (*p == '"')
        break;
      if (static_cast<unsigned char>(*p) < 0x20)
        fail("a control character in a string");
      if (*p == '\\') {
        escapes = true;
        if (++p == end)
          fail("a string has no end");
      }
      ++p;
    }
    to_end = p++;
    return escapes;
  }

  value string() {
    const char *from = nullptr, *stop = nullptr;
    bool escapes = scan_string(from, stop);
    auto size = static_cast<size_t>(stop - from);
    if (!escapes)
      return shapes.text(*to, {from, size});
    string_buffer b(*to, size);
    return b.seal(
        static_cast<size_t>(unescape(from, stop, b.data()) - b.data()));
  }

  // `before` stands for the key before this one, to guess this one by.
  value key(uint64_t before) {
    if (peek() != '"')
      fail("an object's key must be a string");
    auto guess = shapes.next_key(before);
    if (guess.is_string()) {
      auto t = guess.as_string();
      if (static_cast<size_t>(end - p) > t.size() + 2 && p[t.size() + 1] == '"'
          && std::memcmp(p + 1, t.data(), t.size()) == 0) {
        p += t.size() + 2;
        return guess;
      }
    }
    const char *from = nullptr, *stop = nullptr;
    if (!scan_string(from, stop)) {
      auto k = shapes.key(*to, {from, static_cast<size_t>(stop - from)});
      shapes.follows(before, k);
      return k;
    }
    scratch.resize(static_cast<size_t>(stop - from));
    auto* out = unescape(from, stop, scratch.data());
    return shapes.key(
        *to, {scratch.data(), static_cast<size_t>(out - scratch.data())});
  }

  static char* unescape(const char* q, const char* stop, char* out) {
    constexpr std::string_view names = "\"\\/bfnrt", bytes = "\"\\/\b\f\n\r\t";
    while (q < stop) {
      if (*q != '\\') {
        *out++ = *q++;
        continue;
      }
      ++q;
      auto at = names.find(*q);
      if (at != std::string_view::npos) {
        *out++ = bytes[at];
        ++q;
      } else if (*q == 'u') {
        char32_t c = 0;
        q = read_unicode_escape(q + 1, stop, c);
        if (!q)
          fail("an invalid \\u escape in a string");
        out = put_utf8(out, c);
      } else {
        fail("an invalid escape in a string");
      }
    }
    return out;
  }

  // After an element: true at the closing bracket.
  bool closes(char bracket) {
    auto c = peek();
    ++p;
    if (c == bracket)
      return true;
    if (c != ',')
      fail("expected a comma or a closing bracket");
    return false;
  }

  void enter(int depth) {
    if (depth >= depth_max)
      fail("the document is nested deeper than 512");
    ++p;
  }

  value array(int depth) {
    enter(depth);
    auto base = stack.size();
    if (peek() == ']') {
      ++p;
      return adopt_array(*to, nullptr, 0);
    }
    do
      stack.push_back(read(depth + 1));
    while (!closes(']'));
    auto out = make_array(*to, std::span(stack).subspan(base));
    stack.resize(base);
    return out;
  }

  value object(int depth) {
    enter(depth);
    auto base = stack.size();
    if (peek() == '}') {
      ++p;
      return object_builder(*to).finish();
    }
    auto before = static_cast<uint64_t>(depth) << 4;
    auto first_place = places.size();
    do {
      skip();
      if (unique_keys)
        places.push_back(p);
      auto k = key(before);
      before = k.raw_bits();
      stack.push_back(k);
      if (peek() != ':')
        fail("expected a colon after an object's key");
      ++p;
      stack.push_back(read(depth + 1));
    } while (!closes('}'));
    auto pairs = std::span(stack).subspan(base);
    auto out = shapes.object(*to, pairs);
    if (unique_keys && out.size() < pairs.size() / 2)
      fail_at_second(pairs, std::span(places).subspan(first_place));
    places.resize(first_place);
    stack.resize(base);
    return out;
  }

  // Of keys and values in turn, the first key that stood before already.
  [[noreturn]] void fail_at_second(std::span<const value> pairs,
                                   std::span<const char* const> at) {
    std::vector<size_t> order(at.size());
    std::iota(order.begin(), order.end(), 0u);
    auto key_of = [&](size_t i) -> const value& { return pairs[2 * i]; };
    std::stable_sort(order.begin(), order.end(), [&](size_t x, size_t y) {
      return compare(key_of(x), key_of(y)) < 0;
    });
    size_t second = at.size(), first = 0;
    for (size_t i = 1; i < order.size(); ++i)
      if (order[i] < second && equal(key_of(order[i - 1]), key_of(order[i]))) {
        first = order[i - 1];
        second = order[i];
      }
    p = at[second];
    fail("the key " + to_json(key_of(second))
         + " stands in the object already, at byte "
         + std::to_string(at[first] - begin));
  }

  value document() {
    auto v = read(0);
    skip();
    if (p != end)
      fail("text after the end of the document");
    return v;
  }

  result<value> parse(arena& arena_of_values, std::string_view text,
                      const json_options& options) {
    unique_keys = options.unique_keys;
    places.clear();
    to = &arena_of_values;
    begin = p = text.data();
    end = p + text.size();
    stack.clear();
    shapes.new_document();
    try {
      if (!simdjson::validate_utf8(text.data(), text.size()))
        fail("the document is no valid UTF-8");
      return document();
    } catch (const json_failure& f) {
      return error{"json_error",
                   "invalid JSON at byte " + std::to_string(p - begin) + ": "
                       + f.what,
                   "", 0, 0};
    }
  }
};

struct json_reader::impl {
  json_parser parser{true};
};

json_reader::json_reader() : impl_(std::make_unique<impl>()) {
}
json_reader::~json_reader() = default;
json_reader::json_reader(json_reader&&) noexcept = default;

result<value> json_reader::read(arena& to, std::string_view text,
                                const json_options& options) {
  return impl_->parser.parse(to, text, options);
}

result<value> parse_json(arena& to, std::string_view text,
                         const json_options& options) {
  // To make the tables takes as long as to read so much.
  constexpr size_t short_max = 2048;
  return json_parser(text.size() > short_max).parse(to, text, options);
}

} // namespace rego
