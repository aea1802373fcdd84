// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/replayer/timeline.hpp"

#include <algorithm>
#include <cctype>

namespace acgs::replayer {

namespace {

constexpr std::size_t modules_max = 1000;
constexpr std::size_t module_bytes_max = std::size_t{1} << 20;
constexpr std::size_t known_max = 64;

/// The text behind white space and comments.
std::string_view trimmed(std::string_view text) {
  for (;;) {
    auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
      return {};
    text.remove_prefix(begin);
    if (text.front() != '#')
      return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
}

/// Takes away the policies whose package is one of the candidate's.
template <class Taken>
void take_out(std::map<std::string, domain::policy_module>& from,
              const Taken& taken) {
  std::erase_if(from, [&](const auto& each) {
    return taken(package_of(*each.second.text));
  });
}

} // namespace

std::string package_of(std::string_view rego) {
  constexpr std::string_view word = "package";
  auto text = trimmed(rego);
  if (!text.starts_with(word) || text.size() == word.size()
      || !std::isspace(static_cast<unsigned char>(text[word.size()])))
    return {};
  text = trimmed(text.substr(word.size()));
  std::string out;
  for (auto c : text.substr(0, text.find_first_of(" \t\r\n;#"))) {
    if (c == '[')
      out += '.';
    else if (c != ']' && c != '"')
      out += c;
  }
  return out;
}

caf::error timeline::use(const std::vector<module>& candidate) {
  auto same = std::equal(candidate.begin(), candidate.end(), candidate_.begin(),
                         candidate_.end(), [](const auto& a, const auto& b) {
                           return a.name == b.name && a.text == *b.text;
                         });
  if (same)
    return {};
  auto refuse = [](const std::string& what) {
    return make_error(ec::invalid_argument, what, "policy");
  };
  if (candidate.size() > modules_max)
    return refuse("a candidate of " + std::to_string(candidate.size())
                  + " modules; expected at most "
                  + std::to_string(modules_max));
  std::vector<stand_in> next;
  for (const auto& each : candidate) {
    auto package = package_of(each.text);
    if (each.text.size() > module_bytes_max)
      return refuse("'" + each.name + "' has more than 1 MiB");
    if (package.empty())
      return refuse("'" + each.name + "' does not begin with a package");
    next.push_back(
        {each.name, package, std::make_shared<const std::string>(each.text)});
  }
  std::lock_guard guard{mutex_};
  candidate_ = std::move(next);
  known_.clear();
  newest_.reset();
  return {};
}

domain::control_state_ptr
timeline::with_candidate(domain::control_state_ptr from) const {
  if (candidate_.empty())
    return from;
  auto out = std::make_shared<domain::control_state>(*from);
  auto taken = [&](const std::string& package) {
    return std::any_of(
        candidate_.begin(), candidate_.end(),
        [&](const stand_in& each) { return each.package == package; });
  };
  take_out(out->constitution, taken);
  take_out(out->policies, taken);
  for (const auto& each : candidate_)
    out->policies["candidate/" + each.name].text = each.text;
  return out;
}

result<snapshot_ptr> timeline::at(std::uint64_t revision, naming unsaid) {
  std::lock_guard guard{mutex_};
  auto key = std::pair{revision, unsaid};
  if (auto found = known_.find(key); found != known_.end())
    return found->second;
  auto built = [&]() -> result<snapshot_ptr> {
    auto state = state_at_(revision);
    if (!state)
      return state.error();
    return snapshot::build(
        with_candidate(std::move(*state)),
        unsaid == naming::as_configured ? aliases_ : constitution_aliases{},
        newest_.get(),
        candidate_.empty() ? rego::compile_limits{} : limits_of_new_policies);
  }();
  if (built)
    newest_ = *built;
  if (known_.size() >= known_max)
    known_.erase(known_.begin());
  known_.emplace(key, built);
  return built;
}

} // namespace acgs::replayer
