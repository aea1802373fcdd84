// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <utility>

namespace acgs::config {

namespace {

struct problem {
  int line;
  std::string sentence;
};

/// Reads a text in place.
class view_buffer : public std::streambuf {
public:
  explicit view_buffer(std::string_view text) {
    auto begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

/// Level 0 is outside, 1 among sections, 2 among keys, 3 inside a value.
class reader final : public YAML::EventHandler {
public:
  std::vector<yaml_entry> entries;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (level_ == 0)
      return;                               // an empty file
    if (level_ == 1 && !section_.empty()) { // a section without keys
      entries.push_back({std::exchange(section_, {}), {}, line_});
      return;
    }
    if (!key_.empty() && level_ == 2)
      throw problem{line_, where() + " has no value; expected one"};
    fail(mark, where() + " holds an empty item; expected a value");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(mark, "aliases (*name) are not taken");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& text) override {
    check(mark, tag, anchor);
    switch (level_) {
    case 0:
      fail(mark,
           "expected sections such as 'node:', found '" + cut(text) + "'");
    case 1:
      return take_section(mark, text);
    case 2:
      return take_key_or_value(mark, text);
    default:
      return take_item(mark, text);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    if (level_ != 2 || key_.empty())
      fail(mark, where() + " cannot hold a list here; expected " + expected());
    open(mark, std::vector<std::string>{});
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    if (level_ == 0 || (level_ == 1 && !section_.empty())) {
      ++level_;
      return;
    }
    if (level_ != 2 || key_.empty())
      fail(mark, where() + " cannot hold a map here; expected " + expected());
    open(mark, std::map<std::string, std::string>{});
  }

  void OnMapEnd() override {
    if (level_ == 3)
      return close();
    --level_;
    auto holds_keys =
        !entries.empty() && entries.back().name.starts_with(section_ + ".");
    if (!section_.empty() && !holds_keys)
      entries.push_back({section_, {}, line_});
    section_.clear();
  }

private:
  [[noreturn]] static void fail(const YAML::Mark& mark, std::string sentence) {
    throw problem{mark.line + 1, std::move(sentence)};
  }

  static std::string cut(const std::string& text) { return text.substr(0, 64); }

  std::string where() const {
    if (section_.empty())
      return "the file";
    return "'" + section_ + (key_.empty() ? "" : "." + key_) + "'";
  }

  std::string expected() const {
    return section_.empty() ? "sections such as 'node:'"
           : key_.empty()   ? "lines such as 'name: value'"
                            : "a value, or a list or map of values";
  }

  /// Notes where a name stands, which must be its first time.
  void take_name(const YAML::Mark& mark, const std::string& name,
                 const std::string& text) {
    line_ = mark.line + 1;
    if (text.empty())
      fail(mark, where() + " holds an empty name");
    auto [first, fresh] = names_.emplace(name, line_);
    if (!fresh)
      fail(mark, "'" + name + "' stands twice, first in line "
                     + std::to_string(first->second) + "; expected it once");
  }

  static void check(const YAML::Mark& mark, const std::string& tag,
                    YAML::anchor_t anchor) {
    if (anchor != 0)
      fail(mark, "anchors (&name) are not taken");
    if (!tag.empty() && tag != "?" && tag != "!")
      fail(mark, "the tag '" + cut(tag) + "' is not taken");
  }

  void take_section(const YAML::Mark& mark, const std::string& text) {
    if (!section_.empty()) { // whether there is one of that name, others know
      entries.push_back({std::exchange(section_, {}), text, line_, true});
      return;
    }
    take_name(mark, cut(text), text);
    section_ = cut(text);
  }

  void take_key_or_value(const YAML::Mark& mark, const std::string& text) {
    if (!key_.empty()) {
      entries.push_back({section_ + "." + key_, text, mark.line + 1});
      key_.clear();
      return;
    }
    take_name(mark, section_ + "." + cut(text), text);
    key_ = cut(text);
  }

  void take_item(const YAML::Mark& mark, const std::string& text) {
    auto& value = entries.back().value;
    if (auto list = std::get_if<std::vector<std::string>>(&value)) {
      list->push_back(text);
      return;
    }
    if (!item_) {
      item_ = text;
      return;
    }
    auto& map = std::get<std::map<std::string, std::string>>(value);
    if (!map.emplace(*item_, text).second)
      fail(mark, where() + " holds '" + cut(*item_) + "' twice");
    item_.reset();
  }

  void open(const YAML::Mark& mark, raw_value empty) {
    entries.push_back({section_ + "." + key_, std::move(empty), mark.line + 1});
    level_ = 3;
  }

  void close() {
    level_ = 2;
    key_.clear();
  }

  int level_ = 0;
  std::string section_;
  std::string key_;
  std::optional<std::string> item_;
  std::map<std::string, int> names_; ///< with the line where each stands
  int line_ = 0;                     ///< of the last of them
};

caf::error refuse(const std::string& source, int line,
                  const std::string& sentence) {
  return make_error(ec::invalid_argument,
                    source + ":" + std::to_string(line) + ": " + sentence);
}

/// The first line that holds what no text has, or is indented by a tab, which
/// YAML forbids and its parser does not name.
std::optional<problem> find_bad_byte(std::string_view text) {
  int line = 1;
  bool indenting = true;
  for (unsigned char c : text) {
    if (c == '\t' && indenting)
      return problem{line, "a tab in the indentation; expected blanks"};
    if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return problem{line, "a control character; expected a text, YAML"};
    indenting = c == '\n' || (indenting && c == ' ');
    line += c == '\n';
  }
  return std::nullopt;
}

} // namespace

result<std::vector<yaml_entry>> read_yaml(std::string_view text,
                                          const std::string& source) {
  if (text.size() > yaml_bytes_max)
    return make_error(ec::too_large, source + ": too large; expected at most "
                                         + std::to_string(yaml_bytes_max)
                                         + " bytes");
  if (auto bad = find_bad_byte(text))
    return refuse(source, bad->line, bad->sentence);
  view_buffer buffer{text};
  std::istream in{&buffer};
  try {
    reader events;
    YAML::Parser parser{in};
    parser.HandleNextDocument(events);
    reader ignored;
    if (parser.HandleNextDocument(ignored))
      return make_error(ec::invalid_argument,
                        source + ": more than one YAML document; expected one");
    return std::move(events.entries);
  } catch (const problem& found) {
    return refuse(source, found.line, found.sentence);
  } catch (const YAML::Exception& error) {
    return refuse(source, error.mark.line + 1,
                  "not YAML: " + error.msg
                      + "; expected sections with lines such as 'name: value', "
                        "indented alike");
  }
}

} // namespace acgs::config
