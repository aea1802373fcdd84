// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/key.hpp"

#include "runtime/config/value_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace acgs::config {

namespace {

constexpr std::size_t text_bytes_max = 4096;
constexpr std::size_t items_max = 64;

const std::string* as_scalar(const raw_value& raw) {
  auto text = std::get_if<std::string>(&raw);
  return text && text->size() <= text_bytes_max ? text : nullptr;
}

/// The items of a list, or of a text with commas; nothing for a map.
std::optional<std::vector<std::string>> as_list(const raw_value& raw) {
  if (auto list = std::get_if<std::vector<std::string>>(&raw))
    return list->size() <= items_max ? std::optional{*list} : std::nullopt;
  auto text = as_scalar(raw);
  if (!text)
    return std::nullopt;
  std::vector<std::string> items;
  for (std::size_t from = 0; from <= text->size() && !text->empty();) {
    auto to = std::min(text->find(',', from), text->size());
    items.push_back(text->substr(from, to - from));
    from = to + 1;
  }
  return items.size() <= items_max ? std::optional{std::move(items)}
                                   : std::nullopt;
}

/// The pairs of a map, or of a text "a=b,c=d".
std::optional<std::map<std::string, std::string>>
as_pairs(const raw_value& raw) {
  using pair_map = std::map<std::string, std::string>;
  if (auto map = std::get_if<pair_map>(&raw))
    return map->size() <= items_max ? std::optional{*map} : std::nullopt;
  auto items = as_list(raw);
  if (!items)
    return std::nullopt;
  pair_map out;
  for (auto& item : *items) {
    auto equals = item.find('=');
    if (equals == std::string::npos
        || !out.emplace(item.substr(0, equals), item.substr(equals + 1)).second)
      return std::nullopt;
  }
  return out;
}

std::string join(const std::vector<std::string>& items) {
  std::string out;
  for (auto& item : items)
    out += (out.empty() ? "" : ",") + item;
  return out;
}

/// A key of one scalar that is parsed, bounded and printed.
template <class T>
key scalar(std::string name, std::string meaning, member<T> where,
           std::string preset, std::string type,
           std::optional<T> (*parse)(std::string_view), std::string (*print)(T),
           T low, T high) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = std::move(type);
  out.bounds = print(low) + " to " + print(high);
  out.default_text = out.default_yaml = std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto text = as_scalar(raw);
    auto value = text ? parse(*text) : std::nullopt;
    if (!value || *value < low || *value > high)
      return false;
    *where(in) = *value;
    return true;
  };
  out.print = [=](settings& in) { return print(*where(in)); };
  return out;
}

std::string print_count(std::uint64_t value) {
  return std::to_string(value);
}

} // namespace

std::string key::expected() const {
  return bounds.empty() ? type : type + ", " + bounds;
}

key count(std::string name, std::string meaning, member<std::uint64_t> where,
          std::string preset, std::uint64_t low, std::uint64_t high) {
  return scalar<std::uint64_t>(std::move(name), std::move(meaning), where,
                               std::move(preset), "a whole number", parse_count,
                               print_count, low, high);
}

key size(std::string name, std::string meaning, member<std::uint64_t> where,
         std::string preset, std::uint64_t low, std::uint64_t high) {
  return scalar<std::uint64_t>(std::move(name), std::move(meaning), where,
                               std::move(preset), "a size such as 8MiB",
                               parse_size, print_size, low, high);
}

key span_of_time(std::string name, std::string meaning, member<duration> where,
                 std::string preset, duration low, duration high) {
  return scalar<duration>(std::move(name), std::move(meaning), where,
                          std::move(preset), "a duration such as 10s or 5m",
                          parse_duration, print_duration, low, high);
}

key ratio(std::string name, std::string meaning, member<double> where,
          std::string preset, double low, double high) {
  return scalar<double>(std::move(name), std::move(meaning), where,
                        std::move(preset), "a share such as 50%", parse_ratio,
                        print_ratio, low, high);
}

key flag(std::string name, std::string meaning, member<bool> where,
         std::string preset) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = "true or false";
  out.default_text = out.default_yaml = std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto text = as_scalar(raw);
    auto value = text ? parse_flag(*text) : std::nullopt;
    if (value)
      *where(in) = *value;
    return value.has_value();
  };
  out.print = [=](settings& in) {
    return std::string{*where(in) ? "true" : "false"};
  };
  return out;
}

key listen(std::string name, std::string meaning, member<address> where,
           std::string preset) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = "IP:PORT such as 127.0.0.1:8181";
  out.default_text = out.default_yaml = std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto text = as_scalar(raw);
    auto value = text ? parse_address(*text) : std::nullopt;
    if (value)
      *where(in) = std::move(*value);
    return value.has_value();
  };
  out.print = [=](settings& in) { return where(in)->to_string(); };
  return out;
}

namespace {

/// A key of a list whose items are parsed and printed one by one.
template <class T>
key list(std::string name, std::string meaning, member<std::vector<T>> where,
         std::string preset, std::string type, std::size_t least,
         std::function<std::optional<T>(const std::string&)> parse,
         std::function<std::string(const T&)> print) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = "a list of " + std::move(type);
  out.bounds =
      std::to_string(least) + " to " + std::to_string(items_max) + " items";
  out.default_yaml = "[" + preset + "]";
  out.default_text = std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto items = as_list(raw);
    if (!items || items->size() < least)
      return false;
    std::vector<T> values;
    for (auto& item : *items) {
      auto value = parse(item);
      if (!value)
        return false;
      values.push_back(std::move(*value));
    }
    *where(in) = std::move(values);
    return true;
  };
  out.print = [=](settings& in) {
    std::vector<std::string> items;
    for (auto& value : *where(in))
      items.push_back(print(value));
    return join(items);
  };
  return out;
}

/// A path stands in one line of `--print-config`, and in a list with commas.
std::optional<path> parse_path(const std::string& text) {
  auto fits = [](unsigned char c) { return c >= 0x20 && c != 0x7f; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), fits))
    return std::nullopt;
  return path{text};
}

} // namespace

key listens(std::string name, std::string meaning,
            member<std::vector<address>> where, std::string preset) {
  return list<address>(
      std::move(name), std::move(meaning), where, std::move(preset),
      "IP:PORT such as 127.0.0.1:8181", 1,
      [](const std::string& item) { return parse_address(item); },
      [](const address& value) { return value.to_string(); });
}

key file(std::string name, std::string meaning, member<path> where,
         std::string preset) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = "a path";
  out.default_text = preset;
  out.default_yaml = preset.empty() ? "''" : std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto text = as_scalar(raw);
    // Empty is allowed where the default is empty: "none".
    if (text && text->empty() && out.default_text.empty()) {
      where(in)->clear();
      return true;
    }
    auto value = text ? parse_path(*text) : std::nullopt;
    if (value)
      *where(in) = std::move(*value);
    return value.has_value();
  };
  out.print = [=](settings& in) { return where(in)->string(); };
  return out;
}

key files(std::string name, std::string meaning,
          member<std::vector<path>> where) {
  auto parse = [](const std::string& text) {
    return text.find(',') == std::string::npos ? parse_path(text)
                                               : std::nullopt;
  };
  return list<path>(std::move(name), std::move(meaning), where, "", "paths", 0,
                    parse, [](const path& value) { return value.string(); });
}

key text(std::string name, std::string meaning, member<std::string> where,
         std::string preset, std::string type,
         bool (*accepts)(std::string_view)) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = std::move(type);
  out.default_text = preset;
  out.default_yaml = preset.empty() ? "''" : std::move(preset);
  out.assign = [=](settings& in, const raw_value& raw) {
    auto value = as_scalar(raw);
    if (!value || !accepts(*value))
      return false;
    *where(in) = *value;
    return true;
  };
  out.print = [=](settings& in) { return *where(in); };
  return out;
}

key texts(std::string name, std::string meaning,
          member<std::vector<std::string>> where, std::string preset,
          std::string type, bool (*accepts)(std::string_view)) {
  auto out = list<std::string>(
      std::move(name), std::move(meaning), where, preset, std::move(type), 0,
      [=](const std::string& item) {
        return accepts(item) ? std::optional{item} : std::nullopt;
      },
      [](const std::string& value) { return value; });
  // In quotes: a text may begin with what means something else in YAML.
  if (!preset.empty())
    out.default_yaml = "['" + preset + "']";
  return out;
}

key pairs(std::string name, std::string meaning,
          member<std::map<std::string, std::string>> where, std::string type,
          bool (*accepts)(std::string_view, std::string_view)) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = std::move(type);
  out.bounds = "0 to " + std::to_string(items_max) + " entries";
  out.default_yaml = "{}";
  out.one_line = "name=value,name=value";
  out.assign = [=](settings& in, const raw_value& raw) {
    auto map = as_pairs(raw);
    if (!map)
      return false;
    for (auto& [name_, value] : *map)
      if (!accepts(name_, value))
        return false;
    *where(in) = std::move(*map);
    return true;
  };
  out.print = [=](settings& in) {
    std::vector<std::string> items;
    for (auto& [name_, value] : *where(in))
      items.push_back(name_ + "=" + value);
    return join(items);
  };
  return out;
}

key rates(std::string name, std::string meaning,
          member<std::map<domain::role, std::uint64_t>> where,
          std::uint64_t high) {
  key out;
  out.name = std::move(name);
  out.meaning = std::move(meaning);
  out.type = "a map of role to a whole number";
  out.bounds = "0 to " + std::to_string(high);
  out.default_yaml = "{}";
  out.one_line = "admin=0,agent=50";
  out.assign = [=](settings& in, const raw_value& raw) {
    auto map = as_pairs(raw);
    if (!map)
      return false;
    std::map<domain::role, std::uint64_t> values;
    for (auto& [role_name, text] : *map) {
      auto role = domain::parse_role(role_name);
      auto rate = parse_count(text);
      if (!role || !rate || *rate > high)
        return false;
      values.emplace(*role, *rate);
    }
    *where(in) = std::move(values);
    return true;
  };
  out.print = [=](settings& in) {
    std::vector<std::string> items;
    for (auto& [role, rate] : *where(in))
      items.push_back(std::string{domain::to_string_view(role)} + "="
                      + std::to_string(rate));
    return join(items);
  };
  return out;
}

namespace {

constexpr std::array<std::string_view, 15> section_order{
    "node",    "process", "http",     "rpc",          "metrics",
    "cluster", "policy",  "egress",   "constitution", "ledger",
    "keys",    "auth",    "breakers", "limits",       "logging"};

std::size_t rank(const key& one) {
  auto section = std::string_view{one.name}.substr(0, one.name.find('.'));
  return static_cast<std::size_t>(
      std::find(section_order.begin(), section_order.end(), section)
      - section_order.begin());
}

} // namespace

std::span<const key> all_keys() {
  static const auto table = [] {
    auto all = serving_keys();
    for (auto& one : deciding_keys())
      all.push_back(std::move(one));
    std::stable_sort(all.begin(), all.end(), [](const key& a, const key& b) {
      return rank(a) < rank(b);
    });
    return all;
  }();
  return table;
}

const key* find_key(std::string_view name) {
  auto keys = all_keys();
  auto it = std::find_if(keys.begin(), keys.end(),
                         [&](const key& one) { return one.name == name; });
  return it == keys.end() ? nullptr : &*it;
}

} // namespace acgs::config
