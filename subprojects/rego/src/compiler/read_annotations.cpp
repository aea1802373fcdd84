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

// The lines of a block; the first one is the one that says METADATA.
using block_lines = std::span<const comment>;

bool begins_block(const comment& c) {
  auto text = c.text;
  auto from = text.find_first_not_of(" \t\v\f\r");
  return c.at.col == 1 && from != text.npos
         && text.substr(from).starts_with("METADATA");
}

std::vector<block_lines> blocks_of(std::span<const comment> c) {
  std::vector<block_lines> out;
  for (size_t i = 0; i < c.size(); ++i) {
    if (!begins_block(c[i]))
      continue;
    auto end = i + 1;
    while (end < c.size() && c[end].at.col == 1
           && c[end].at.row == c[end - 1].at.row + 1 && !begins_block(c[end]))
      ++end;
    out.emplace_back(&c[i], end - i);
    i = end - 1;
  }
  return out;
}

// A comment's text without the blank behind the sign.
std::string_view line_of(const comment& c) {
  return c.text.substr(c.text.starts_with(' ') ? 1 : 0);
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
    auto symbols = behind_colons(c.text);
    if (!symbols.empty())
      what += "\n  Hint: on line " + std::to_string(c.at.row) + ", symbol(s) ["
              + symbols
              + "] immediately following a key/value separator ':' is not a "
                "legal yaml space character";
  }
  return what;
}

// Where OPA shows an error of YAML, of the lines below the first: at the one
// behind the line that is named.
const location& place_of(const std::string& what, block_lines lines) {
  int line = 0;
  auto at = what.find("line ");
  if (what.starts_with("yaml: line ")
      || what.starts_with("yaml: unmarshal errors:\n  line "))
    std::from_chars(what.data() + at + 5, what.data() + what.size(), line);
  auto last = static_cast<int>(lines.size()) - 1;
  return lines[static_cast<size_t>(std::clamp(line + 1, 1, last))].at;
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

std::optional<location> block_reader::read(std::span<const comment> comments,
                                           errors& out) {
  constexpr uint64_t steps_of_a_node = 100; // of compiling: 1 us
  yaml_bounds bounds{200, 100'000 + 10 * size_, [] { spend(steps_of_a_node); }};
  for (auto& lines : blocks_of(comments)) {
    annotation a;
    a.at = lines[0].at;
    a.text = "# METADATA";
    std::string yaml, what;
    for (auto& c : lines.subspan(1)) {
      yaml += std::string(line_of(c)) + "\n";
      a.text += "\n# " + std::string(line_of(c));
    }
    if (read_annotation(memory_, yaml, bounds, a, what)) {
      all_.push_back(std::move(a));
      continue;
    }
    bool of_yaml = what.starts_with("yaml: ");
    auto& at = of_yaml ? place_of(what, lines) : lines[0].at;
    out.push_back({"rego_parse_error", of_yaml ? with_hints(what, lines) : what,
                   file_, at.row, at.col, bound::none,
                   shown_line{"", at.offset}});
  }
  if (all_.empty())
    return {};
  return all_[0].at;
}

comments_check block_reader::check() {
  return [this](auto comments, errors& out) { return read(comments, out); };
}

std::vector<annotation> block_reader::attach(const module& m, errors& out) {
  if (all_.empty())
    return {};
  auto statements = statements_of(m);
  for (auto& a : all_) {
    attach_note(a, statements);
    check_note(a, file_, out);
  }
  return std::move(all_);
}

} // namespace rego
