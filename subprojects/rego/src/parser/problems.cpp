// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a text, in OPA's words and with the line that it is about.

#include "parser/parser.hpp"

namespace rego {

namespace {

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// A line can be all of a text of megabytes, with its caret as far away.
constexpr size_t shown_bytes_max = 200;
constexpr std::string_view ellipsis = "..."; // as wide as it is long

bool is_within_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Of a line that is too long to be read what stands around the place.
shown_line window_of(std::string_view line, size_t index) {
  if (line.size() <= shown_bytes_max)
    return {std::string(line), index};
  constexpr auto half = shown_bytes_max / 2;
  auto begin = index > half ? index - half : 0;
  auto end = std::min(index + half, line.size());
  while (begin > 0 && is_within_character(line[begin]))
    --begin;
  while (end < line.size() && is_within_character(line[end]))
    ++end;
  shown_line out{begin > 0 ? std::string(ellipsis) : "", index - begin};
  out.index += out.text.size();
  out.text += line.substr(begin, end - begin);
  if (end < line.size())
    out.text += ellipsis;
  return out;
}

} // namespace

shown_line line_at(std::string_view text, size_t offset) {
  if (text.empty())
    return {};
  offset = std::min(offset, text.size() - 1);
  while (offset > 0 && is_ascii_space(text[offset]))
    --offset;
  auto begin = text.find_last_of("\r\n", offset);
  begin = begin == text.npos ? 0 : begin + 1;
  auto end = std::min(text.find_first_of("\r\n", offset), text.size());
  if (begin > end)
    begin = end;
  return window_of(text.substr(begin, end - begin),
                   offset > begin ? offset - begin : 0);
}

namespace {

// Operators as OPA's messages name them; brackets and the like are themselves.
constexpr std::pair<std::string_view, std::string_view> operator_names[] = {
    {"+", "plus"},   {"-", "minus"},   {"*", "mul"},  {"/", "div"},
    {"%", "rem"},    {"&", "and"},     {"|", "or"},   {"=", "eq"},
    {"==", "equal"}, {":=", "assign"}, {"!=", "neq"}, {">", "gt"},
    {"<", "lt"},     {">=", "gte"},    {"<=", "lte"}};

} // namespace

std::string symbol_name(std::string_view symbol) {
  for (auto& [text, name] : operator_names)
    if (text == symbol)
      return std::string(name);
  return std::string(symbol);
}

error parser::problem_at(const location& at, std::string message) const {
  if (!hint_.empty())
    message += " (hint: " + hint_ + ")";
  return {"rego_parse_error",
          std::move(message),
          std::string(file_),
          at.row,
          at.col,
          bound::none,
          shown_line{"", at.offset}};
}

void parser::fail(std::string message) const {
  fail_at(now().at, message);
}

void parser::fail_at(const location& at, std::string message) const {
  throw syntax_error{{problem_at(at, std::move(message))}};
}

void parser::object_to(const location& at, std::string message) {
  no_rules_.push_back({"rego_parse_error", std::move(message),
                       std::string(file_), at.row, at.col});
}

void parser::unexpected(const std::string& expected) const {
  auto list = misplaced(expected);
  auto first = illegal_here();
  list.insert(list.begin(), first.begin(), first.end());
  throw syntax_error{std::move(list)};
}

errors parser::illegal_here() const {
  errors list;
  if (now().type == tok::illegal)
    for (auto& p : problems_)
      list.push_back(problem_at(now().at, p));
  return list;
}

void parser::refuse(const location& at, std::string message) {
  refused_.push_back(problem_at(at, std::move(message)));
}

errors parser::misplaced(const std::string& expected) const {
  std::string what;
  auto because = expected.empty() ? "" : ": " + expected;
  if (space_ && last_end() == space_->offset)
    return {problem_at(*space_, "unexpected whitespace token" + because)};
  if (now().type == tok::illegal)
    return {problem_at(now().at, "illegal token")};
  switch (now().type) {
  case tok::end:
    what = end_is_brace_ ? "}" : "eof";
    break;
  case tok::identifier:
    what = is_keyword(now().text) ? std::string(now().text) + " keyword"
                                  : "identifier";
    break;
  case tok::number:
    what = "number";
    break;
  case tok::symbol:
    what = symbol_name(now().text);
    break;
  case tok::template_string:
    what = now().text.find('{') == now().text.npos ? "template-string-end"
                                                   : "template-string-part";
    break;
  default:
    what = "string";
  }
  what = "unexpected " + what + (what.ends_with(" keyword") ? "" : " token");
  return {problem_at(now().at, what + because)};
}

// What Rego v1 refuses of a rule that can be read.
void parser::check_versions(const rule& r) {
  auto refuse = [&](std::string message) {
    not_v1_.push_back({"rego_parse_error", std::move(message),
                       std::string(file_), r.at.row, r.at.col});
  };
  auto& h = r.head;
  std::string kind = h.is_function ? "function" : "rule";
  if (r.is_default)
    return;
  bool bare = r.no_body && !h.has_value && !h.is_set && !h.is_function;
  bool keyed = h.ref.kind == term_kind::ref && h.ref.args.size() == 2
               && !h.is_function && !h.has_value && !r.uses_if && !h.is_set;
  if (bare && !keyed)
    refuse(kind + " must have value assignment and/or body declaration");
  if (!r.no_body && !r.uses_if)
    refuse("`if` keyword is required before " + kind + " body");
  if (keyed)
    refuse("`contains` keyword is required for partial set rules");
}

} // namespace rego
