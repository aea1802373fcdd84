// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/read_annotations.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <span>

#include "compiler/annotation_block.hpp"
#include "core/unicode.hpp"
#include "core/work.hpp"

namespace rego {

namespace {

using located_comment = std::pair<location, std::string>;

// The lines of a block; the first one is the one that says METADATA.
using block_lines = std::span<const located_comment>;

bool begins_block(const located_comment& c) {
  auto& text = c.second;
  auto from = text.find_first_not_of(" \t\v\f\r");
  return c.first.col == 1 && from != text.npos
         && std::string_view(text).substr(from).starts_with("METADATA");
}

std::vector<block_lines> blocks_of(const module& m) {
  std::vector<block_lines> out;
  auto& c = m.comments;
  for (size_t i = 0; i < c.size(); ++i) {
    if (!begins_block(c[i]))
      continue;
    auto end = i + 1;
    while (end < c.size() && c[end].first.col == 1
           && c[end].first.row == c[end - 1].first.row + 1
           && !begins_block(c[end]))
      ++end;
    out.emplace_back(&c[i], end - i);
    i = end - 1;
  }
  return out;
}

// A comment's text without the blank behind the sign.
std::string_view line_of(const located_comment& c) {
  std::string_view s(c.second);
  return s.substr(s.starts_with(' ') ? 1 : 0);
}

// A character as Go's %+q prints it.
std::string quoted_character(std::string_view s) {
  char32_t c = 0xFFFD;
  if (!s.empty() && !read_utf8(s.data(), s.data() + s.size(), c))
    c = 0xFFFD;
  if (c == '\'' || c == '\\')
    return std::string("'\\") + static_cast<char>(c) + "'";
  if (c >= ' ' && c < 0x7F)
    return std::string("'") + static_cast<char>(c) + "'";
  char digits[16];
  auto format = c < 0x80 ? "'\\x%02x'" : c > 0xFFFF ? "'\\U%08x'" : "'\\u%04x'";
  std::snprintf(digits, sizeof digits, format, static_cast<unsigned>(c));
  return digits;
}

// What stands behind the colons of a line where a blank should.
std::string behind_colons(std::string_view line) {
  std::string out;
  for (auto at = line.find(':'); at != line.npos; at = line.find(':', at + 1)) {
    auto behind = line.substr(at + 1);
    bool last = behind.empty();
    if (last || behind[0] == ' ' || behind[0] == '\t')
      break;
    // Between two colons there is no character to name.
    auto shown = quoted_character(behind[0] == ':' ? "" : behind);
    out += (out.empty() ? "" : " ") + shown;
  }
  return out;
}

// An error of YAML with guesses at its cause.
std::string with_hints(std::string what, block_lines lines) {
  for (auto& c : lines.subspan(1)) {
    auto symbols = behind_colons(c.second);
    if (!symbols.empty())
      what += "\n  Hint: on line " + std::to_string(c.first.row)
              + ", symbol(s) [" + symbols
              + "] immediately following a key/value separator ':' is not a "
                "legal yaml space character";
  }
  return what;
}

// The row that OPA shows for an error of YAML, of those below the first: the
// one behind the line that is named.
int row_of(const std::string& what, block_lines lines) {
  int line = 0;
  auto at = what.find("line ");
  if (what.starts_with("yaml: line ")
      || what.starts_with("yaml: unmarshal errors:\n  line "))
    std::from_chars(what.data() + at + 5, what.data() + what.size(), line);
  auto last = static_cast<int>(lines.size()) - 1;
  return lines[0].first.row + std::clamp(line + 1, 1, std::max(last, 1));
}

struct statement {
  int row;
  note_target target;
  size_t rule;
};

// In the order of the source.
std::vector<statement> statements_of(const module& m) {
  std::vector<statement> out{{m.package.at.row, note_target::package, 0}};
  for (auto& i : m.imports)
    out.push_back({i.at.row, note_target::import, 0});
  for (size_t i = 0; i < m.rules.size(); ++i)
    out.push_back({m.rules[i].at.row, note_target::rule, i});
  std::stable_sort(out.begin(), out.end(),
                   [](auto& a, auto& b) { return a.row < b.row; });
  return out;
}

void attach_note(annotation& a, const std::vector<statement>& statements) {
  auto next = std::upper_bound(statements.begin(), statements.end(), a.at.row,
                               [](int row, auto& s) { return row < s.row; });
  if (next != statements.end()) {
    a.target = next->target;
    a.rule = next->rule;
  }
  if (!a.scope.empty())
    return;
  if (a.target == note_target::rule)
    a.scope = a.entrypoint ? "document" : "rule";
  else if (a.target == note_target::package)
    a.scope = "package";
  else if (a.target == note_target::import)
    a.scope = "import"; // which is none, and refused as such
}

std::string wrong_target(const annotation& a) {
  bool of_rule = a.scope == "rule" || a.scope == "document";
  bool of_package = a.scope == "package" || a.scope == "subpackages";
  if (!of_rule && !of_package)
    return "invalid annotation scope '" + a.scope
           + "'. Use one of 'rule', 'document', 'package', or 'subpackages'";
  if (a.target == (of_rule ? note_target::rule : note_target::package))
    return {};
  std::string have = a.target == note_target::rule      ? " (have rule)"
                     : a.target == note_target::package ? " (have package)"
                     : a.target == note_target::import  ? " (have import)"
                                                        : "";
  return "annotation scope '" + a.scope + "' must be applied to "
         + (of_rule ? "rule" : "package") + have;
}

void check_note(const annotation& a, const std::string& file, errors& out) {
  auto fail = [&](std::string what) {
    out.push_back(
        {"rego_parse_error", std::move(what), file, a.at.row, a.at.col});
  };
  if (auto what = wrong_target(a); !what.empty())
    fail(what);
  if (a.entrypoint && a.scope != "document" && a.scope != "package")
    fail("annotation entrypoint applied to non-document or package scope '"
         + a.scope + "'");
}

} // namespace

std::vector<annotation> read_annotations(arena& memory, const module& m,
                                         errors& out) {
  constexpr uint64_t steps_of_a_node = 100; // of compiling: 1 us
  yaml_bounds bounds{200, 100'000 + 10 * m.source.size(),
                     [] { spend(steps_of_a_node); }};
  std::vector<annotation> all;
  auto before = out.size();
  for (auto& lines : blocks_of(m)) {
    annotation a;
    a.at = lines[0].first;
    a.text = "# METADATA";
    std::string yaml, what;
    for (auto& c : lines.subspan(1)) {
      yaml += std::string(line_of(c)) + "\n";
      a.text += "\n# " + std::string(line_of(c));
    }
    if (read_annotation(memory, yaml, bounds, a, what)) {
      all.push_back(std::move(a));
      continue;
    }
    bool of_yaml = what.starts_with("yaml: ");
    out.push_back({"rego_parse_error", of_yaml ? with_hints(what, lines) : what,
                   m.file, of_yaml ? row_of(what, lines) : a.at.row, 1});
  }
  if (all.empty() || out.size() > before)
    return all;
  auto statements = statements_of(m);
  for (auto& a : all) {
    attach_note(a, statements);
    check_note(a, m.file, out);
  }
  return all;
}

} // namespace rego
