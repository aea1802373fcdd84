// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules: grouping, bodies, else.

#include "format/writer.hpp"

namespace rego::formatting {

namespace {

bool is_true(const query& q) {
  if (q.literals.size() != 1)
    return false;
  auto& e = q.literals[0];
  return e.kind == expr_kind::term && !e.negated && e.withs.empty()
         && e.terms[0].is(term_kind::boolean) && e.terms[0].truth;
}

// A set in braces behind `if` would be read as the body.
bool is_set(const expr& e) {
  return e.kind == expr_kind::term && !e.negated
         && e.terms[0].is(term_kind::set);
}

std::vector<std::string> comments_in(std::string_view text) {
  std::vector<std::string> out;
  auto lexed = lex(text, "");
  if (lexed)
    for (auto& c : lexed->comments)
      out.push_back("#" + std::string(trim_right(c.text)));
  return out;
}

// Whether nothing stands before the `else` on its line.
bool begins_own_line(const rule& r) {
  auto row = r.otherwise->at.row - r.at.row;
  std::string_view text = r.text;
  for (int i = 0; i < row; ++i) {
    auto end = text.find('\n');
    if (end == text.npos)
      return true;
    text.remove_prefix(end + 1);
  }
  auto start = text.find_first_not_of(" \t\r\n\v\f");
  return row <= 0
         || (start != text.npos && text.substr(start).starts_with("else"));
}

} // namespace

bool writer::uses_if(const rule& r) const {
  return (style_.v1 || style_.ifs) && (style_.contains || !r.head.is_set);
}

// Rules on neighbouring lines stay together where each is one line.
bool writer::groupable(const rule& r) const {
  auto& body = r.body.literals;
  return body.size() == 1 && !r.is_default && !r.otherwise && !is_set(body[0])
         && uses_if(r);
}

void writer::write_rules(const rule* const* first, const rule* const* last) {
  for (auto r = first; r != last; ++r) {
    insert_notes((*r)->at.row);
    write_checked(**r);
    bool together = r + 1 != last && groupable(**r) && groupable(*r[1])
                    && r[1]->at.row == (*r)->at.row + 1;
    if (!together)
      blank_line();
  }
}

// As it was, where a comment would be lost.
void writer::write_checked(const rule& r) {
  auto size = out_.size();
  auto from = notes_.position();
  auto held = line_end_;
  write_rule(r, false);
  if (!careful_)
    return;
  auto written = comments_in(std::string_view(out_).substr(size));
  if (line_end_)
    written.push_back(line_end_->text);
  for (auto i = from; i < notes_.position(); ++i) {
    auto at = std::find(written.begin(), written.end(), notes_.all()[i].text);
    if (at != written.end()) {
      written.erase(at);
      continue;
    }
    out_.resize(size);
    notes_.move_to(from);
    line_end_ = held;
    delay_ = false;
    level_ = 0;
    begin_line();
    note_on_last_line_ = true;
    return put_original(places::of(r));
  }
}

void writer::write_rule(const rule& r, bool is_else) {
  if (!is_else)
    begin_line();
  if (r.is_default)
    put("default ");
  // `p := 1` has the body `true`, which is not to be written.
  bool constant = is_true(r.body) && !r.otherwise;
  note_on_last_line_ = constant;
  auto head = view_head(r, where_, is_else);
  bool plain = write_head(head, r, constant, is_else);
  if (constant)
    return end_line();
  note_on_last_line_ = true;
  bool with_if = uses_if(r);
  if (with_if) {
    put(" if");
    if (r.body.literals.size() == 1
        && r.body.literals[0].at.row == head.at.end_row()
        && !is_set(r.body.literals[0])) {
      put(" ");
      write_literal(r.body.literals[0]);
      end_line();
      return r.otherwise ? write_else(r) : void();
    }
  }
  put(" {");
  if (!plain && !notes_.empty() && line_end_ == nullptr
      && notes_.front().at.row <= head.at.end_row())
    put(" ");
  else
    end_line();
  if (with_if && !is_else)
    mark_leading_union(r.body.literals[0]);
  write_block(r, head, is_else);
  if (r.otherwise)
    write_else(r);
}

// A body and its closing brace, behind the opening one.
void writer::write_block(const rule& r, const head_view& h, bool is_else) {
  {
    indentation deeper(*this);
    write_body(r.body);
    brackets skip;
    if (!is_else && !h.args->empty())
      skip = {'(', ')'};
    else if (!is_else && h.key)
      skip = {'[', ']'};
    insert_notes(closing_row(places::of(r), {'{', '}'}, skip));
  }
  begin_line();
  put("}");
}

void writer::write_else(const rule& r) {
  auto& next = *r.otherwise;
  bool own_line = begins_own_line(r);
  auto row = next.head.at.row;
  bool note_above =
      line_end_ || (!notes_.empty() && notes_.front().at.row < row);
  if (!note_above && !own_line) {
    put(" ");
  } else {
    blank_line();
    begin_line();
  }
  insert_notes(row);
  if (note_above && own_line)
    begin_line();
  write_rule(next, true);
}

} // namespace rego::formatting
