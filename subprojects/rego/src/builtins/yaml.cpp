// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// yaml.unmarshal and yaml.is_valid. Aliases are followed, so a document may
// grow far beyond its text: the arena's limit bounds it.

#include <algorithm>
#include <istream>
#include <streambuf>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/yaml_values.hpp"

namespace rego {

namespace {

// A text that counts the work of each part that is read. The parser asks for
// more as it goes, so that an evaluation can end within a document.
class watched_text : public std::streambuf {
public:
  watched_text(call_context& c, std::string_view text)
      : context_(c), begin_(const_cast<char*>(text.data())), // only read
        end_(begin_ + text.size()) {
    setg(begin_, begin_, begin_);
  }

protected:
  int_type underflow() override {
    // What was read before has been parsed by now, a microsecond a byte.
    if (egptr() != begin_) {
      context_.tick(part);
      context_.check_bounds();
    }
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
  call_context& context_;
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

// The first document.
bool parse_yaml(call_context& c, std::string_view text, value& to,
                std::string& error) {
  std::string with_lines;
  if (text.find(next_line_sign) != text.npos)
    text = with_lines = ending_lines(text);
  watched_text source(c, text);
  std::istream in(&source);
  yaml_document document;
  if (!read_yaml(in, text, document, error))
    return false;
  to = value::null();
  if (!document.root)
    return true;
  // An alias stands for all of another node: as many as Go's reader lets
  // aliases of a short text make, and of a long one what the text itself may.
  yaml_bounds bounds{500, 400'000 + 10 * text.size(), [&] { c.tick(1); }};
  yaml_reader r(c.memory(), yaml_rules::json, bounds);
  bool ok = r.read(*document.root, to);
  error = r.error;
  return ok;
}

value unmarshal_yaml(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  value v;
  std::string error;
  return parse_yaml(c, a[0].as_string(), v, error) ? v : c.fail(error);
}

value is_yaml(call_context& c, args a) {
  value v;
  std::string error;
  return truth(a[0].is_string() && parse_yaml(c, a[0].as_string(), v, error));
}

} // namespace

void register_yaml(builtin_table& t) {
  t.add("yaml.is_valid", is_yaml);
  t.add("yaml.unmarshal", unmarshal_yaml);
}

} // namespace rego
