// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_text.hpp"

#include <algorithm>
#include <istream>
#include <streambuf>

#include "builtins/yaml_values.hpp"

namespace rego {

namespace {

// A text that tells of each part that is read. The parser asks for more as it
// goes, so that an evaluation can end within a document.
class watched_text : public std::streambuf {
public:
  watched_text(const yaml_reading& how, std::string_view text)
      : how_(how), begin_(const_cast<char*>(text.data())), // only read
        end_(begin_ + text.size()) {
    setg(begin_, begin_, begin_);
  }

protected:
  int_type underflow() override {
    // What was read before has been parsed by now, a microsecond a byte.
    if (egptr() != begin_)
      how_.part(part);
    if (egptr() == end_)
      return traits_type::eof();
    setg(begin_, egptr(),
         egptr() + std::min<std::ptrdiff_t>(part, end_ - egptr()));
    return traits_type::to_int_type(*gptr());
  }

private:
  // More than the parser asks for at its making, where it would not clean up
  // after an exception.
  static constexpr int part = 4096;
  const yaml_reading& how_;
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
  watched_text source(how, text);
  std::istream in(&source);
  yaml_document document;
  if (!read_yaml(in, text, document, error))
    return false;
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
