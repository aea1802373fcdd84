// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/line_diff.hpp"

#include <algorithm>
#include <vector>

namespace rego {

namespace {

using lines = std::vector<std::string_view>;

lines lines_of(std::string_view s) {
  lines out;
  while (!s.empty()) {
    auto end = std::min(s.find('\n'), s.size() - 1);
    out.push_back(s.substr(0, end + 1));
    s.remove_prefix(end + 1);
  }
  return out;
}

struct edit {
  char sign = ' '; // ' ' both, '-' before, '+' after
  std::string_view line;
};

// The longest common subsequence by dynamic programming; where the texts are
// too long for its table, all lines in between count as changed.
std::vector<edit> compare(const lines& a, const lines& b) {
  constexpr size_t cells_max = 50'000'000;
  size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head])
    ++head;
  while (tail < a.size() - head && tail < b.size() - head
         && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  auto n = a.size() - head - tail, m = b.size() - head - tail;
  std::vector<uint32_t> longest;
  auto at = [&](size_t i, size_t j) -> uint32_t& {
    return longest[i * (m + 1) + j];
  };
  bool table = n * m < cells_max;
  if (table) {
    longest.resize((n + 1) * (m + 1));
    for (auto i = n; i-- > 0;)
      for (auto j = m; j-- > 0;)
        at(i, j) = a[head + i] == b[head + j]
                       ? at(i + 1, j + 1) + 1
                       : std::max(at(i + 1, j), at(i, j + 1));
  }
  std::vector<edit> out;
  for (size_t i = 0; i < head; ++i)
    out.push_back({' ', a[i]});
  size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (table && i < n && j < m && a[head + i] == b[head + j]) {
      out.push_back({' ', a[head + i++]});
      ++j;
    } else if (i < n && (j == m || !table || at(i + 1, j) >= at(i, j + 1))) {
      out.push_back({'-', a[head + i++]});
    } else {
      out.push_back({'+', b[head + j++]});
    }
  }
  for (auto k = a.size() - tail; k < a.size(); ++k)
    out.push_back({' ', a[k]});
  return out;
}

std::string range_text(size_t first, size_t count) {
  return std::to_string(count ? first + 1 : first) + ","
         + std::to_string(count);
}

} // namespace

std::string line_diff(const std::string& name_before,
                      const std::string& name_after, std::string_view before,
                      std::string_view after) {
  constexpr size_t context = 3;
  auto edits = compare(lines_of(before), lines_of(after));
  std::string out;
  size_t a = 0, b = 0; // lines passed
  for (size_t i = 0; i < edits.size();) {
    auto ahead = std::min(i + context, edits.size() - 1);
    if (edits[ahead].sign == ' ' && edits[i].sign == ' ') {
      ++i, ++a, ++b;
      continue;
    }
    // A hunk ends where more than twice the context is unchanged.
    size_t end = i, quiet = 0;
    for (; end < edits.size() && quiet <= 2 * context; ++end)
      quiet = edits[end].sign == ' ' ? quiet + 1 : 0;
    end -= quiet > context ? quiet - context : 0;
    std::string hunk;
    auto from_a = a, from_b = b;
    for (; i < end; ++i) {
      a += edits[i].sign != '+';
      b += edits[i].sign != '-';
      hunk += edits[i].sign + std::string(edits[i].line);
      if (hunk.back() != '\n')
        hunk += "\n\\ No newline at end of file\n";
    }
    out += "@@ -" + range_text(from_a, a - from_a) + " +"
           + range_text(from_b, b - from_b) + " @@\n" + hunk;
  }
  return out.empty()
             ? out
             : "--- " + name_before + "\n+++ " + name_after + "\n" + out;
}

} // namespace rego
