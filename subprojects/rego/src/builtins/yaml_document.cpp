// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <unordered_map>

#include "builtins/utf8.hpp"

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

// Builds the graph from the parser's events.
class yaml_builder : public YAML::EventHandler {
public:
  explicit yaml_builder(yaml_document& to) : to_(to) {}

  // Where the document begins, and its last scalar with its properties.
  YAML::Mark begin, last;

  void OnDocumentStart(const YAML::Mark& at) override { begin = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override {
    // A key in a block without its colon: the parser takes it for one that has
    // nothing behind it.
    if (!open_.empty() && open_.back().in_block && open_.back().key == at.pos)
      throw YAML::ParserException(at, no_colon);
    add(at, yaml_kind::null, {}, anchor);
  }
  void OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) override {
    place(anchored_.at(anchor), at);
  }
  void OnScalar(const YAML::Mark& at, const std::string& tag,
                YAML::anchor_t anchor, const std::string& text) override {
    add(at, yaml_kind::scalar, tag, anchor).text = mend_escapes(text);
    last = at;
  }
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({&add(at, yaml_kind::sequence, tag, anchor)});
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

private:
  struct collection {
    yaml_node* node;
    bool in_block = false; // a map, not in braces
    int key = -1;          // where the key begins whose value is awaited
  };

  yaml_node& add(const YAML::Mark& at, yaml_kind kind, const std::string& tag,
                 YAML::anchor_t anchor) {
    auto& n = to_.nodes.emplace_back(yaml_node{kind, tag, {}, {}, at.line + 1});
    if (anchor)
      anchored_[anchor] = &n;
    place(&n, at);
    return n;
  }
  void place(const yaml_node* n, const YAML::Mark& at) {
    if (open_.empty()) {
      to_.root = n;
      return;
    }
    auto& in = open_.back();
    in.node->parts.push_back(n);
    in.key = in.key < 0 ? at.pos : -1;
  }

  yaml_document& to_;
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
  auto from = std::min(static_cast<size_t>(at.pos), text.size());
  auto name = text.substr(from);
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

bool begins_with_marker(std::string_view text, const YAML::Mark& at) {
  auto from = static_cast<size_t>(at.pos);
  return from < text.size() && text.substr(from).starts_with("---");
}

// What is wrong with a line of a directive; null for nothing.
const char* directive_mistake(std::string_view line) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "0123456789_-";
  auto name = line.substr(1, line.find_first_not_of(letters, 1) - 1);
  auto behind = line.substr(1 + name.size());
  if (name.empty())
    return "could not find expected directive name";
  if (!behind.empty() && behind[0] != ' ' && behind[0] != '\t'
      && behind[0] != '\r')
    return "found unexpected non-alphabetical character";
  return name == "YAML" || name == "TAG" ? nullptr
                                         : "found unknown directive name";
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
  error = wrong_directive(text);
  if (!error.empty())
    return false;
  try {
    YAML::Parser parser(in);
    yaml_builder first(to);
    if (!parser.HandleNextDocument(first))
      return true;
    auto last = std::min(static_cast<size_t>(first.last.pos), text.size());
    if (!quotes_close(text.substr(last))) {
      error = unclosed(text, first.last);
      return false;
    }
    yaml_document behind;
    yaml_builder second(behind);
    if (!parser.HandleNextDocument(second)
        || begins_with_marker(text, second.begin))
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
