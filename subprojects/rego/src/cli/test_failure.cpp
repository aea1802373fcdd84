// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/test_failure.hpp"

#include <algorithm>
#include <set>

#include "cli/text.hpp"

namespace rego::cli {

namespace {

constexpr size_t shown_in_failure = 64;

// Of each line of a source the tabs; all else is blank. Columns are counted in
// characters.
class line_marks {
public:
  explicit line_marks(const std::string& source) {
    lines_.emplace_back();
    for (char c : source)
      if (c == '\n')
        lines_.emplace_back();
      else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
        lines_.back() += c == '\t' ? '\t' : ' ';
  }

  // What stands between two columns, both counted from 1, the second one out.
  std::string between(int row, int from, int to) const {
    if (to <= from)
      return "";
    auto n = static_cast<size_t>(to - from);
    auto at = static_cast<size_t>(from - 1);
    auto& marks = line(row);
    auto out = at < marks.size() ? marks.substr(at, n) : std::string();
    out.resize(n, ' ');
    return out;
  }

  bool tab_before(const shown_local& l) const {
    return between(l.row, 1, l.col).find('\t') != std::string::npos;
  }

private:
  const std::string& line(int row) const {
    static const std::string none;
    auto at = static_cast<size_t>(row - 1);
    return row > 0 && at < lines_.size() ? lines_[at] : none;
  }

  std::vector<std::string> lines_;
};

line_marks marks_of(const std::vector<module_source>& sources,
                    const std::string& file) {
  for (auto& s : sources)
    if (s.name == file)
      return line_marks(s.text);
  return line_marks("");
}

// Of what was not come by, the first one is why the rest was not tried.
std::vector<shown_local> values_in(const kept_event& e) {
  bool named = false;
  std::vector<shown_local> out;
  std::set<std::string> names;
  for (auto& l : e.locals) {
    if (l.text.empty() && (!l.tried || std::exchange(named, true)))
      continue;
    if (names.insert(l.written).second)
      out.push_back(l);
  }
  return out;
}

std::string shown_value(const shown_local& l) {
  return l.text.empty() ? "undefined" : shortened(l.rego, shown_in_failure);
}

// Lines below the literal, from each value to the place it stands for; the last
// one is written out, then the one before, and so on. What shares its column
// with another one has its name.
class arrows {
public:
  arrows(std::vector<shown_local> list, const line_marks& marks)
      : list_(std::move(list)), marks_(marks) {
    std::stable_sort(list_.begin(), list_.end(), [](auto& a, auto& b) {
      return a.col != b.col   ? a.col < b.col
             : a.row != b.row ? a.row > b.row
                              : a.written < b.written;
    });
  }

  std::string text() const {
    if (list_.empty())
      return "";
    auto out = line(list_.size(), false);
    for (auto n = list_.size(); n > 0; --n)
      out += line(n, true);
    return out;
  }

private:
  bool same_column(size_t a, size_t b) const {
    return b < list_.size() && list_[a].col == list_[b].col;
  }

  std::string line(size_t n, bool written_out) const {
    std::string out;
    int next = 1;
    for (size_t i = 0; i < n; ++i) {
      bool last = i + 1 == n;
      if (!last && same_column(i, i + 1))
        continue;
      auto& l = list_[i];
      out += marks_.between(l.row, next, l.col);
      next = l.col + 1;
      if (!last || !written_out) {
        out += '|';
        continue;
      }
      if ((i > 0 && same_column(i - 1, i)) || same_column(i, i + 1))
        out += l.written + ": ";
      out += shown_value(l);
    }
    return out + "\n";
  }

  std::vector<shown_local> list_;
  const line_marks& marks_;
};

// Arrows cannot point into several lines some of which have tabs.
std::string by_name(std::vector<shown_local> list) {
  std::stable_sort(list.begin(), list.end(),
                   [](auto& a, auto& b) { return a.written < b.written; });
  std::string out = "\nWhere:\n\n";
  for (auto& l : list)
    out += l.written + ": " + shown_value(l) + "\n";
  return out;
}

std::string values_text(const std::vector<shown_local>& list,
                        const line_marks& marks) {
  bool tabs = false;
  std::set<int> rows;
  for (auto& l : list) {
    tabs |= marks.tab_before(l);
    rows.insert(l.row);
  }
  return tabs && rows.size() > 1 ? by_name(list) : arrows(list, marks).text();
}

} // namespace

std::string failure_text(const kept_trace& t,
                         const std::vector<module_source>& sources,
                         size_t indent) {
  auto last = std::find_if(t.rbegin(), t.rend(), [](auto& e) {
    return e.op == trace_op::fail && e.query_id != 0 && !e.node->every;
  });
  if (last == t.rend())
    return "";
  auto& n = *last->node;
  auto marks = marks_of(sources, n.file);
  auto head = n.file + ":" + std::to_string(n.row) + ":\n";
  auto body = marks.between(n.row, 1, n.col) + n.text + "\n"
              + values_text(values_in(*last), marks);
  return indented(head, indent) + indented(body, indent + 2);
}

} // namespace rego::cli
