// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/json_difference.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/json_text.hpp"

#include <set>

namespace acgs::shell {

namespace {

constexpr std::size_t side_max = 40;
constexpr std::size_t whole_max = 200;

std::string change(std::string_view before, std::string_view after,
                   std::string_view nothing) {
  return brief(before.empty() ? nothing : before, side_max) + " -> "
         + brief(after.empty() ? nothing : after, side_max);
}

std::string text_of(const json::value* member) {
  return member ? json::to_text(*member) : std::string{};
}

} // namespace

std::string brief(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return std::string{text};
  auto kept = text.substr(0, bytes_max);
  return std::string{kept.substr(0, utf8_prefix(kept))} + "...";
}

std::string json_difference(std::string_view before, std::string_view after) {
  auto old = json::parse(before);
  auto now = json::parse(after);
  if (!old || !now || !old->if_object() || !now->if_object())
    return change(before, after, "undefined");
  std::set<std::string> names;
  for (const auto* each : {old->if_object(), now->if_object()})
    for (const auto& member : *each)
      names.insert(member.first);
  std::string out;
  for (const auto& name : names) {
    auto was = text_of(old->find(name));
    auto is = text_of(now->find(name));
    if (was != is)
      out += (out.empty() ? "" : "; ") + name + ' ' + change(was, is, "none");
  }
  return brief(out, whole_max);
}

} // namespace acgs::shell
