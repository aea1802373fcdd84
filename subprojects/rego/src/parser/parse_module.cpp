// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Packages, imports and the parser's token helpers.

#include "parser/parser.hpp"

#include <algorithm>

#include "parser/parse.hpp"

namespace rego {

parser::parser(std::string_view file, std::string_view text,
               const lexed& tokens, const parse_options& options)
    : file_(file), text_(text), tokens_(tokens.tokens),
      comments_(tokens.comments), v1_(options.v1),
      logic_(options.logic_operators), kw_in_(v1_), kw_every_(v1_), kw_if_(v1_),
      kw_contains_(v1_) {
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

void parser::fail(std::string message) const {
  fail_at(now().at, message);
}

void parser::fail_at(const location& at, std::string message) const {
  throw syntax_error{{"rego_parse_error", std::move(message),
                      std::string(file_), at.row, at.col}};
}

void parser::unexpected(std::string expected) const {
  std::string what;
  switch (now().type) {
  case tok::end:
    what = "eof";
    break;
  case tok::identifier:
    what = is_keyword(now().text) ? std::string(now().text) + " keyword"
                                  : "identifier";
    break;
  case tok::number:
    what = "number";
    break;
  case tok::symbol:
    what = std::string(now().text);
    break;
  default:
    what = "string";
  }
  what = "unexpected " + what + " token";
  fail(expected.empty() ? what : what + ": " + expected);
}

bool parser::is_keyword(std::string_view w) const {
  for (std::string_view k : {"package", "import", "as", "default", "else",
                             "not", "with", "null", "true", "false", "some"})
    if (w == k)
      return true;
  return (w == "in" && kw_in_) || (w == "every" && kw_every_)
         || (w == "if" && kw_if_) || (w == "contains" && kw_contains_)
         || (w == "and" && kw_and_) || (w == "or" && kw_or_);
}

uint32_t parser::last_end() const {
  auto& last = tokens_[pos_ ? pos_ - 1 : 0];
  return last.at.offset + static_cast<uint32_t>(last.text.size());
}

std::string parser::source(const location& from) const {
  auto end = last_end();
  return end > from.offset
             ? std::string(text_.substr(from.offset, end - from.offset))
             : std::string();
}

module parser::parse_module() {
  module m;
  m.file = file_;
  m.source = text_;
  m.v1 = v1_;
  if (at_end())
    fail_at({0, 0, 0}, "empty module");
  parse_package(m);
  while (starts_with_word("import"))
    parse_import(m);
  while (!at_end()) {
    if (take(";"))
      continue;
    if (starts_with_word("import"))
      parse_import(m);
    else
      parse_rule(m);
  }
  m.v1 = v1_;
  m.not_bodies = kw_not_;
  // Those within string templates were found last.
  std::stable_sort(comments_.begin(), comments_.end(),
                   [](auto& a, auto& b) { return a.at.offset < b.at.offset; });
  auto same = [](auto& a, auto& b) { return a.at.offset == b.at.offset; };
  comments_.erase(std::unique(comments_.begin(), comments_.end(), same),
                  comments_.end());
  for (auto& c : comments_) {
    m.comments.emplace_back(c.at, c.text);
    m.comment_own_line.push_back(c.own_line);
  }
  return m;
}

void parser::parse_package(module& m) {
  if (!at_word("package"))
    fail("package expected");
  auto at = now().at;
  ++pos_;
  if (now().type != tok::identifier)
    unexpected("expected ident");
  m.package.kind = term_kind::ref;
  m.package.at = at;
  term root;
  root.kind = term_kind::var;
  root.text = "data";
  root.at = at;
  m.package.args.push_back(root);
  term first;
  first.kind = term_kind::string;
  first.at = now().at;
  first.text = now().text;
  ++pos_;
  first.where = since(first.at.offset);
  term path = parse_postfix(first);
  if (path.kind == term_kind::ref) {
    for (auto& p : path.args) {
      if (p.kind != term_kind::string)
        fail_at(p.at, "package path cannot contain variables");
      m.package.args.push_back(p);
    }
  } else if (path.kind == term_kind::string) {
    m.package.args.push_back(path);
  } else {
    fail_at(path.at, "package path cannot contain calls");
  }
}

import_decl parser::parse_import_path() {
  import_decl d;
  d.at = now().at;
  take_word("import");
  if (now().type != tok::identifier)
    unexpected("expected ident");
  term head;
  head.kind = term_kind::var;
  head.at = now().at;
  head.text = now().text;
  ++pos_;
  head.where = since(head.at.offset);
  d.path = parse_postfix(head);
  auto root = d.path.kind == term_kind::ref ? d.path.args[0].text : d.path.text;
  if (root != "data" && root != "input" && root != "future" && root != "rego")
    fail_at(d.path.at, "unexpected import path, must begin with one of: "
                       "{data, future, input, rego}, got: "
                           + root);
  if (take_word("as")) {
    if (now().type != tok::identifier)
      unexpected("expected var");
    d.alias = now().text;
    ++pos_;
  }
  return d;
}

void parser::parse_import(module& m) {
  auto d = parse_import_path();
  enable_imports(d, m);
  m.imports.push_back(std::move(d));
}

void parser::enable_imports(const import_decl& d, module& m) {
  auto text = ref_text(d.path);
  if (text == "rego.v1") {
    v1_ = m.v1 = kw_in_ = kw_every_ = kw_if_ = kw_contains_ = true;
    return;
  }
  if (text.rfind("rego", 0) == 0)
    fail_at(d.path.at, "invalid import `" + text + "`, must be `rego.v1`");
  if (text.rfind("future", 0) != 0)
    return;
  if (text == "future.keywords") {
    kw_in_ = kw_every_ = kw_if_ = kw_contains_ = kw_not_ = true;
    kw_and_ = kw_or_ = logic_;
  } else if (text == "future.keywords.in") {
    kw_in_ = true;
  } else if (text == "future.keywords.every") {
    kw_in_ = kw_every_ = true;
  } else if (text == "future.keywords.if") {
    kw_if_ = true;
  } else if (text == "future.keywords.contains") {
    kw_contains_ = true;
  } else if (text == "future.keywords.not") {
    kw_not_ = true;
  } else if (logic_ && text == "future.keywords.and") {
    kw_and_ = true;
  } else if (logic_ && text == "future.keywords.or") {
    kw_or_ = true;
  } else {
    fail_at(d.path.at, "unexpected keyword, must be one of "
                       "[contains every if in not]");
  }
}

namespace {

template <class Parse>
auto guarded(std::string_view file, std::string_view text,
             const parse_options& o, Parse parse)
    -> result<decltype(parse(std::declval<parser&>()))> {
  auto tokens = lex(text, file);
  if (!tokens)
    return tokens.error_list();
  try {
    parser p(file, text, *tokens, o);
    return parse(p);
  } catch (const syntax_error& e) {
    return e.what;
  }
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
