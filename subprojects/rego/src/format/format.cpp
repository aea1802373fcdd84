// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/format.hpp"

#include <list>

#include "compiler/v1_checks.hpp"
#include "format/imports.hpp"
#include "format/prepare.hpp"
#include "format/writer.hpp"
#include "parser/parse.hpp"

namespace rego::formatting {

namespace {

style style_of(const module& m, const format_options& o) {
  style s;
  s.v1 = s.ifs = s.contains = o.to != rego_version::v0;
  s.keywords_in_refs =
      o.keywords_in_refs
      && (!o.capabilities
          || o.capabilities->features.contains("keywords_in_refs"));
  s.not_bodies = m.not_bodies;
  for (auto& d : m.imports) {
    auto k = future_keyword(d);
    if (!k.empty())
      s.keywords.push_back(k);
    bool all = is_rego_v1(d) || is_all_keywords(d);
    s.contains |= all || k == "contains";
    s.ifs |= all || k == "if";
  }
  for (auto& r : m.rules)
    s.ref_heads |= needs_ref_form(r);
  return s;
}

parse_options parse_as(rego_version v, const format_options& o) {
  return {v == rego_version::v1, o.capabilities.get()};
}

// Formatted once; `careful` keeps a rule as it is where a comment would be
// lost in it.
result<std::string> pass(std::string_view file, std::string_view text,
                         const format_options& o, bool careful) {
  auto m = parse_module(file, text, parse_as(o.from, o));
  if (!m)
    return m.error_list();
  if (o.to != rego_version::v0) {
    errors refused;
    for (auto check : {check_duplicate_imports, check_root_names,
                       check_deprecated_calls, check_keyword_names})
      for (auto& e : check(*m))
        refused.push_back(std::move(e));
    if (!refused.empty())
      return refused;
  }
  prepare(m->rules);
  std::list<import_decl> added;
  auto s = style_of(*m, o);
  auto imports = imports_of(*m, o, s, added);
  writer w(*m, std::move(s), careful);
  auto out = w.write(imports);
  if (!w.problems().empty())
    return w.problems();
  return out;
}

std::vector<std::string> comments_of(const module& m) {
  std::vector<std::string> out;
  notes all(m, m.source);
  for (auto& n : all.all())
    out.push_back(n.text);
  std::sort(out.begin(), out.end());
  return out;
}

// How much of the text before is in the one made of it.
enum class outcome { invalid, comments_lost, kept };

outcome compare_texts(std::string_view before, std::string_view after,
                      const format_options& o) {
  auto now = parse_module("", after, parse_as(o.to, o));
  if (!now)
    return outcome::invalid;
  auto old = parse_module("", before, parse_as(o.from, o));
  return comments_of(*old) == comments_of(*now) ? outcome::kept
                                                : outcome::comments_lost;
}

// Formatted once, rules as they are where that is better.
result<std::string> best_pass(std::string_view file, std::string_view text,
                              const format_options& o, outcome& how) {
  auto plain = pass(file, text, o, false);
  if (!plain)
    return plain;
  how = compare_texts(text, *plain, o);
  if (how == outcome::kept)
    return plain;
  auto careful = pass(file, text, o, true);
  auto other = careful ? compare_texts(text, *careful, o) : outcome::invalid;
  if (other <= how)
    return plain;
  how = other;
  return careful;
}

error invalid_result(std::string_view file, std::string_view text,
                     const format_options& o) {
  auto why = parse_module(file, text, parse_as(o.to, o));
  return {
      "format_error",
      std::string(file)
          + " was successfully formatted, but the result is invalid: "
          + to_string(why.error_list())
          + "\n\nTo inspect the formatted Rego, you can turn off this check "
            "with --check-result=false.",
      std::string(file), 0, 0};
}

} // namespace

} // namespace rego::formatting

namespace rego {

result<std::string> format(std::string_view file, std::string_view text,
                           const format_options& options) {
  auto o = options;
  std::string before(text);
  constexpr int passes = 8;
  for (int i = 0; i < passes; ++i) {
    auto how = formatting::outcome::invalid;
    auto after = formatting::best_pass(file, before, o, how);
    if (!after)
      return after;
    if (how == formatting::outcome::invalid)
      return o.check_result ? result<std::string>(
                 formatting::invalid_result(file, *after, o))
                            : after;
    if (*after == before)
      return after;
    before = std::move(*after);
    o.from = o.to == rego_version::v1 ? rego_version::v1 : rego_version::v0;
  }
  return before;
}

} // namespace rego
