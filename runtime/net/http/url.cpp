// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/url.hpp"

#include "runtime/base/bytes.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/net/http/message.hpp"

#include <algorithm>

namespace acgs::http {

namespace {

caf::error bad(std::string_view text, const char* why) {
  return make_error(ec::invalid_argument,
                    "'" + std::string{text.substr(0, 64)} + "' " + why);
}

} // namespace

result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      auto octet = from_hex(text.substr(i + 1, 2));
      if (!octet || octet->size() != 1)
        return bad(text, "holds a '%' without two hexadecimal digits");
      c = static_cast<char>(octet->front());
      if (c == '\0')
        return bad(text, "holds an encoded zero byte");
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out.push_back(c);
  }
  if (!is_utf8(out))
    return bad(text, "does not decode to UTF-8");
  return out;
}

result<std::vector<std::string>> split_path(std::string_view path,
                                            std::size_t steps_max) {
  std::vector<std::string> out;
  while (!path.empty()) {
    auto slash = path.find('/');
    auto raw = path.substr(0, slash);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (raw.empty())
      continue;
    auto step = percent_decode(raw);
    if (!step)
      return std::move(step.error());
    if (*step == "." || *step == "..")
      return bad(raw, "is not taken as a step of a path");
    if (out.size() == steps_max)
      return make_error(ec::invalid_argument, "the path has more than "
                                                  + std::to_string(steps_max)
                                                  + " steps");
    out.push_back(std::move(*step));
  }
  return out;
}

std::string without_empty_steps(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    auto slash = path.find('/');
    auto step = path.substr(0, slash);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (!step.empty())
      out.append("/").append(step);
  }
  return out.empty() ? "/" : out;
}

result<query_parameters> query_parameters::parse(std::string_view query) {
  query_parameters out;
  while (!query.empty()) {
    auto end = query.find('&');
    auto item = query.substr(0, end);
    query = end == std::string_view::npos ? "" : query.substr(end + 1);
    if (item.empty())
      continue;
    if (out.items_.size() == 100)
      return make_error(ec::too_large, "more than 100 parameters in the query");
    auto equals = item.find('=');
    auto name = percent_decode(item.substr(0, equals), true);
    if (!name)
      return std::move(name.error());
    auto value = percent_decode(
        equals == std::string_view::npos ? "" : item.substr(equals + 1), true);
    if (!value)
      return std::move(value.error());
    out.items_.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::optional<std::string_view>
query_parameters::find(std::string_view name) const {
  for (auto at = items_.rbegin(); at != items_.rend(); ++at)
    if (at->first == name)
      return at->second;
  return std::nullopt;
}

std::vector<std::string_view>
query_parameters::all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : items_)
    if (key == name)
      out.emplace_back(value);
  return out;
}

bool query_parameters::flag(std::string_view name) const {
  auto given = all(name);
  return (given.size() == 1 && given.front().empty())
         || std::any_of(given.begin(), given.end(), [](std::string_view value) {
              return equal_nocase(value, "true");
            });
}

result<std::uint64_t> query_parameters::number(std::string_view name,
                                               std::uint64_t fallback,
                                               std::uint64_t max) const {
  auto text = find(name);
  if (!text)
    return fallback;
  auto out = parse_number<std::uint64_t>(*text);
  if (!out || *out > max)
    return make_error(
        ec::invalid_argument,
        std::string{name} + " is '" + std::string{text->substr(0, 64)}
            + "'; expected a whole number up to " + std::to_string(max),
        std::string{name});
  return *out;
}

} // namespace acgs::http
