// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/conflicts.hpp"

#include "runtime/snapshot/policy_errors.hpp"

#include <rego/build.hpp>
#include <rego/engine.hpp>

#include <algorithm>
#include <map>

namespace acgs::control {

namespace {

using steps = std::vector<std::string>;

constexpr std::string_view root = "data";
constexpr std::string_view constitution_prefix = "constitution/";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_';
}

/// A quoted step, `["..."]`; `at` stands behind the bracket and is moved behind
/// the closing one. False where the step is no constant string.
bool take_quoted(std::string_view text, std::size_t& at, std::string& step) {
  if (at >= text.size() || text[at] != '"')
    return false;
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size())
      ++at;
    step += text[at];
  }
  at += 2; // the quote and the bracket
  return at <= text.size() && text[at - 1] == ']';
}

bool is_prefix(const steps& one, const steps& other) {
  return one.size() <= other.size()
         && std::equal(one.begin(), one.end(), other.begin());
}

rego::error problem_at(const rego::rule_info& rule, std::string message) {
  return {"rego_compile_error", std::move(message), rule.file, rule.row,
          rule.col};
}

bool is_of_constitution(const rego::rule_info& rule) {
  return rule.file.starts_with(constitution_prefix);
}

/// Policies may read the constitution and stand beside it, not within it.
caf::error check_constitution(const std::vector<rego::rule_info>& rules) {
  std::map<steps, const rego::rule_info*> own;
  for (const auto& rule : rules)
    if (is_of_constitution(rule))
      own.emplace(steps_of_rule(rule.path), &rule);
  if (own.empty())
    return {};
  for (const auto& rule : rules) {
    if (is_of_constitution(rule))
      continue;
    auto path = steps_of_rule(rule.path);
    // The next in order begins with this path where any does; what this path
    // begins with is one of its own beginnings.
    auto inside = own.lower_bound(path);
    const rego::rule_info* touched = nullptr;
    if (inside != own.end() && is_prefix(path, inside->first))
      touched = inside->second;
    for (auto above = path; !touched && !above.empty(); above.pop_back())
      if (auto found = own.find(above); found != own.end())
        touched = found->second;
    if (touched)
      return make_error(
          ec::policy_invalid,
          {problem_at(rule,
                      rule.path + " would add to the constitution's "
                          + touched->path
                          + "; the constitution is changed as a whole only")});
  }
  return {};
}

/// Whether a document stands at the path, or something that is not an object
/// on the way to it.
bool is_taken(const rego::value& document, const steps& path,
              rego::arena& scratch) {
  auto here = document;
  for (const auto& step : path) {
    if (!here.is_object())
      return true;
    here = rego::lookup(here, rego::make_string(scratch, step));
    if (!here.defined())
      return false;
  }
  return true;
}

std::string joined(const steps& path) {
  std::string out;
  for (const auto& step : path)
    out += (out.empty() ? "" : "/") + step;
  return out;
}

/// In OPA's words, each place once.
caf::error check_data(const std::vector<rego::rule_info>& rules,
                      const rego::value& document) {
  rego::arena scratch;
  std::map<steps, rego::error> found;
  for (const auto& rule : rules) {
    auto path = steps_of_rule(rule.path);
    if (!found.contains(path) && is_taken(document, path, scratch))
      found.emplace(path, problem_at(rule, "conflicting rule for data path "
                                               + joined(path) + " found"));
  }
  rego::errors all;
  for (auto& [path, error] : found)
    all.push_back(std::move(error));
  if (all.empty())
    return {};
  return make_error(ec::conflict, rego::to_string(all), {}, told_errors(all));
}

} // namespace

std::vector<std::string> steps_of_rule(std::string_view path) {
  steps out;
  if (!path.starts_with(root))
    return out;
  for (std::size_t at = root.size(); at < path.size();) {
    std::string step;
    if (path[at] == '.') {
      for (++at; at < path.size() && is_name_character(path[at]); ++at)
        step += path[at];
    } else if (path[at] != '[' || !take_quoted(path, ++at, step)) {
      break;
    }
    out.push_back(std::move(step));
  }
  return out;
}

caf::error check_conflicts(const snapshot& of) {
  auto rules = of.policies()->rules();
  if (auto wrong = check_constitution(rules))
    return wrong;
  return check_data(rules, of.data()->root());
}

} // namespace acgs::control
