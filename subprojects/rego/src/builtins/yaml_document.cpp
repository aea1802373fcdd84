// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <unordered_map>

#include "builtins/utf8.hpp"
#include "core/outside_memory.hpp"
#include "core/walk_watch.hpp"

namespace rego {

namespace {

// The parser writes the escapes for U+0085 and U+00A0 as single bytes, which no
// other text holds.
std::string mend_escapes(const std::string& s) {
  if (is_valid_utf8(s))
    return s;
  std::string out;
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    if (r.valid)
      out.append(s, i, r.size);
    else
      append_rune(out, static_cast<unsigned char>(s[i]));
    i += r.size;
  }
  return out;
}

constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "abcdefghijklmnopqrstuvwxyz"
                                             "0123456789_-";

std::string_view rest_at(std::string_view text, const YAML::Mark& at) {
  return text.substr(std::min(static_cast<size_t>(at.pos), text.size()));
}

// Builds the graph from the parser's events.
class yaml_builder : public YAML::EventHandler {
public:
  yaml_builder(yaml_document& to, std::string_view text, size_t& parsed)
      : to_(to), text_(text), parsed_(parsed) {}

  // Where the document begins, and its last scalar with its properties.
  YAML::Mark begin = YAML::Mark::null_mark(), last;

  void OnDocumentStart(const YAML::Mark& at) override { begin = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override {
    // A key in a block without its colon: the parser takes it for one that has
    // nothing behind it.
    if (!open_.empty() && open_.back().in_block && open_.back().key == at.pos)
      throw YAML::ParserException(at, no_colon);
    // [1, , 2]: the parser takes what is missing for null.
    if (!open_.empty() && open_.back().in_brackets
        && rest_at(text_, at).starts_with(','))
      throw YAML::ParserException(at, YAML::ErrorMsg::FLOW_END);
    add(at, yaml_kind::null, {}, anchor);
  }
  // The parser takes other signs for part of a name as well.
  void OnAnchor(const YAML::Mark& at, const std::string& name) override {
    if (name.find_first_not_of(name_characters) != name.npos)
      throw YAML::ParserException(at, no_name);
  }
  void OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) override {
    place(anchored_.at(anchor), at);
  }
  void OnScalar(const YAML::Mark& at, const std::string& tag,
                YAML::anchor_t anchor, const std::string& text) override {
    take_memory(text.size());
    add(at, yaml_kind::scalar, tag, anchor).text = mend_escapes(text);
    last = at;
  }
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open_.push_back({&add(at, yaml_kind::sequence, tag, anchor), false,
                     style == YAML::EmitterStyle::Flow});
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& at, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open_.push_back({&add(at, yaml_kind::map, tag, anchor),
                     style == YAML::EmitterStyle::Block});
  }
  void OnMapEnd() override { open_.pop_back(); }

  static constexpr const char* no_colon = "could not find expected ':'";
  static constexpr const char* no_name =
      "did not find expected alphabetic or numeric character";

private:
  struct collection {
    yaml_node* node;
    bool in_block = false;    // a map, not in braces
    bool in_brackets = false; // a sequence
    int key = -1;             // where the key begins whose value is awaited
  };

  yaml_node& add(const YAML::Mark& at, yaml_kind kind, const std::string& tag,
                 YAML::anchor_t anchor) {
    take_memory(sizeof(yaml_node) + tag.size());
    auto& n = to_.nodes.emplace_back(yaml_node{kind, tag, {}, {}, at.line + 1});
    if (anchor) {
      constexpr size_t named = 192; // here and by the parser
      take_memory(named);
      anchored_[anchor] = &n;
    }
    place(&n, at);
    return n;
  }
  void place(const yaml_node* n, const YAML::Mark& at) {
    watch_walk(1);
    take_memory(2 * sizeof(n)); // the list grows ahead
    parsed_ = std::max(parsed_, static_cast<size_t>(at.pos));
    if (open_.empty()) {
      to_.root = n;
      return;
    }
    auto& in = open_.back();
    in.node->parts.push_back(n);
    in.key = in.key < 0 ? at.pos : -1;
  }

  yaml_document& to_;
  std::string_view text_;
  size_t& parsed_;
  std::vector<collection> open_;
  std::unordered_map<YAML::anchor_t, const yaml_node*> anchored_;
};

struct wording {
  const char* ours;
  const char* go;
  bool of_scanner; // which names no first line
};

const wording wordings[] = {
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "did not find expected ',' or ']'",
     false},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "did not find expected ',' or '}'",
     false},
    {YAML::ErrorMsg::END_OF_SEQ, "did not find expected '-' indicator", false},
    {YAML::ErrorMsg::END_OF_MAP, "did not find expected key", false},
    {YAML::ErrorMsg::FLOW_END, "did not find expected node content", false},
    {YAML::ErrorMsg::MAP_VALUE,
     "mapping values are not allowed in this context", true},
    {YAML::ErrorMsg::MAP_KEY, "mapping keys are not allowed in this context",
     true},
    {YAML::ErrorMsg::BLOCK_ENTRY,
     "block sequence entries are not allowed in this context", true},
    {YAML::ErrorMsg::UNKNOWN_TOKEN,
     "found character that cannot start any token", true},
    {YAML::ErrorMsg::TAB_IN_INDENTATION,
     "found a tab character that violates indentation", true},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "found unexpected end of stream", true},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "found unexpected document indicator",
     true},
};

// Of "*name" at the mark.
std::string unknown_anchor(std::string_view text, const YAML::Mark& at) {
  auto name = rest_at(text, at);
  if (name.starts_with('*'))
    name.remove_prefix(1);
  name = name.substr(0, name.find_first_of(" \t\r\n,]}"));
  return "yaml: unknown anchor '" + std::string(name) + "' referenced";
}

std::string go_message(const YAML::Exception& e, std::string_view text) {
  auto in_line = "yaml: line " + std::to_string(e.mark.line + 1) + ": ";
  if (e.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR)
    return unknown_anchor(text, e.mark);
  bool escape = e.msg.starts_with(YAML::ErrorMsg::INVALID_ESCAPE);
  wording known{nullptr, "found unknown escape character", true};
  for (auto& w : wordings)
    if (e.msg == w.ours)
      known = w;
  if (!known.ours && !escape)
    return in_line + e.msg;
  bool placed = !known.of_scanner || e.mark.line > 0;
  return (placed ? in_line : "yaml: ") + known.go;
}

// Whether the quotes that a scalar begins with close: the parser takes the end
// of the text for their end where a line ends before it.
bool quotes_close(std::string_view s) {
  while (s.starts_with('!') || s.starts_with('&')) {
    s.remove_prefix(std::min(s.find_first_of(" \t\r\n"), s.size()));
    s.remove_prefix(std::min(s.find_first_not_of(" \t\r\n"), s.size()));
  }
  if (!s.starts_with('"') && !s.starts_with('\''))
    return true;
  for (size_t i = 1; i < s.size(); ++i) {
    bool escape = s[0] == '"' ? s[i] == '\\' : s.substr(i, 2) == "''";
    if (s[i] == s[0] && !escape)
      return true;
    i += escape;
  }
  return false;
}

std::string unclosed(std::string_view text, const YAML::Mark& at) {
  auto ends = std::count(text.begin(), text.end(), '\n');
  auto line = at.line > 0 ? at.line : ends;
  return (line ? "yaml: line " + std::to_string(line + 1) + ": " : "yaml: ")
         + "found unexpected end of stream";
}

// Whether a document that a "---" or, behind the one before, a "..." announces
// begins there.
bool begins_document(std::string_view text, const YAML::Mark& at) {
  if (at.is_null())
    return false;
  auto rest = rest_at(text, at);
  if (rest.starts_with("---"))
    return true;
  auto before = text.substr(0, text.size() - rest.size());
  for (auto end = before.rfind('\n'); end != before.npos;) {
    before = before.substr(0, end);
    end = before.rfind('\n');
    auto line = before.substr(end == before.npos ? 0 : end + 1);
    auto begin = line.find_first_not_of(" \t\r");
    if (begin != line.npos && line[begin] != '#')
      return line.starts_with("...");
  }
  return false;
}

// Whether nothing but further documents, which nobody asked for and which may
// be wrong, stands behind the first one.
bool ends_there(YAML::Parser& parser, std::string_view text,
                yaml_builder& behind) {
  try {
    return !parser.HandleNextDocument(behind)
           || begins_document(text, behind.begin);
  } catch (const YAML::Exception&) {
    if (begins_document(text, behind.begin))
      return true;
    throw;
  }
}

// Whether the text has characters that YAML has not.
bool has_control_characters(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    auto c = r.code;
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r')
        || (c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xFFFE || c == 0xFFFF)
      return true;
    i += r.size;
  }
  return false;
}

// What is wrong with a line of a directive; null for nothing.
const char* directive_mistake(std::string_view line) {
  auto name = line.substr(1, line.find_first_not_of(name_characters, 1) - 1);
  auto behind = line.substr(1 + name.size());
  if (name.empty())
    return "could not find expected directive name";
  if (!behind.empty() && behind[0] != ' ' && behind[0] != '\t'
      && behind[0] != '\r')
    return "found unexpected non-alphabetical character";
  if (name == "YAML") {
    behind.remove_prefix(
        std::min(behind.find_first_not_of(" \t"), behind.size()));
    auto version = behind.substr(0, behind.find_first_of(" \t\r"));
    return version == "1.1" ? nullptr : "found incompatible YAML document";
  }
  return name == "TAG" ? nullptr : "found unknown directive name";
}

// The directives ahead of the document: the parser leaves out those that it
// does not know. Empty where nothing is wrong.
std::string wrong_directive(std::string_view text) {
  for (size_t number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    auto begin = line.find_first_not_of(" \r");
    if (line.starts_with('%')) {
      if (auto* what = directive_mistake(line))
        return (number > 1 ? "yaml: line " + std::to_string(number) + ": "
                           : "yaml: ")
               + what;
    } else if (begin != line.npos && line[begin] != '#') {
      break;
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

} // namespace

bool read_yaml(std::istream& in, std::string_view text, yaml_document& to,
               std::string& error) {
  error = has_control_characters(text)
              ? "yaml: control characters are not allowed"
              : wrong_directive(text);
  if (!error.empty())
    return false;
  try {
    YAML::Parser parser(in);
    yaml_builder first(to, text, to.parsed);
    if (!parser.HandleNextDocument(first))
      return true;
    if (!quotes_close(rest_at(text, first.last))) {
      error = unclosed(text, first.last);
      return false;
    }
    yaml_document behind;
    yaml_builder second(behind, text, to.parsed);
    if (ends_there(parser, text, second))
      return true;
    // The parser takes a token that nothing begins with for an empty document,
    // and stays where it is.
    bool stayed = second.begin.pos == first.begin.pos;
    error = "yaml: line " + std::to_string(second.begin.line + 1)
            + ": did not find expected "
            + (stayed ? "node content" : "<document start>");
    return false;
  } catch (const YAML::Exception& e) {
    error = go_message(e, text);
    return false;
  }
}

} // namespace rego
