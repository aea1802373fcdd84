// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/proof.hpp"

#include "subtree.hpp"

#include <algorithm>
#include <bit>

namespace merkle {

namespace detail {

std::uint64_t split_point(std::uint64_t n) noexcept {
  return std::bit_floor(n - 1);
}

const bytes* subtrees::tile(unsigned level, std::uint64_t index) {
  auto [at, added] = tiles_.try_emplace({level, index});
  if (!added)
    return at->second.empty() ? nullptr : &at->second;
  auto width = tile_width_at(level, index, size_);
  if (width == 0)
    return nullptr;
  if (auto content = read_({level, index, width});
      content && content->size() >= width * sizeof(hash))
    at->second = std::move(*content);
  return at->second.empty() ? nullptr : &at->second;
}

result<hash> subtrees::complete(unsigned height, std::uint64_t index) {
  auto level = height / 8, within = height % 8;
  auto position = index << within; // in hashes of this tile level
  auto content = tile(level, position >> 8);
  std::optional<hash> value;
  if (content != nullptr)
    value = subtree_hash(hasher_, *content,
                         static_cast<unsigned>(position & 255), within);
  if (!value)
    return failure{"tile "
                   + tile_path({level, position >> 8,
                                tile_width_at(level, position >> 8, size_)})
                   + " is missing or too short"};
  return *value;
}

result<hash> subtrees::range(std::uint64_t low, std::uint64_t high) {
  auto count = high - low;
  if (std::has_single_bit(count)) {
    auto height = static_cast<unsigned>(std::countr_zero(count));
    return complete(height, low >> height);
  }
  auto middle = low + split_point(count);
  auto left = range(low, middle);
  if (!left)
    return left;
  auto right = range(middle, high);
  if (!right)
    return right;
  return hasher_.node(*left, *right);
}

} // namespace detail

namespace {

failure wrong_length(std::size_t have) {
  return {"a proof of " + std::to_string(have) + " hashes has a wrong length"};
}

} // namespace

result<hash> root_from_tiles(std::uint64_t size, const tile_reader& read) {
  if (size == 0)
    return empty_root();
  return detail::subtrees{size, read}.range(0, size);
}

result<proof> prove_inclusion(std::uint64_t index, std::uint64_t size,
                              const tile_reader& read) {
  if (index >= size)
    return failure{"index " + std::to_string(index)
                   + " is not in a tree of size " + std::to_string(size)};
  detail::subtrees source{size, read};
  proof out;
  for (std::uint64_t low = 0, high = size; high - low > 1;) {
    auto middle = low + detail::split_point(high - low);
    bool left = index < middle;
    auto sibling =
        left ? source.range(middle, high) : source.range(low, middle);
    if (!sibling)
      return failure{sibling.error()};
    out.push_back(*sibling);
    (left ? high : low) = middle;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

result<proof> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                const tile_reader& read) {
  if (old_size > size)
    return failure{"size " + std::to_string(old_size)
                   + " is beyond the tree of size " + std::to_string(size)};
  proof out;
  if (old_size == 0 || old_size == size)
    return out;
  detail::subtrees source{size, read};
  std::uint64_t low = 0, high = size;
  while (high != old_size) {
    auto middle = low + detail::split_point(high - low);
    bool left = old_size <= middle;
    auto other = left ? source.range(middle, high) : source.range(low, middle);
    if (!other)
      return failure{other.error()};
    out.push_back(*other);
    (left ? high : low) = middle;
  }
  // The verifier knows the old root itself, unless it was split on the way.
  if (low != 0) {
    auto last = source.range(low, high);
    if (!last)
      return failure{last.error()};
    out.push_back(*last);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

outcome verify_inclusion(const hash& leaf, std::uint64_t index,
                         std::uint64_t size, const proof& path,
                         const hash& root) {
  if (index >= size)
    return failure{"index " + std::to_string(index)
                   + " is not in a tree of size " + std::to_string(size)};
  hasher with;
  auto node = index, last = size - 1;
  auto value = leaf;
  for (const auto& sibling : path) {
    if (last == 0)
      return wrong_length(path.size());
    if ((node & 1) != 0 || node == last) {
      value = with.node(sibling, value);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      value = with.node(value, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0)
    return wrong_length(path.size());
  if (value != root)
    return failure{"the inclusion proof leads to another root"};
  return ok();
}

outcome verify_consistency(std::uint64_t old_size, const hash& old_root,
                           std::uint64_t size, const hash& root,
                           const proof& path) {
  if (old_size > size)
    return failure{"the older tree is larger than the newer one"};
  if (old_size == 0 || old_size == size) {
    if (!path.empty())
      return wrong_length(path.size());
    const auto& expected = old_size == 0 ? empty_root() : root;
    if (old_root != expected)
      return failure{"the older root is not the one of its size"};
    return ok();
  }
  if (path.empty())
    return wrong_length(0);
  hasher with;
  auto node = old_size - 1, last = size - 1;
  auto shift = std::countr_one(node);
  node = shift < 64 ? node >> shift : 0;
  last = shift < 64 ? last >> shift : 0;
  // A complete older tree is itself the start of the path.
  auto next = path.begin();
  auto value = std::has_single_bit(old_size) ? old_root : *next++;
  auto old_value = value;
  for (; next != path.end(); ++next) {
    if (last == 0)
      return wrong_length(path.size());
    if ((node & 1) != 0 || node == last) {
      old_value = with.node(*next, old_value);
      value = with.node(*next, value);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      value = with.node(value, *next);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0)
    return wrong_length(path.size());
  if (old_value != old_root || value != root)
    return failure{"the consistency proof leads to other roots"};
  return ok();
}

} // namespace merkle
