// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Walks operations, through the fragments they spread, and then each fragment
// by itself; stops at the first violation.

#include "builtins/graphql_query.hpp"

#include <algorithm>

#include "builtins/graphql_walker.hpp"

namespace rego::graphql {

std::string check_query(call_context& c, const schema& s, const value& query,
                        const positions& where) {
  walker w(c, s, query, where);
  w.run();
  return w.error();
}

void walker::fail(const value& node, const std::string& message) {
  if (failed())
    return;
  position p;
  if (node.is_object())
    if (auto at = where_.find(node.as_pointer()); at != where_.end())
      p = at->second;
  error_ = message + " in GraphQL string at location " + std::to_string(p.row)
           + ":" + std::to_string(p.col);
}

void walker::unique(std::span<const value> nodes, std::string_view key,
                    std::string_view what, std::string_view sigil) {
  std::set<std::string_view> seen;
  for (auto& n : nodes) {
    auto name = text(n, key);
    if (!name.empty() && !seen.insert(name).second)
      fail(n, "There can be only one " + std::string(what) + " named \""
                  + std::string(sigil) + std::string(name) + "\"");
  }
}

void walker::run() {
  auto operations = list(query_, "Operations");
  auto fragments = list(query_, "Fragments");
  for (auto& f : fragments)
    fragments_.emplace(text(f, "Name"), f);
  unique(operations, "Name", "operation", "");
  unique(fragments, "Name", "fragment", "");
  for (auto& o : operations)
    operation(o);
  for (auto& f : fragments) {
    auto name = text(f, "Name");
    cycle(f, {});
    operation_ = {};
    spread_.clear();
    auto condition = text(f, "TypeCondition");
    auto* on = s_.type(condition);
    if (!on)
      fail(f, "Unknown type \"" + std::string(condition) + "\"");
    else if (!on->composite())
      fail(f, "Fragment \"" + std::string(name)
                  + "\" cannot condition on non composite type \""
                  + std::string(condition) + "\"");
    directives(list(f, "Directives"), "FRAGMENT_DEFINITION");
    selections(list(f, "SelectionSet"), on, 0);
    if (!used_fragments_.contains(name))
      fail(f, "Fragment \"" + std::string(name) + "\" is never used");
  }
}

void walker::operation(const value& o) {
  auto kind = text(o, "Operation"), name = text(o, "Name");
  operation_ = o;
  spread_.clear();
  used_variables_.clear();
  auto* root = s_.root(kind);
  if (name.empty() && list(query_, "Operations").size() > 1)
    fail(o, "This anonymous operation must be the only defined operation");
  if (!root)
    fail(o, "Schema does not support operation type \"" + std::string(kind)
                + "\"");
  if (kind == "subscription" && list(o, "SelectionSet").size() != 1)
    fail(o, (name.empty() ? "Anonymous Subscription"
                          : "Subscription \"" + std::string(name) + "\"")
                + std::string(" must select only one top level field"));
  auto variables = list(o, "VariableDefinitions");
  unique(variables, "Variable", "variable", "$");
  for (auto& v : variables) {
    auto type = member(v, "Type");
    auto* d = s_.type(named_type(type));
    if (!d)
      fail(v, "Unknown type \"" + std::string(named_type(type)) + "\"");
    else if (!d->input())
      fail(v, "Variable \"$" + std::string(text(v, "Variable"))
                  + "\" cannot be non-input type \"" + type_text(type) + "\"");
    if (auto given = member(v, "DefaultValue"); given.defined())
      literal(given, type, false, 0);
    directives(list(v, "Directives"), "VARIABLE_DEFINITION");
  }
  std::string location(kind);
  std::transform(location.begin(), location.end(), location.begin(),
                 [](char c) { return static_cast<char>(c & ~32); });
  directives(list(o, "Directives"), location);
  selections(list(o, "SelectionSet"), root, 0);
  for (auto& v : variables) {
    auto variable = text(v, "Variable");
    if (!used_variables_.contains(variable))
      fail(v, "Variable \"$" + std::string(variable) + "\" is never used"
                  + (name.empty()
                         ? std::string()
                         : " in operation \"" + std::string(name) + "\""));
  }
}

// Does a fragment spread itself?
void walker::cycle(const value& f, std::vector<std::string_view> path) {
  auto name = text(f, "Name");
  if (failed() || checked_fragments_.contains(name))
    return;
  path.push_back(name);
  std::vector<value> work(list(f, "SelectionSet").begin(),
                          list(f, "SelectionSet").end());
  while (!work.empty() && !failed()) {
    auto s = work.back();
    work.pop_back();
    c_.tick(1);
    for (auto& inner : list(s, "SelectionSet"))
      work.push_back(inner);
    auto target = text(s, "Name");
    if (!is_spread(s))
      continue;
    auto at = std::find(path.begin(), path.end(), target);
    if (at != path.end()) {
      std::string via;
      for (auto i = at + 1; i != path.end(); ++i)
        via += (via.empty() ? " via \"" : ", \"") + std::string(*i) + "\"";
      fail(s, "Cannot spread fragment \"" + std::string(target)
                  + "\" within itself" + via);
    } else if (auto next = fragments_.find(target);
               next != fragments_.end() && path.size() < depth_max) {
      cycle(next->second, path);
    }
  }
  checked_fragments_.insert(name);
}

bool walker::is_spread(const value& s) {
  return !member(s, "Alias").defined() && !member(s, "TypeCondition").defined()
         && !member(s, "SelectionSet").defined();
}

void walker::selections(std::span<const value> set, const definition* parent,
                        size_t depth) {
  if (depth > depth_max && !set.empty())
    fail(set[0], "exceeded nesting limit");
  overlaps(set);
  for (auto& s : set) {
    if (failed())
      return;
    c_.tick(1);
    if (member(s, "Alias").defined())
      field(s, parent, depth);
    else if (is_spread(s))
      spread(s, parent, depth);
    else
      inline_fragment(s, parent, depth);
  }
}

void walker::inline_fragment(const value& s, const definition* parent,
                             size_t depth) {
  auto condition = text(s, "TypeCondition");
  auto* on = condition.empty() ? parent : s_.type(condition);
  if (!on && !condition.empty())
    fail(s, "Unknown type \"" + std::string(condition) + "\"");
  else if (on && !on->composite())
    fail(s, "Fragment cannot condition on non composite type \""
                + std::string(condition) + "\"");
  else
    possible_spread(s, "Fragment", on, parent);
  directives(list(s, "Directives"), "INLINE_FRAGMENT");
  selections(list(s, "SelectionSet"), on, depth + 1);
}

void walker::spread(const value& s, const definition* parent, size_t depth) {
  auto name = text(s, "Name");
  directives(list(s, "Directives"), "FRAGMENT_SPREAD");
  auto f = fragments_.find(name);
  if (f == fragments_.end())
    return fail(s, "Unknown fragment \"" + std::string(name) + "\"");
  used_fragments_.insert(name);
  auto* on = s_.type(text(f->second, "TypeCondition"));
  possible_spread(s, "Fragment \"" + std::string(name) + "\"", on, parent);
  if (spread_.insert(name).second)
    selections(list(f->second, "SelectionSet"), on, depth + 1);
}

void walker::possible_spread(const value& node, const std::string& what,
                             const definition* on, const definition* parent) {
  if (!on || !parent || !on->composite() || !parent->composite())
    return;
  auto a = s_.possible(*on), b = s_.possible(*parent);
  for (auto& name : a)
    if (b.contains(name))
      return;
  fail(node, what + " cannot be spread here as objects of type \""
                 + parent->name + "\" can never be of type \"" + on->name
                 + "\"");
}

// Fields of one response name must be the same field with the same arguments.
void walker::overlaps(std::span<const value> set) {
  std::map<std::string_view, value> by_alias;
  for (auto& s : set) {
    if (!member(s, "Alias").defined())
      continue;
    auto alias = text(s, "Alias");
    auto [at, fresh] = by_alias.emplace(alias, s);
    if (fresh)
      continue;
    auto& first = at->second;
    auto start = "Fields \"" + std::string(alias) + "\" conflict because ";
    std::string_view end = ". Use different aliases on the fields to fetch "
                           "both if this was intentional";
    if (text(first, "Name") != text(s, "Name"))
      fail(s, start + "\"" + std::string(text(first, "Name")) + "\" and \""
                  + std::string(text(s, "Name")) + "\" are different fields"
                  + std::string(end));
    else if (compare(member(first, "Arguments"), member(s, "Arguments")) != 0)
      fail(s, start + "they have differing arguments" + std::string(end));
  }
}

} // namespace rego::graphql
