// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines, indentation and the comments between them.

#include "format/writer.hpp"

namespace rego::formatting {

namespace {

std::vector<const rule*> rules_of(const module& m) {
  std::vector<const rule*> out;
  for (auto& r : m.rules)
    out.push_back(&r);
  return out;
}

} // namespace

writer::writer(const module& m, style s, bool careful)
    : module_(m), style_(std::move(s)), where_(m.source), notes_(m, m.source),
      careful_(careful) {
  for (auto at = m.source.find('\n'); at != m.source.npos;
       at = m.source.find('\n', at + 1))
    line_ends_.push_back(at);
}

// Imports may stand between rules: each run of either is written in its turn.
std::string writer::write(const std::vector<placed_import>& imports) {
  auto rules = rules_of(module_);
  write_package();
  size_t r = 0, i = 0;
  std::vector<placed_import> first;
  while (i < imports.size() && imports[i].row == 0)
    first.push_back(imports[i++]);
  write_imports(std::move(first));
  while (r < rules.size() || i < imports.size()) {
    std::vector<placed_import> run;
    auto before = [&](const placed_import& d) {
      return r == rules.size()
             || std::pair(d.row, d.col)
                    < std::pair(rules[r]->at.row, rules[r]->at.col);
    };
    while (i < imports.size() && before(imports[i]))
      run.push_back(imports[i++]);
    write_imports(std::move(run));
    auto from = r;
    while (r < rules.size() && (i == imports.size() || !before(imports[i])))
      ++r;
    write_rules(rules.data() + from, rules.data() + r);
  }
  while (!notes_.empty())
    put_line(notes_.take()->text);
  while (out_.size() > 1 && out_.ends_with("\n\n"))
    out_.pop_back();
  return std::move(out_);
}

void writer::begin_line() {
  inline_ = true;
  out_.append(static_cast<size_t>(level_), '\t');
}

void writer::end_line() {
  inline_ = false;
  if (line_end_ && !delay_) {
    put(" " + line_end_->text);
    line_end_ = nullptr;
  }
  delay_ = false;
  put("\n");
}

void writer::blank_line() {
  if (inline_)
    end_line();
  put("\n");
}

void writer::put_line(std::string_view s) {
  if (!inline_)
    begin_line();
  put(s);
  end_line();
}

// The comment behind an opening bracket goes to the end of the next line.
void writer::begin_sequence() {
  delay_ = true;
  end_line();
  ++level_;
  begin_line();
}

// The comments above a row, each on a line of its own; the last one.
const note* writer::put_notes(int before_row) {
  const note* last = nullptr;
  bool metadata = false;
  while (!notes_.empty() && notes_.front().at.row < before_row) {
    auto n = notes_.take();
    auto gap = last ? n->at.row - last->at.row : 0;
    if (gap > 1) {
      blank_line();
      metadata = false;
    } else if (gap == 1 && metadata && begins_metadata(*n)) {
      blank_line();
    }
    metadata |= begins_metadata(*n);
    put_line(n->text);
    last = n;
  }
  return last;
}

// The comments above a row, and the row's own for the end of the line; false
// where the line has one already.
bool writer::insert_notes(int row) {
  auto last = put_notes(row);
  if (last && row - last->at.row > 1)
    blank_line();
  while (!notes_.empty() && notes_.front().at.row == row) {
    if (line_end_)
      return false;
    line_end_ = notes_.take();
  }
  return true;
}

// What is written as it was takes its comments along.
void writer::put_original(const place& p) {
  if (!notes_.empty() && notes_.front().at.row < p.row) {
    put_notes(p.row);
    begin_line();
  }
  auto last = p.end_row();
  // It stands in the text.
  if (line_end_ && line_end_->at.row >= p.row && line_end_->at.row < last)
    line_end_ = nullptr;
  put(p.text);
  while (!notes_.empty() && notes_.front().at.row < last)
    notes_.take();
  if (!note_on_last_line_)
    return;
  while (!notes_.empty() && notes_.front().at.row == last)
    put(" " + std::string(notes_.take()->raw));
}

} // namespace rego::formatting
