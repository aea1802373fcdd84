// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_text.hpp"

#include <algorithm>
#include <istream>
#include <streambuf>

#include "builtins/yaml_values.hpp"
#include "core/outside_memory.hpp"

namespace rego {

namespace {

// The parser keeps the tokens of what may be a key until it knows: of a list in
// brackets all of them. What those of a text may take.
size_t token_bytes(std::string_view text) {
  constexpr size_t token = 96, each_sign = 3; // with a key
  constexpr std::string_view signs = "[]{},:-?&*!'\"|>";
  auto is_sign = [&](char c) { return signs.find(c) != signs.npos; };
  auto count = std::count_if(text.begin(), text.end(), is_sign);
  return text.size() + static_cast<size_t>(count) * each_sign * token;
}

// A text that tells of each part that is read. The parser asks for more as it
// goes, so that an evaluation can end within a document, for its memory as
// well: tokens are there for the text between the last node and what was read.
class watched_text : public std::streambuf {
public:
  watched_text(const yaml_reading& how, std::string_view text,
               const size_t& parsed)
      : how_(how), text_(text), parsed_(parsed),
        begin_(const_cast<char*>(text.data())), // only read
        end_(begin_ + text.size()) {
    setg(begin_, begin_, begin_);
    hold(text.substr(0, part)); // which the stream would keep to itself
  }
  ~watched_text() override { give_memory(held_); }
  watched_text(const watched_text&) = delete;
  watched_text& operator=(const watched_text&) = delete;

protected:
  int_type underflow() override {
    // What was read before has been parsed by now, a microsecond a byte.
    if (egptr() != begin_)
      how_.part(part);
    if (egptr() == end_)
      return traits_type::eof();
    auto size = std::min<std::ptrdiff_t>(part, end_ - egptr());
    if (egptr() != begin_)
      hold({egptr(), static_cast<size_t>(size)});
    setg(begin_, egptr(), egptr() + size);
    return traits_type::to_int_type(*gptr());
  }

private:
  void hold(std::string_view next) {
    auto read = std::max(static_cast<size_t>(egptr() - begin_), given_);
    auto parsed = std::clamp(parsed_, given_, read);
    auto gone = token_bytes(text_.substr(given_, parsed - given_));
    given_ = parsed;
    give_memory(gone);
    held_ -= gone;
    auto more = token_bytes(next);
    take_memory(more);
    held_ += more;
  }

  // More than the parser asks for at its making, where it would not clean up
  // after an exception.
  static constexpr int part = 4096;
  const yaml_reading& how_;
  std::string_view text_;
  const size_t& parsed_;
  size_t given_ = 0; // bytes of the text whose tokens are gone
  size_t held_ = 0;  // by the others
  char* begin_;
  char* end_;
};

// U+0085 ends a line, of which the parser knows nothing.
constexpr std::string_view next_line_sign = "\xC2\x85";

std::string ending_lines(std::string_view text) {
  std::string out;
  for (;;) {
    auto at = std::min(text.find(next_line_sign), text.size());
    out += text.substr(0, at);
    if (at == text.size())
      return out;
    out += '\n';
    text.remove_prefix(at + next_line_sign.size());
  }
}

} // namespace

bool value_of_yaml(arena& memory, std::string_view text,
                   const yaml_reading& how, value& to, std::string& error) {
  std::string with_lines;
  if (text.find(next_line_sign) != text.npos)
    text = with_lines = ending_lines(text);
  yaml_document document;
  {
    watched_text source(how, text, document.parsed);
    std::istream in(&source);
    if (!read_yaml(in, text, document, error))
      return false;
  }
  to = value::null();
  if (!document.root)
    return true;
  // An alias stands for all of another node: as many as Go's reader lets
  // aliases of a short text make, and of a long one what the text itself may.
  yaml_bounds bounds{500, 400'000 + 10 * text.size(), how.node};
  yaml_reader r(memory, yaml_rules::json, bounds);
  r.unique_keys = how.unique_keys;
  bool ok = r.read(*document.root, to);
  error = r.error;
  return ok;
}

} // namespace rego
