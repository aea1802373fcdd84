// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What names are declared where, and what of it is an error.

#include <algorithm>
#include <utility>

#include "compiler/resolve.hpp"

namespace rego {

namespace {

// What a body declares itself, in its closures nothing. The names stand for
// variables in all of the body, also before they are declared.
void declared_names(const query& q, var_set& out) {
  for (auto& e : q.literals) {
    size_t own = e.kind == expr_kind::some      ? e.terms.size()
                 : e.kind == expr_kind::some_in ? e.terms.size() - 1
                                                : 0;
    for (size_t i = 0; i < own; ++i)
      vars_in(e.terms[i], out);
    if (e.kind == expr_kind::term && e.terms[0].is_call("assign"))
      vars_in(e.terms[0].args[1], out);
    if (e.kind == expr_kind::every)
      declared_names(*e.body, out);
  }
}

} // namespace

void resolver::open_scope(var_set variables) {
  scopes_.emplace_back();
  used_.emplace_back();
  variables_.push_back(std::move(variables));
}

void resolver::open_scope(const query& body) {
  var_set variables;
  declared_names(body, variables);
  open_scope(std::move(variables));
}

void resolver::close_scope() {
  auto& s = scopes_.back();
  // Where there is an error, a name may be unused for it: nothing more is told
  // of the clause.
  if (strict_ && !wrong_)
    report_unused(s, origin::assigned);
  if (!wrong_)
    report_unused(s, origin::declared);
  scopes_.pop_back();
  used_.pop_back();
  variables_.pop_back();
}

void resolver::report_unused(const scope& s, origin from) {
  std::vector<const scope::value_type*> unused;
  for (auto& l : s)
    if (l.second.from == from && !l.second.used
        && (from != origin::declared || !l.first.starts_with("__local")))
      unused.push_back(&l);
  std::sort(unused.begin(), unused.end(), [](auto* a, auto* b) {
    return a->second.number < b->second.number;
  });
  for (auto* l : unused) {
    auto name = written_name(l->first);
    fail(l->second.at,
         from == origin::argument
             ? "unused argument " + name
                   + ". (hint: use _ (wildcard variable) instead)"
             : (from == origin::assigned ? "assigned var " : "declared var ")
                   + name + " unused");
  }
}

void resolver::fail(const location& at, std::string message, std::string code) {
  wrong_ = true;
  out_.push_back({std::move(code), std::move(message), file_, at.row, at.col});
}

const std::string* resolver::local(const std::string& name) {
  for (auto s = scopes_.rbegin(); s != scopes_.rend(); ++s) {
    auto at = s->find(name);
    if (at == s->end())
      continue;
    at->second.used |= !declaring_;
    return &at->second.unique;
  }
  return nullptr;
}

// Whether a name is no rule's and no import's, though there may be such.
bool resolver::is_variable(const std::string& name) const {
  return std::any_of(variables_.begin(), variables_.end(),
                     [&](auto& names) { return names.count(name) > 0; });
}

// Whether a name was met that is not declared: what is met around a closure is
// met within it too.
bool resolver::is_known(const std::string& name) const {
  return std::any_of(used_.begin(), used_.end(),
                     [&](auto& names) { return names.count(name) > 0; });
}

/// Tells why not, if not.
bool resolver::can_declare(const std::string& name, const location& at) {
  auto here = scopes_.back().find(name);
  if (here != scopes_.back().end())
    fail(at, "var " + name
                 + (here->second.from == origin::assigned ? " assigned above"
                                                          : " declared above"));
  else if (auto& args = scopes_[0]; scopes_.size() == 2 && args.count(name)
                                    && args.at(name).from == origin::argument)
    fail(at, "arg " + name + " redeclared");
  else if (used_.back().count(name))
    fail(at, "var " + name + " referenced above");
  else
    return true;
  return false;
}

void resolver::declare(const std::string& name, const location& at,
                       origin from) {
  bool keeps = keep_names_ && scopes_.size() == 1;
  auto unique = keeps ? name : name + "#" + std::to_string(next_);
  scopes_.back()[name] = {std::move(unique), at, from, next_++};
}

} // namespace rego
