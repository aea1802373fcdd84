// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <unordered_map>

namespace rego {

namespace {

// Builds the graph from the parser's events.
class yaml_builder : public YAML::EventHandler {
public:
  explicit yaml_builder(yaml_document& to) : to_(to) {}

  // Where the document begins.
  YAML::Mark begin;

  void OnDocumentStart(const YAML::Mark& at) override { begin = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override {
    add(yaml_kind::null, {}, anchor);
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    place(anchored_.at(anchor));
  }
  void OnScalar(const YAML::Mark&, const std::string& tag,
                YAML::anchor_t anchor, const std::string& text) override {
    add(yaml_kind::scalar, tag, anchor).text = text;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back(&add(yaml_kind::sequence, tag, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark&, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open_.push_back(&add(yaml_kind::map, tag, anchor));
  }
  void OnMapEnd() override { open_.pop_back(); }

private:
  yaml_node& add(yaml_kind kind, const std::string& tag,
                 YAML::anchor_t anchor) {
    auto& n = to_.nodes.emplace_back(yaml_node{kind, tag, {}, {}});
    if (anchor)
      anchored_[anchor] = &n;
    place(&n);
    return n;
  }
  void place(const yaml_node* n) {
    if (open_.empty())
      to_.root = n;
    else
      open_.back()->parts.push_back(n);
  }

  yaml_document& to_;
  std::vector<yaml_node*> open_;
  std::unordered_map<YAML::anchor_t, const yaml_node*> anchored_;
};

std::string go_message(const YAML::Exception& e) {
  auto where = "yaml: line " + std::to_string(e.mark.line + 1) + ": ";
  if (e.msg == "end of sequence flow not found")
    return where + "did not find expected ',' or ']'";
  if (e.msg == "end of map flow not found")
    return where + "did not find expected ',' or '}'";
  return where + e.msg;
}

bool begins_with_marker(std::string_view text, const YAML::Mark& at) {
  auto from = static_cast<size_t>(at.pos);
  return from < text.size() && text.substr(from).starts_with("---");
}

} // namespace

bool read_yaml(std::istream& in, std::string_view text, yaml_document& to,
               std::string& error) {
  try {
    YAML::Parser parser(in);
    yaml_builder first(to);
    if (!parser.HandleNextDocument(first))
      return true;
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
    error = go_message(e);
    return false;
  }
}

} // namespace rego
