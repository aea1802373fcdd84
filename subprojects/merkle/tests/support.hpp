// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the suites share: hex, a log kept as tiles in memory, and the RFC's
// recursive definitions written out as they stand, to compare with.

#include "merkle/tree.hpp"

#include <map>
#include <ostream>

namespace merkle {

/// For the test framework's messages.
template <class T>
std::ostream& operator<<(std::ostream& out, const result<T>& what) {
  return out << (what ? std::string{"a value"} : what.error());
}

} // namespace merkle

namespace merkle::test {

inline std::string hex(bytes_view data) {
  std::string out;
  for (auto byte : data)
    for (auto digit : {std::to_integer<unsigned>(byte) >> 4,
                       std::to_integer<unsigned>(byte) & 15})
      out += "0123456789abcdef"[digit];
  return out;
}

inline bytes unhex(std::string_view text) {
  bytes out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2)
    out.push_back(static_cast<std::byte>(
        std::stoul(std::string{text.substr(at, 2)}, nullptr, 16)));
  return out;
}

/// A log in memory: the tree, its tiles as stored, and its leaf hashes.
struct memory_log {
  merkle::tree tree;
  std::map<std::pair<unsigned, std::uint64_t>, bytes> tiles;
  std::vector<hash> leaves;
  hasher with;

  void add(std::string_view data) {
    leaves.push_back(with.leaf(as_bytes(data)));
    tree.append(leaves.back());
  }

  void store() {
    for (auto& tile : tree.take_tiles())
      tiles[{tile.id.level, tile.id.index}] = std::move(tile.hashes);
  }

  void grow_to(std::uint64_t size) {
    while (leaves.size() < size)
      add("entry " + std::to_string(leaves.size()));
    store();
  }

  tile_reader reader() const {
    return [this](const tile_id& id) -> std::optional<bytes> {
      auto at = tiles.find({id.level, id.index});
      if (at == tiles.end())
        return std::nullopt;
      return at->second;
    };
  }
};

/// MTH of RFC 6962, 2.1.
inline hash mth(hasher& with, std::span<const hash> d) {
  if (d.empty())
    return empty_root();
  if (d.size() == 1)
    return d[0];
  std::size_t k = 1;
  while (k * 2 < d.size())
    k *= 2;
  return with.node(mth(with, d.first(k)), mth(with, d.subspan(k)));
}

} // namespace merkle::test
