// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/output.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/time_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <ostream>

namespace acgs::shell {

namespace {

std::string json_text(std::string_view value) {
  std::string out;
  append_json_string(out, value);
  return out;
}

std::string with_unit(double value, const char* unit) {
  std::array<char, 48> buffer{};
  auto whole = value >= 100 || value == static_cast<std::uint64_t>(value);
  std::snprintf(buffer.data(), buffer.size(), whole ? "%.0f %s" : "%.1f %s",
                value, unit);
  return buffer.data();
}

/// "2 h 10 min": the two largest units.
std::string long_duration(std::uint64_t seconds) {
  struct unit {
    std::uint64_t seconds;
    const char* name;
  };
  constexpr std::array units{unit{86400, "d"}, unit{3600, "h"}, unit{60, "min"},
                             unit{1, "s"}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto count = seconds / units[i].seconds;
    if (count == 0)
      continue;
    auto out = std::to_string(count) + " " + units[i].name;
    auto rest = seconds % units[i].seconds;
    if (i + 1 < units.size() && rest / units[i + 1].seconds > 0)
      out += " " + std::to_string(rest / units[i + 1].seconds) + " "
             + units[i + 1].name;
    return out;
  }
  return "0 s";
}

/// A name for people: what is shown has its unit beside it.
std::string_view without_unit(std::string_view name) {
  for (std::string_view unit : {"_ns", "_bytes", "_seconds"})
    if (name.ends_with(unit))
      return name.substr(0, name.size() - unit.size());
  return name;
}

std::string heading(std::string_view name) {
  std::string out{without_unit(name)};
  for (auto& c : out)
    c = c == '_'
            ? ' '
            : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string in_words(const json::value& of, std::string_view name, bool inner);

/// "revision 4, free 64 GiB": the members with their names, sorted.
std::string members_in_words(const json::object& of) {
  std::string out;
  for (auto& [name, value] : of) {
    auto called = std::string{without_unit(name)};
    std::replace(called.begin(), called.end(), '_', ' ');
    out +=
        (out.empty() ? "" : ", ") + called + ' ' + in_words(value, name, true);
  }
  return out;
}

/// A document as people read it; the name says what a number counts.
std::string in_words(const json::value& of, std::string_view name, bool inner) {
  if (auto* flag = of.if_bool())
    return boolean(*flag).shown;
  if (auto* word = of.if_string())
    return *word;
  auto whole = of.as_int();
  if (whole && *whole >= 0 && name.ends_with("_bytes"))
    return size(static_cast<std::uint64_t>(*whole)).shown;
  if (whole && name.ends_with("_seconds"))
    return std::to_string(*whole) + " s";
  if (auto real = of.as_double(); real && !whole) {
    std::array<char, 32> rounded{};
    std::snprintf(rounded.data(), rounded.size(), "%.6g", *real);
    return rounded.data();
  }
  auto* members = of.if_object();
  auto* items = of.if_array();
  if (of.is_null() || (members && members->empty())
      || (items && items->empty()))
    return "-";
  std::string out;
  if (members)
    out = members_in_words(*members);
  else if (items)
    for (auto& each : *items)
      out += (out.empty() ? "" : "; ") + in_words(each, name, true);
  else
    return json::to_text(of);
  return inner ? "(" + out + ")" : out;
}

/// Columns that a text takes: one a code point.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      }));
}

void pad(std::string& line, std::string_view text, std::size_t to) {
  line += text;
  line.append(to > width(text) ? to - width(text) : 0, ' ');
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// The columns in which anything stands, each as wide as it must be.
void show_table(std::ostream& to, const std::vector<row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (auto& each : rows)
    for (std::size_t i = 0; i < each.size(); ++i)
      widths[i] = std::max(widths[i], width(each[i].second.shown));
  auto show_line = [&](auto text_at) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > 0)
        pad(line, text_at(i),
            std::max(widths[i], width(heading(rows.front()[i].first))) + 2);
    to << without_trailing_blanks(line) << '\n';
  };
  show_line([&](std::size_t i) { return heading(rows.front()[i].first); });
  for (auto& each : rows)
    show_line([&](std::size_t i) { return each[i].second.shown; });
}

} // namespace

cell text(std::string_view value) {
  return {json_text(value), harmless(value)};
}

cell number(std::uint64_t value) {
  return {std::to_string(value), std::to_string(value)};
}

cell number(std::int64_t value) {
  return {std::to_string(value), std::to_string(value)};
}

cell boolean(bool value) {
  return {value ? "true" : "false", value ? "yes" : "no"};
}

cell time(std::int64_t nanos) {
  if (nanos == 0)
    return {"null", "-"};
  auto out = to_rfc3339(from_nanos(nanos));
  return {json_text(out), out};
}

cell duration(std::int64_t nanos) {
  auto value = static_cast<double>(nanos);
  std::string shown;
  if (nanos < 1'000)
    shown = std::to_string(nanos) + " ns";
  else if (nanos < 1'000'000)
    shown = with_unit(value / 1e3, "us");
  else if (nanos < 1'000'000'000)
    shown = with_unit(value / 1e6, "ms");
  else
    shown = long_duration(static_cast<std::uint64_t>(nanos / 1'000'000'000));
  return {std::to_string(nanos), shown};
}

cell size(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return {std::to_string(bytes), with_unit(value, units[unit])};
}

cell hex(byte_view value) {
  return text(to_hex(value));
}

cell json(std::string_view value) {
  if (value.empty())
    return {"null", "-"};
  auto parsed = json::parse(value);
  return {std::string{value},
          harmless(parsed ? in_words(*parsed, {}, false) : value)};
}

cell share(std::uint64_t part, std::uint64_t whole) {
  auto value =
      whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  std::array<char, 32> exact{};
  std::snprintf(exact.data(), exact.size(), "%.4f", value);
  return {exact.data(), with_unit(value * 100, "%")};
}

cell rate(std::uint64_t count, std::int64_t nanos) {
  auto value =
      nanos > 0 ? static_cast<double>(count) * 1e9 / static_cast<double>(nanos)
                : 0.0;
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), "%.1f", value);
  return {digits.data(), digits.data()};
}

cell array(const std::vector<row>& rows) {
  std::string out = "[";
  for (const auto& each : rows)
    out += (out.size() > 1 ? "," : "") + to_json(each);
  return {out + "]", ""};
}

std::string to_json(const row& of) {
  std::string out = "{";
  for (auto& [name, value] : of) {
    if (out.size() > 1)
      out += ',';
    out += json_text(name) + ':' + value.json;
  }
  return out + "}";
}

std::string quoted_list(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& each : list)
    out += (out.empty() ? "'" : ", '") + each + "'";
  return out;
}

std::string harmless(std::string_view text) {
  std::string out;
  append_json_string(out, text); // makes it UTF-8, escapes control characters
  auto inner = std::string_view{out}.substr(1, out.size() - 2);
  std::string shown;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    auto escaped = inner[i] == '\\' && i + 1 < inner.size();
    if (escaped && (inner[i + 1] == '"' || inner[i + 1] == '\\'))
      ++i; // these two are no harm
    auto c1 = i + 1 < inner.size() && inner[i] == '\xC2'
              && static_cast<unsigned char>(inner[i + 1]) < 0xA0;
    if (c1) { // control characters beyond ASCII
      shown += '?';
      ++i;
    } else {
      shown += inner[i];
    }
  }
  return shown;
}

std::string harmless_lines(std::string_view text) {
  std::string out;
  for (;;) {
    auto end = text.find_first_of("\n\t");
    out += harmless(text.substr(0, end));
    if (end == std::string_view::npos)
      return out;
    out += text[end] == '\n' ? "\n  " : "\t";
    text.remove_prefix(end + 1);
  }
}

void output::list(const std::vector<row>& rows) {
  if (json_) {
    for (auto& each : rows)
      out_ << to_json(each) << '\n';
  } else if (rows.empty()) {
    out_ << "(none)\n";
  } else {
    show_table(out_, rows);
  }
  note_loss();
}

void output::record(const row& of) {
  if (json_) {
    out_ << to_json(of) << '\n';
    return note_loss();
  }
  std::size_t widest = 0;
  for (auto& [name, value] : of)
    widest = std::max(widest, width(without_unit(name)));
  for (auto& [name, value] : of) {
    std::string line;
    pad(line, without_unit(name), widest + 2);
    out_ << line << (value.shown.empty() ? "-" : value.shown) << '\n';
  }
  note_loss();
}

void output::note(std::string_view line) {
  if (!json_)
    out_ << line << '\n';
  note_loss();
}

void output::progress(std::string_view line) {
  if (!json_)
    err_ << harmless(line) << std::endl;
}

void output::document(std::string_view content) {
  out_ << content;
  if (!content.ends_with('\n'))
    out_ << '\n';
  note_loss();
}

bool output::flush() {
  out_.flush();
  note_loss();
  return !out_.fail();
}

void output::note_loss() {
  if (out_.fail() && lost_ == 0)
    lost_ = errno != 0 ? errno : EIO;
}

void output::error(const caf::error& what) {
  if (json_) {
    err_ << to_json({{"code", text(to_string_view(code_of(what)))},
                     {"message", text(sentence_of(what))},
                     {"field", text(field_of(what))}})
         << '\n';
    return;
  }
  err_ << "error: " << harmless_lines(sentence_of(what));
  if (!field_of(what).empty())
    err_ << " [" << harmless(field_of(what)) << "]";
  err_ << '\n';
}

} // namespace acgs::shell
