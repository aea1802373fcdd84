// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/router.hpp"

#include <map>
#include <stdexcept>

namespace acgs::http_gateway {

/// One step of the tree of patterns.
struct router::node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> named;
  std::unique_ptr<node> hole;
  std::map<http::method, std::size_t> here; ///< routes that end at this step
  std::map<http::method, std::size_t> rest; ///< those that take what follows
  std::map<http::method, std::size_t> root; ///< of these, where nothing does

  /// Where the steps from `at` on lead; captures are added on the way.
  const std::map<http::method, std::size_t>*
  walk(std::vector<std::string>& steps, std::size_t at,
       std::vector<std::string>& captures) const {
    if (at == steps.size() && !here.empty())
      return &here;
    if (at < steps.size()) {
      if (auto next = named.find(steps[at]); next != named.end())
        if (auto* found = next->second->walk(steps, at + 1, captures))
          return found;
      if (hole) {
        captures.push_back(steps[at]);
        if (auto* found = hole->walk(steps, at + 1, captures))
          return found;
        captures.pop_back();
      }
    }
    if (rest.empty())
      return nullptr;
    if (at == steps.size())
      return root.empty() ? nullptr : &root;
    for (; at < steps.size(); ++at)
      captures.push_back(std::move(steps[at]));
    return &rest;
  }
};

router::router(std::vector<route> table)
    : table_{std::move(table)}, root_{std::make_unique<node>()} {
  for (std::size_t i = 0; i < table_.size(); ++i) {
    auto* at = root_.get();
    auto* into = &at->here;
    auto pattern = table_[i].pattern;
    while (!pattern.empty()) {
      auto slash = pattern.find('/');
      auto step = pattern.substr(0, slash);
      pattern =
          slash == std::string_view::npos ? "" : pattern.substr(slash + 1);
      if (step.empty())
        continue;
      if (step.ends_with("*}")) {
        into = &at->rest;
        if (!table_[i].not_at_root)
          at->root.emplace(table_[i].verb, i);
        break;
      }
      auto& next =
          step.front() == '{' ? at->hole : at->named[std::string{step}];
      if (!next)
        next = std::make_unique<node>();
      at = next.get();
      into = &at->here;
    }
    if (!into->emplace(table_[i].verb, i).second)
      throw std::logic_error{"two routes for "
                             + std::string{table_[i].pattern}};
  }
}

router::~router() = default;

router::match router::find(http::method verb,
                           std::vector<std::string> steps) const {
  match out;
  auto* found = root_->walk(steps, 0, out.captures);
  if (!found)
    return out;
  auto wanted = verb == http::method::head ? http::method::get : verb;
  if (auto at = found->find(wanted); at != found->end()) {
    out.index = at->second;
    out.found = &table_[at->second];
  }
  for (const auto& [allowed, index] : *found)
    out.allowed.push_back(allowed);
  return out;
}

} // namespace acgs::http_gateway
