// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/log_audit.hpp"

#include "merkle/tree.hpp"

#include <algorithm>
#include <map>

namespace merkle {

namespace {

/// Takes the first entry off a bundle; nothing where it runs beyond the end.
std::optional<bytes_view> take_entry(bytes_view& bundle) {
  if (bundle.size() < 2)
    return std::nullopt;
  auto size = std::to_integer<std::size_t>(bundle[0]) << 8
              | std::to_integer<std::size_t>(bundle[1]);
  if (bundle.size() - 2 < size)
    return std::nullopt;
  auto entry = bundle.subspan(2, size);
  bundle = bundle.subspan(2 + size);
  return entry;
}

/// One audit on its way along the log.
class audit {
public:
  audit(const checkpoint& head, const resource_reader& read,
        std::uint64_t first)
      : head_{head}, read_{read}, first_{first} {}

  audit_report run(const std::function<void(std::uint64_t)>& progress) {
    for (std::uint64_t n = 0; n * tile_width < head_.size; ++n) {
      bool here = n * tile_width >= first_ || read_(bundle_path({n}));
      if (!(here ? check_bundle(n) : take_leaves(n)) || !check_tiles())
        return std::move(out_);
      if (progress)
        progress(out_.checked);
    }
    if (tree_.root() != head_.root)
      out_.problem = "the entries lead to another root than the checkpoint's";
    return std::move(out_);
  }

private:
  bool wrong(std::uint64_t at, std::string why) {
    out_.first_wrong = at;
    out_.problem = "entry " + std::to_string(at) + ' ' + std::move(why);
    return false;
  }

  /// The hashes of a tile in a tree of the checkpoint's size.
  const bytes* tile(unsigned level, std::uint64_t index) {
    auto& kept = tiles_[level];
    if (kept.first == index && !kept.second.empty())
      return &kept.second;
    auto width = tile_width_at(level, index, head_.size);
    auto found = read_(tile_path({level, index, width}));
    auto expected = width;
    if (!found && width < tile_width) {
      found = read_(tile_path({level, index}));
      expected = tile_width;
    }
    if (!found || found->size() != expected * sizeof(hash))
      return nullptr;
    found->resize(width * sizeof(hash));
    kept = {index, std::move(*found)};
    return &kept.second;
  }

  /// In place of a bundle that is somewhere else.
  bool take_leaves(std::uint64_t n) {
    auto* leaves = tile(0, n);
    if (!leaves)
      return wrong(n * tile_width, "is not here, and " + tile_path({0, n})
                                       + " is missing or of another size");
    for (std::size_t at = 0; at < leaves->size(); at += sizeof(hash)) {
      hash leaf;
      std::copy_n(leaves->begin() + static_cast<std::ptrdiff_t>(at),
                  leaf.size(), leaf.begin());
      tree_.append(leaf);
    }
    return true;
  }

  bool check_bundle(std::uint64_t n) {
    auto first = n * tile_width;
    auto width = static_cast<unsigned>(
        std::min<std::uint64_t>(tile_width, head_.size - first));
    auto path = bundle_path({n, width});
    auto bundle = read_(path);
    auto exact = bundle.has_value() || width == tile_width;
    if (!exact)
      bundle = read_(bundle_path({n}));
    if (!bundle)
      return wrong(first, "is missing: there is no " + path);
    auto* leaves = tile(0, n);
    if (!leaves)
      return wrong(first, "is below " + tile_path({0, n, width})
                              + ", which is missing or of another size");
    bytes_view rest{*bundle};
    for (unsigned i = 0; i < width; ++i)
      if (!check_entry(first + i, rest, leaves->data() + i * sizeof(hash)))
        return false;
    if (exact && !rest.empty())
      return wrong(first + width,
                   "does not exist, and more follows in " + path);
    return true;
  }

  bool check_entry(std::uint64_t at, bytes_view& rest, const std::byte* leaf) {
    auto entry = take_entry(rest);
    if (!entry)
      return wrong(at, "runs beyond the end of its bundle");
    auto found = with_.leaf(*entry);
    if (!std::equal(found.begin(), found.end(), leaf))
      return wrong(at, "is not what the tile of leaves holds");
    tree_.append(found);
    ++out_.checked;
    return true;
  }

  /// Every tile above the leaves that grew with the last bundle.
  bool check_tiles() {
    for (const auto& grown : tree_.take_tiles()) {
      if (grown.id.level == 0)
        continue;
      auto* stored = tile(grown.id.level, grown.id.index);
      auto width = tile_width_at(grown.id.level, grown.id.index, head_.size);
      auto path = tile_path({grown.id.level, grown.id.index, width});
      auto span = std::uint64_t{1} << (8 * grown.id.level);
      auto first = grown.id.index * tile_width * span;
      if (!stored)
        return wrong(first, "is below " + path
                                + ", which is missing or of another size");
      auto [mine, theirs] = std::mismatch(grown.hashes.begin(),
                                          grown.hashes.end(), stored->begin());
      if (mine == grown.hashes.end())
        continue;
      auto place = static_cast<std::uint64_t>(mine - grown.hashes.begin());
      return wrong(first + place / sizeof(hash) * span,
                   "is below " + path
                       + ", which is not what the entries lead to");
    }
    return true;
  }

  const checkpoint& head_;
  const resource_reader& read_;
  std::uint64_t first_;
  hasher with_;
  tree tree_;
  std::map<unsigned, std::pair<std::uint64_t, bytes>> tiles_; // one a level
  audit_report out_;
};

} // namespace

audit_report audit_log(const checkpoint& head, const resource_reader& read,
                       const std::function<void(std::uint64_t)>& progress,
                       std::uint64_t first) {
  return audit{head, read, first}.run(progress);
}

std::optional<unsigned> first_wrong_in_bundle(hasher& with, bytes_view bundle,
                                              bytes_view tile, unsigned width) {
  for (unsigned i = 0; i < width; ++i) {
    auto entry = take_entry(bundle);
    if (!entry || tile.size() / sizeof(hash) <= i)
      return i;
    auto leaf = with.leaf(*entry);
    auto place = tile.subspan(i * sizeof(hash), sizeof(hash));
    if (!std::equal(leaf.begin(), leaf.end(), place.begin()))
      return i;
  }
  return bundle.empty() ? std::nullopt : std::optional{width};
}

} // namespace merkle
