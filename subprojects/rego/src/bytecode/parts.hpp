// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts that the binary form is made of, for writing and for reading: both
// classes have the same functions, so that describe.hpp says each struct once.
// Numbers are little-endian; a text or list has its size before it, 32 bits.
// Used by one thread, for one file.

#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// Thrown by form_reader: what is wrong, and where.
struct form_refused {
  size_t at;
  std::string why;
};

/// Of a value in the form: the byte before it.
enum class value_tag : uint8_t {
  undefined, // as a constant alone
  null,
  falsehood,
  truth,
  integer, // 64 bits
  number,  // any other, as its text
  string,
  array,
  object, // keys and values in turn
  set
};

/// Numbers of built-ins in a file, by their order in its list of names.
class builtin_numbers {
public:
  int32_t of(int32_t engine) {
    auto [at, fresh] =
        places_.try_emplace(engine, static_cast<int32_t>(names.size()));
    if (fresh)
      add(engine);
    return at->second;
  }
  std::vector<std::string> names;

private:
  void add(int32_t engine);
  std::unordered_map<int32_t, int32_t> places_;
};

class form_writer {
public:
  explicit form_writer(builtin_numbers& b) : builtins_(b) {}

  template <class T>
  void number(T n) {
    static_assert(std::is_integral_v<T>);
    auto bits = static_cast<std::make_unsigned_t<T>>(n);
    for (size_t k = 0; k < sizeof(T); ++k)
      out.push_back(static_cast<char>(static_cast<uint64_t>(bits) >> (8 * k)));
  }
  void flag(bool b) { number(static_cast<uint8_t>(b)); }
  template <class T>
  void one_of(T v, T) {
    number(static_cast<uint8_t>(v));
  }
  void text(std::string_view s);
  void value(const rego::value& v);
  void builtin(int32_t n) { number(builtins_.of(n)); }
  void size(size_t n);
  template <class List, class Each>
  void list(const List& l, size_t, Each each) {
    size(l.size());
    for (auto& x : l)
      each(x);
  }

  std::string out;

private:
  builtin_numbers& builtins_;
};

class form_reader {
public:
  explicit form_reader(std::string_view bytes) : bytes_(bytes) {}

  /// Where values go from now on.
  void into(arena& a) { memory_ = &a; }

  template <class T>
  void number(T& n) {
    auto* p = take(sizeof(T), "a number");
    uint64_t bits = 0;
    for (size_t k = 0; k < sizeof(T); ++k)
      bits |= static_cast<uint64_t>(static_cast<unsigned char>(p[k]))
              << (8 * k);
    n = static_cast<T>(bits);
  }
  void flag(bool& b) {
    uint8_t n = 0;
    below(n, 1, "a flag");
    b = n != 0;
  }
  template <class T>
  void one_of(T& v, T last) {
    uint8_t n = 0;
    below(n, static_cast<uint8_t>(last), "a kind");
    v = static_cast<T>(n);
  }
  void text(std::string& s) { s = text("a text"); }
  void value(rego::value& v) { v = read_value(0); }
  void builtin(int32_t& n);
  /// `least`: the bytes that an element takes at least.
  template <class List, class Each>
  void list(List& l, size_t least, Each each) {
    l.resize(size(least));
    for (auto& x : l)
      each(x);
  }
  size_t size(size_t least);
  std::string_view text(const char* what);

  size_t at() const { return at_; }
  size_t left() const { return bytes_.size() - at_; }
  [[noreturn]] void refuse(std::string why) const;
  [[noreturn]] static void refuse(size_t at, std::string why);

  /// The engine's numbers of the file's built-ins.
  std::vector<int32_t> builtins;

private:
  const char* take(size_t n, const char* what);
  void below(uint8_t& n, uint8_t last, const char* what);
  rego::value read_value(size_t depth);
  rego::value read_collection(value_tag t, size_t depth);
  rego::value read_part(size_t depth);

  std::string_view bytes_;
  size_t at_ = 0;
  arena* memory_ = nullptr;
};

} // namespace rego
