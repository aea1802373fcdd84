// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a text, in OPA's words and with the line that it is about.

#include "core/outside_memory.hpp"
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
  // With its line and in the text that tells of all.
  take_memory(
      4 * (sizeof(error) + message.size() + file_.size() + shown_bytes_max));
  return {"rego_parse_error",
          std::move(message),
          std::string(file_),
          at.row,
          at.col,
          bound::none,
          shown_line{"", at.offset}};
}

void parser::tell(const location& at, std::string message) {
  tell_illegal();
  for (auto& h : hints_)
    message += (&h > hints_.data()  ? ", "
                : hints_.size() > 1 ? " (hints: "
                                    : " (hint: ")
               + h;
  if (!hints_.empty())
    message += ')';
  hints_.clear();
  wrong_.push_back(problem_at(at, std::move(message)));
}

void parser::tell_illegal() {
  bool reached = !space_ || pos_ != space_pos_;
  if (now().type != tok::illegal || !reached || illegal_told_)
    return;
  illegal_told_ = wrong_.size() + problems_.size();
  for (auto& p : problems_)
    tell(now().at, p);
}

void parser::fail(std::string message) {
  fail_at(now().at, std::move(message));
}

void parser::fail_at(const location& at, std::string message) {
  tell(at, std::move(message));
  throw syntax_error();
}

void parser::unexpected(const std::string& expected) {
  tell_misplaced(expected);
  throw syntax_error();
}

void parser::give_up(std::string message) const {
  throw out_of_bounds{problem_at(now().at, std::move(message))};
}

void parser::object_to(const location& at, std::string message) {
  no_rules_.push_back({"rego_parse_error", std::move(message),
                       std::string(file_), at.row, at.col});
}

void parser::back_to(const spot& s) {
  pos_ = s.pos;
  wrong_.resize(s.wrong);
  wildcards_ = s.wildcards;
  hints_ = s.hints;
  if (illegal_told_ > s.wrong)
    illegal_told_ = 0;
}

void parser::tell_misplaced(const std::string& expected) {
  std::string what;
  auto because = expected.empty() ? "" : ": " + expected;
  if (space_ && pos_ == space_pos_)
    return tell(*space_, "unexpected whitespace token" + because);
  if (now().type == tok::illegal)
    return tell(now().at, "illegal token");
  switch (now().type) {
  case tok::end:
    what = "eof";
    break;
  case tok::identifier:
    what = is_keyword(now().text) && pos_ != name_pos_
               ? std::string(now().text) + " keyword"
               : "identifier";
    break;
  case tok::number:
    what = "number";
    break;
  case tok::symbol:
    what = symbol_name(now().text);
    break;
  case tok::template_part:
    what = "template-string-part";
    break;
  case tok::template_end:
    what = "template-string-end";
    break;
  default:
    what = "string";
  }
  what = "unexpected " + what + (what.ends_with(" keyword") ? "" : " token");
  tell(now().at, what + because);
}

// What stands directly behind a dot is white space: `foo. bar`, or a comment
// before the end of its line.
void parser::meet_space(location at) {
  step(at, '.');
  if (text_[at.offset] == '#')
    while (at.offset < text_.size() && text_[at.offset] != '\n')
      step(at, text_[at.offset]);
  if (at.offset >= text_.size())
    return;
  if (text_[at.offset] == '\n') // counted to the next line
    at = {at.row + 1, 0, at.offset};
  space_ = at;
  space_pos_ = pos_;
  unexpected("expected identifier");
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
  auto& name = keyed ? h.ref.args[0].text : h.ref.text;
  if (is_keyword_of_v1(name))
    refuse(name + " keyword cannot be used for rule name");
  if (bare && !keyed)
    refuse(kind + " must have value assignment and/or body declaration");
  if (!r.no_body && !r.uses_if)
    refuse("`if` keyword is required before " + kind + " body");
  if (keyed)
    refuse("`contains` keyword is required for partial set rules");
}

} // namespace rego
