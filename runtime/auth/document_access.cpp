// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/document_access.hpp"

#include "runtime/auth/permissions.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <algorithm>

namespace acgs::auth {

namespace {

constexpr std::string_view own_root = "acgs";
constexpr std::size_t path_bytes_shown = 100;
constexpr std::size_t steps_max = 64;

bool is_step(std::string_view step) {
  return !step.empty() && step != "." && step != ".."
         && step.find('\0') == step.npos && is_utf8(step);
}

path_steps split(std::string_view path, char by = '/') {
  path_steps out;
  if (path.empty())
    return out;
  for (;;) {
    auto end = path.find(by);
    out.emplace_back(path.substr(0, end));
    if (end == path.npos)
      return out;
    path.remove_prefix(end + 1);
  }
}

template <class Patterns>
bool fits_any(const path_steps& path, const Patterns& patterns) {
  return std::any_of(
      std::begin(patterns), std::end(patterns),
      [&](std::string_view pattern) { return fits(path, pattern); });
}

bool is_own_decision(const path_steps& path) {
  return fits_any(path, domain::own_decisions);
}

/// Whether the constitution stands there or below.
bool reaches_own(const path_steps& path) {
  return path.empty() || path.front() == own_root;
}

bool is_rego_name(std::string_view text) {
  auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && is_letter(text.front())
         && std::all_of(text.begin(), text.end(), [&](char c) {
              return is_letter(c) || (c >= '0' && c <= '9');
            });
}

std::string shown(const path_steps& path) {
  auto out = (path.empty() ? "data" : "data/") + json::to_data_path(path);
  return out.size() > path_bytes_shown ? out.substr(0, path_bytes_shown) + "..."
                                       : out;
}

caf::error no_path(std::string_view path) {
  std::string named;
  append_json_string(named, path.substr(0, path_bytes_shown));
  return make_error(ec::invalid_argument,
                    "the path " + named + ": expected at most "
                        + std::to_string(steps_max)
                        + " steps joined by single slashes, such as "
                        + std::string{domain::own_decisions.front()}
                        + ", none of them empty, . or .., a slash or a tilde "
                          "in one as ~1 or ~0",
                    "path");
}

const json::value* item_at(const json::array& items, const std::string& step) {
  auto index = parse_number<std::size_t>(step);
  return index && *index < items.size() ? &items[*index] : nullptr;
}

} // namespace

path_steps steps_of(std::string_view path) {
  path_steps out;
  while (!path.empty()) {
    auto end = std::min(path.find('/'), path.size());
    if (end > 0)
      out.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

std::string spelled_by_steps(std::string_view path) {
  auto steps = split(path, '.');
  if (!std::all_of(steps.begin(), steps.end(), is_rego_name))
    steps = steps_of(path);
  else if (steps.size() > 1 && steps.front() == "data")
    steps.erase(steps.begin());
  std::string out;
  for (const auto& step : steps)
    out += (out.empty() ? "" : "/") + step;
  return out;
}

caf::error check_steps(const path_steps& steps) {
  auto wrong = std::find_if_not(steps.begin(), steps.end(), is_step);
  if (wrong == steps.end() && steps.size() <= steps_max)
    return {};
  return no_path(json::to_data_path(steps));
}

result<path_steps> read_path(std::string_view path) {
  auto steps = json::parse_data_path(path);
  if (!steps)
    return no_path(path);
  if (auto wrong = check_steps(*steps))
    return wrong;
  return steps;
}
base_documents::base_documents(const domain::shared_text& data)
    : data_{json::object{}} {
  if (!data)
    return;
  // Control state holds nothing that does not parse; were it so, the data
  // would count as unknown.
  auto read = json::parse(*data, {.bytes = ~std::size_t{0}});
  data_ = read ? std::move(*read) : json::value{};
}

bool base_documents::stand_at(const path_steps& path) const {
  if (data_.is_null())
    return true;
  const auto* at = &data_;
  for (const auto& step : path) {
    const auto* items = at->if_array();
    at = items ? item_at(*items, step) : at->find(step);
    if (!at)
      return false;
  }
  const auto* members = at->if_object();
  return !members || !members->empty();
}

bool fits(const path_steps& path, std::string_view pattern) {
  auto wanted = steps_of(pattern);
  auto from = path.begin();
  if (!wanted.empty() && wanted.front() == "**") {
    wanted.erase(wanted.begin());
    if (path.size() < wanted.size())
      return false;
    from = path.end() - static_cast<std::ptrdiff_t>(wanted.size());
  }
  return std::equal(from, path.end(), wanted.begin(), wanted.end(),
                    [](const std::string& step, const std::string& want) {
                      return want == "*" || want == step;
                    });
}

caf::error authorise_document(const domain::identity_view& who,
                              const path_steps& path,
                              const base_documents& data,
                              const std::vector<std::string>& anonymous) {
  if (may(who.role_, verb::read_data))
    return {};
  bool known = who.method != domain::auth_method::anonymous;
  bool open = reaches_own(path) ? is_own_decision(path)
                                : !data.stand_at(path)
                                      && (known || fits_any(path, anonymous));
  if (open)
    return {};
  if (known)
    return make_error(ec::forbidden,
                      shown(path) + " shows more than a decision: "
                          + sentence_of(authorise(who, verb::read_data)));
  return make_error(ec::unauthenticated,
                    shown(path)
                        + " takes a credential: without one there are "
                          "acgs/main/decision, acgs/main/allow and the paths "
                          "of auth.anonymous_paths");
}

} // namespace acgs::auth
