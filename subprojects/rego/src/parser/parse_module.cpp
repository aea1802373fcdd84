// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Packages, imports and the parser's token helpers.

#include "parser/parser.hpp"

#include <algorithm>
#include <utility>

#include "core/outside_memory.hpp"
#include "parser/parse.hpp"

namespace rego {

parser::parser(std::string_view file, std::string_view text,
               const lexed& tokens, const parse_options& options)
    : file_(file), text_(text), tokens_(tokens.tokens),
      comments_(tokens.comments), problems_(tokens.problems), v1_(options.v1),
      asked_v1_(v1_), as_v1_too_(options.v0_v1), allowed_(options.allowed),
      check_comments_(options.check_comments),
      kw_in_refs_(has("keywords_in_refs")), kw_in_(v1_), kw_every_(v1_),
      kw_if_(v1_), kw_contains_(v1_) {
  // Of a token comes a term at most, in a list that grows ahead.
  take_memory(2 * sizeof(term) * tokens_.size());
}

bool parser::take(std::string_view symbol) {
  if (!at(symbol))
    return false;
  ++pos_;
  return true;
}

bool parser::take_word(std::string_view w) {
  if (!at_word(w))
    return false;
  ++pos_;
  return true;
}

void parser::expect(std::string_view symbol) {
  if (!take(symbol))
    unexpected("expected " + std::string(symbol));
}

namespace {

bool is_keyword_of_v0(std::string_view w) {
  for (std::string_view k : {"package", "import", "as", "default", "else",
                             "not", "with", "null", "true", "false", "some"})
    if (w == k)
      return true;
  return false;
}

} // namespace

bool is_keyword_of_v1(std::string_view w) {
  return is_keyword_of_v0(w) || w == "in" || w == "every" || w == "if"
         || w == "contains";
}

// Of the language version that was asked for, whatever is imported.
bool parser::is_reserved(std::string_view w) const {
  return asked_v1_ || as_v1_too_ ? is_keyword_of_v1(w) : is_keyword_of_v0(w);
}

bool parser::is_keyword(std::string_view w) const {
  return is_keyword_of_v0(w) || (w == "in" && kw_in_)
         || (w == "every" && kw_every_) || (w == "if" && kw_if_)
         || (w == "contains" && kw_contains_) || (w == "and" && kw_and_)
         || (w == "or" && kw_or_);
}

uint32_t parser::last_end() const {
  auto& last = tokens_[pos_ ? pos_ - 1 : 0];
  return last.at.offset + static_cast<uint32_t>(last.text.size());
}

std::string parser::source(const location& from) const {
  auto end = last_end();
  if (end <= from.offset)
    return {};
  take_memory(end - from.offset);
  return std::string(text_.substr(from.offset, end - from.offset));
}

module parser::parse_module() {
  module m;
  m.file = file_;
  m.source = text_;
  m.v1 = v1_;
  reads([&] { parse_statements(m); });
  check_comments();
  if (!wrong_.empty()) // which is all that is told then
    throw syntax_error();
  if (m.package.args.empty() && no_rules_.empty())
    fail_at({0, 0, 0}, "empty module");
  if (v1_ || as_v1_too_)
    for (auto& r : m.rules)
      for (auto* c = &r; c; c = c->otherwise.get())
        check_versions(*c);
  no_rules_.insert(no_rules_.end(), not_v1_.begin(), not_v1_.end());
  if (!no_rules_.empty()) {
    wrong_ = std::move(no_rules_);
    throw syntax_error();
  }
  m.v1 = v1_;
  m.not_bodies = kw_not_;
  for (auto& c : comments_) {
    m.comments.emplace_back(c.at, c.text);
    m.comment_own_line.push_back(c.own_line);
  }
  return m;
}

void parser::parse_statements(module& m) {
  if (starts_with_word("package"))
    parse_package(m);
  else if (!at_end())
    parse_instead_of_package(m);
  while (!at_end())
    parse_next(m);
}

// Those before the place where the parser stopped.
void parser::check_comments() {
  if (!check_comments_)
    return;
  auto end =
      std::partition_point(comments_.begin(), comments_.end(), [&](auto& c) {
        return c.at.offset < now().at.offset;
      });
  auto block = check_comments_({comments_.begin(), end}, wrong_);
  bool alone = tokens_.size() == 1; // a block is a statement then
  if (block && alone)
    object_to(*block, "package expected");
}

void parser::parse_next(module& m) {
  chain_ = 0;
  unread_.from = SIZE_MAX;
  if (starts_with_word("import"))
    parse_import(m);
  else if (starts_with_word("package"))
    parse_second_package();
  else if (!wrong_.empty() && (at_word("import") || at_word("package")))
    throw syntax_error(); // a name, but OPA looks for no rule then
  else
    parse_rule(m);
}

// Whatever it is, that it is no package is all that is told of it.
void parser::parse_instead_of_package(module& m) {
  auto at = now().at;
  parse_next(m);
  if (!m.rules.empty()) // others of its bodies are looked at
    m.rules.erase(m.rules.begin());
  no_rules_.clear();
  object_to(at, "package expected");
}

void parser::parse_second_package() {
  module other;
  object_to(now().at, "unexpected package");
  parse_package(other);
}

void parser::parse_package(module& m) {
  auto at = now().at;
  ++pos_;
  if (now().type != tok::identifier)
    unexpected("");
  m.package.kind = term_kind::ref;
  m.package.at = at;
  term root;
  root.kind = term_kind::var;
  root.text = "data";
  root.at = at;
  m.package.args.push_back(root);
  term first;
  first.kind = term_kind::var;
  first.at = now().at;
  first.text = now().text;
  ++pos_;
  first.where = since(first.at.offset);
  term path = parse_postfix(first);
  if (path.kind == term_kind::var)
    path.kind = term_kind::string;
  if (path.kind == term_kind::ref) {
    if (auto& head = path.args[0]; head.kind != term_kind::var)
      fail_at(head.at, "unexpected " + std::string(kind_name(head.kind))
                           + " token: expecting var");
    path.args[0].kind = term_kind::string;
    for (auto& p : path.args) {
      if (p.kind != term_kind::string)
        fail_at(p.at, "unexpected " + std::string(kind_name(p.kind))
                          + " token: expecting string");
      m.package.args.push_back(p);
    }
  } else if (path.kind == term_kind::string) {
    m.package.args.push_back(path);
  } else {
    unexpected("");
  }
}

import_decl parser::parse_import_path() {
  import_decl d;
  d.at = now().at;
  take_word("import");
  if (now().type != tok::identifier)
    unexpected("");
  term head;
  head.kind = term_kind::var;
  head.at = now().at;
  head.text = now().text;
  ++pos_;
  head.where = since(head.at.offset);
  auto in_refs = std::exchange(kw_in_refs_, true); // future.keywords.not
  bool known = reads([&] { d.path = parse_postfix(head); });
  kw_in_refs_ = in_refs;
  if (!known)
    fail_at(space_ && pos_ == space_pos_ ? *space_ : now().at, "expected path");
  if (d.path.kind != term_kind::ref && d.path.kind != term_kind::var)
    fail("expected path");
  auto root = d.path.kind == term_kind::ref ? d.path.args[0].text : d.path.text;
  if (d.path.kind == term_kind::ref)
    for (size_t i = 1; i < d.path.args.size(); ++i)
      if (auto& p = d.path.args[i]; p.kind != term_kind::string)
        fail_at(p.at, "unexpected " + std::string(kind_name(p.kind))
                          + " token: expecting string");
  if (root != "data" && root != "input" && root != "future" && root != "rego")
    fail_at(d.path.at, "unexpected import path, must begin with one of: "
                       "{data, future, input, rego}, got: "
                           + root
                           + " (hint: if this is unexpected, try updating "
                             "OPA)");
  if (take_word("as")) {
    if (now().type != tok::identifier || is_keyword(now().text))
      unexpected("expected var");
    auto alias =
        or_expected("expected var", [&] { return parse_operand_plain(); });
    if (alias.kind != term_kind::var || is_root(alias))
      unexpected("expected var");
    d.alias = alias.text;
    return d;
  }
  auto& last = d.path.kind == term_kind::ref ? d.path.args.back() : d.path;
  if (root != "future" && is_reserved(last.text))
    tell(last.at, "unexpected import path, must not end with a keyword, got: "
                      + last.text
                      + " (hint: import a different path or use an alias)");
  return d;
}

void parser::parse_import(module& m) {
  auto d = parse_import_path();
  enable_imports(d, m);
  m.imports.push_back(std::move(d));
}

void parser::enable_imports(const import_decl& d, module& m) {
  static const std::vector<term> nothing;
  bool ref = d.path.is(term_kind::ref);
  auto& parts = ref ? d.path.args : nothing;
  auto& root = ref ? parts[0].text : d.path.text;
  if (root == "rego") {
    if (!has("rego_v1_import") && !has("rego_v1"))
      return tell(d.path.at, "invalid import, `rego.v1` is not supported by "
                             "current capabilities");
    if (parts.size() != 2 || parts[1].text != "v1")
      return tell(d.path.at, "invalid import `" + ref_text(d.path)
                                 + "`, must be `rego.v1`");
    if (!d.alias.empty() && !asked_v1_)
      return tell(d.path.at, "`rego` imports cannot be aliased");
    v1_ = m.v1 = kw_in_ = kw_every_ = kw_if_ = kw_contains_ = true;
  } else if (root == "future") {
    if (parts.size() < 2 || parts[1].text != "keywords")
      return tell(d.path.at, "invalid import, must be `future.keywords`");
    if (!d.alias.empty())
      return tell(d.path.at, "`future` imports cannot be aliased");
    // Whatever stands behind a keyword is passed over, and the keyword as well.
    if (!enable_keywords(parts.size() == 3 ? parts[2].text : ""))
      tell(d.path.at,
           "unexpected keyword, must be one of [" + importable() + "]");
  }
}

// All of them where none is named; false where there is none of that name.
bool parser::enable_keywords(std::string_view name) {
  bool found = name.empty();
  auto on = [&](bool& keyword, std::string_view its_name) {
    bool meant = (name.empty() || name == its_name) && may_import(its_name);
    keyword = keyword || meant;
    found |= meant;
  };
  on(kw_every_, "every");
  kw_in_ = kw_in_ || kw_every_;
  on(kw_in_, "in");
  on(kw_if_, "if");
  on(kw_contains_, "contains");
  on(kw_not_, "not");
  on(kw_and_, "and");
  on(kw_or_, "or");
  return found;
}

bool parser::has(std::string_view feature) const {
  return !allowed_ || allowed_->features.contains(feature);
}

namespace {

constexpr std::string_view future_words[] = {"and", "contains", "every", "if",
                                             "in",  "not",      "or"};

} // namespace

// Those of v1 come with it, whatever else is allowed.
bool parser::may_import(std::string_view keyword) const {
  return !allowed_ || allowed_->future_keywords.contains(keyword)
         || (is_keyword_of_v1(keyword) && !is_keyword_of_v0(keyword)
             && (asked_v1_ || has("rego_v1")));
}

std::string parser::importable() const {
  std::string out;
  for (auto w : future_words)
    if (may_import(w))
      out += (out.empty() ? "" : " ") + std::string(w);
  return out;
}

// That there can be any text in this Rego.
void parser::check_allowed() {
  if (!allowed_)
    return;
  auto illegal = [this](std::string what) {
    wrong_.push_back({"rego_parse_error",
                      "illegal capabilities: " + std::move(what), "", 0, 0});
    throw syntax_error();
  };
  if (asked_v1_ && !has("rego_v1"))
    illegal("rego_v1 feature required for parsing v1 Rego");
  for (auto& w : allowed_->future_keywords)
    if (std::find(std::begin(future_words), std::end(future_words), w)
        == std::end(future_words))
      illegal("unknown keyword: " + w);
}

namespace {

template <class Parse>
auto guarded(std::string_view file, std::string_view text,
             const parse_options& o, Parse parse)
    -> result<decltype(parse(std::declval<parser&>()))> {
  auto tokens = lex(text, file);
  if (!tokens)
    return tokens.error_list();
  parser p(file, text, *tokens, o);
  std::optional<decltype(parse(p))> out;
  try {
    p.check_allowed();
    out = parse(p);
  } catch (const syntax_error&) {
  } catch (out_of_bounds& e) {
    p.wrong() = {std::move(e.what)};
  }
  if (p.wrong().empty())
    return std::move(*out);
  for (auto& x : p.wrong())
    if (x.line)
      x.line = line_at(text, x.line->index);
  return std::move(p.wrong());
}

} // namespace

result<module> parse_module(std::string_view file, std::string_view text,
                            const parse_options& o) {
  return guarded(file, text, o, [](parser& p) { return p.parse_module(); });
}

result<query> parse_query(std::string_view text, const parse_options& o) {
  return guarded("", text, o, [](parser& p) { return p.parse_whole_query(); });
}

result<import_decl> parse_import(std::string_view text) {
  return guarded("", text, {}, [](parser& p) { return p.parse_import_path(); });
}

} // namespace rego
