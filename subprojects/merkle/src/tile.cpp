// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/tile.hpp"

#include "text.hpp"

#include <algorithm>

namespace merkle {

namespace {

/// Digits in groups of three, all groups but the last after an x.
std::string grouped(std::uint64_t index) {
  auto digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += 3) {
    if (at + 3 < digits.size())
      out += 'x';
    out.append(digits, at, 3);
    if (at + 3 < digits.size())
      out += '/';
  }
  return out;
}

std::string with_width(std::string path, unsigned width) {
  if (width < tile_width)
    path += ".p/" + std::to_string(width);
  return path;
}

/// Reads the part <N>[.p/<W>]: what does not read back the same is refused.
std::optional<bundle_id> parse_index(std::string_view text) {
  bundle_id out;
  auto number = text;
  if (auto dot = text.find(".p/"); dot != text.npos) {
    auto width = detail::parse_decimal(text.substr(dot + 3));
    if (!width || *width == 0 || *width >= tile_width)
      return std::nullopt;
    out.width = static_cast<unsigned>(*width);
    number = text.substr(0, dot);
  }
  std::string digits;
  for (char c : number)
    if (c >= '0' && c <= '9')
      digits += c;
  auto first = std::min(digits.find_first_not_of('0'),
                        digits.empty() ? 0 : digits.size() - 1);
  auto index = detail::parse_decimal(std::string_view{digits}.substr(first));
  if (!index || with_width(grouped(*index), out.width) != text)
    return std::nullopt;
  out.index = *index;
  return out;
}

} // namespace

unsigned tile_width_at(unsigned level, std::uint64_t index,
                       std::uint64_t size) noexcept {
  auto hashes = level < 8 ? size >> (8 * level) : 0;
  if (index < hashes >> 8)
    return tile_width;
  return index == hashes >> 8 ? static_cast<unsigned>(hashes & 255) : 0;
}

std::string tile_path(const tile_id& id) {
  auto path = "tile/" + std::to_string(id.level) + '/' + grouped(id.index);
  return with_width(std::move(path), id.width);
}

std::string bundle_path(const bundle_id& id) {
  return with_width("tile/entries/" + grouped(id.index), id.width);
}

result<tile_id> parse_tile_path(std::string_view path) {
  constexpr std::string_view prefix = "tile/";
  failure bad{"not a tile path: expected tile/<L>/<N>[.p/<W>]"};
  if (path.size() > 64 || !path.starts_with(prefix))
    return bad;
  auto rest = path.substr(prefix.size());
  auto slash = rest.find('/');
  if (slash == rest.npos)
    return bad;
  auto level = detail::parse_decimal(rest.substr(0, slash));
  auto index = parse_index(rest.substr(slash + 1));
  if (!level || *level > max_tile_level || !index)
    return bad;
  return tile_id{static_cast<unsigned>(*level), index->index, index->width};
}

result<bundle_id> parse_bundle_path(std::string_view path) {
  constexpr std::string_view prefix = "tile/entries/";
  failure bad{"not a bundle path: expected tile/entries/<N>[.p/<W>]"};
  if (path.size() > 64 || !path.starts_with(prefix))
    return bad;
  auto index = parse_index(path.substr(prefix.size()));
  if (!index)
    return bad;
  return *index;
}

outcome append_to_bundle(bytes& bundle, bytes_view entry) {
  if (entry.size() > max_entry_size)
    return failure{"an entry of " + std::to_string(entry.size())
                   + " bytes: expected at most 65535"};
  bundle.push_back(static_cast<std::byte>(entry.size() >> 8));
  bundle.push_back(static_cast<std::byte>(entry.size() & 255));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
  return ok();
}

result<std::vector<bytes_view>> parse_bundle(bytes_view bundle) {
  std::vector<bytes_view> out;
  while (!bundle.empty()) {
    if (out.size() == tile_width)
      return failure{"a bundle of more than 256 entries"};
    if (bundle.size() < 2)
      return failure{"a bundle that ends within a length"};
    auto size = std::to_integer<std::size_t>(bundle[0]) << 8
                | std::to_integer<std::size_t>(bundle[1]);
    if (bundle.size() - 2 < size)
      return failure{"a bundle that ends within entry "
                     + std::to_string(out.size())};
    out.push_back(bundle.subspan(2, size));
    bundle = bundle.subspan(2 + size);
  }
  return out;
}

std::optional<hash> subtree_hash(hasher& with, bytes_view tile, unsigned first,
                                 unsigned height) {
  auto count = std::size_t{1} << height;
  if (height > 8 || tile.size() / sizeof(hash) < first + count)
    return std::nullopt;
  std::vector<hash> row(count);
  for (std::size_t i = 0; i < count; ++i)
    std::copy_n(tile.begin() + static_cast<long>((first + i) * sizeof(hash)),
                sizeof(hash), row[i].begin());
  for (; count > 1; count /= 2)
    for (std::size_t i = 0; i < count / 2; ++i)
      row[i] = with.node(row[2 * i], row[2 * i + 1]);
  return row[0];
}

} // namespace merkle
