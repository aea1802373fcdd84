// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/tile_export.hpp"

#include "actors/shell/audit_offline.hpp"
#include "actors/shell/log_trust.hpp"
#include "runtime/archive/folder.hpp"
#include "runtime/base/bytes.hpp"

#include <merkle/log_audit.hpp>
#include <merkle/tree.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

/// Writes a file whole or not at all.
caf::error write_whole(const fs::path& folder, const std::string& path,
                       byte_view content) {
  auto failed = [&](const std::string& why) {
    return make_error(ec::store_io,
                      "cannot write '" + (folder / path).string() + "': " + why,
                      "output");
  };
  std::error_code wrong;
  fs::create_directories((folder / path).parent_path(), wrong);
  if (wrong)
    return failed(wrong.message());
  auto part = folder / "unfinished";
  std::ofstream to{part, std::ios::binary | std::ios::trunc};
  to << as_text(content);
  to.close();
  if (!to)
    return failed(std::strerror(errno));
  fs::rename(part, folder / path, wrong);
  return wrong ? failed(wrong.message()) : caf::error{};
}

std::string text_of(const fs::path& folder, const std::string& path) {
  auto found = read_resource(folder, path);
  return found ? std::string{as_text(*found)} : std::string{};
}

class tree_export {
public:
  tree_export(const fs::path& folder, const resource_source& read)
      : folder_{folder}, read_{read} {}

  /// Reads whose log it is, and what the folder holds of it.
  caf::error begin() {
    auto signed_head = read_("checkpoint");
    if (!signed_head)
      return signed_head.error();
    signed_ = std::move(*signed_head);
    if (auto failed = read_keys())
      return failed;
    auto head = keys_.open(signed_);
    if (!head)
      return make_error(ec::store_corrupt,
                        "the checkpoint: " + sentence_of(head.error()));
    head_ = std::move(head->head);
    return look_at_older();
  }

  const merkle::checkpoint& head() const { return head_; }
  std::uint64_t fetched() const { return fetched_; }

  caf::error add_bundle(std::uint64_t n) {
    auto width = width_of(n, head_.size);
    auto path = merkle::bundle_path({n, width});
    auto bundle = read_resource(folder_, path);
    auto leaves = read_resource(folder_, merkle::tile_path({0, n, width}));
    auto kept =
        bundle && leaves
        && !merkle::first_wrong_in_bundle(with_, *bundle, *leaves, width);
    if (!kept) {
      auto found = read_(path);
      if (!found)
        return found.error();
      auto view = as_byte_view(*found);
      bundle.emplace(view.begin(), view.end());
      fetched_ += width;
    }
    auto entries = merkle::parse_bundle(*bundle);
    if (!entries || entries->size() != width)
      return make_error(
          ec::store_corrupt,
          path + ": expected " + std::to_string(width) + " entries, not "
              + (entries ? std::to_string(entries->size()) : entries.error()));
    for (auto entry : *entries)
      tree_.append_data(entry);
    if (!kept)
      if (auto failed = write_whole(folder_, path, *bundle))
        return failed;
    return write_tiles();
  }

  /// Of entries that are in an archive, and not in the folder already.
  caf::error add_leaves(std::uint64_t n) {
    auto path = merkle::tile_path({0, n});
    auto found = read_(path);
    if (!found)
      return found.error();
    auto left = as_byte_view(*found);
    if (left.size() != merkle::tile_width * sizeof(merkle::hash))
      return make_error(ec::store_corrupt, path + " is no whole tile");
    for (; !left.empty(); left = left.subspan(sizeof(merkle::hash))) {
      merkle::hash leaf;
      std::copy_n(left.begin(), leaf.size(), leaf.begin());
      tree_.append(leaf);
    }
    first_ = (n + 1) * merkle::tile_width;
    return write_tiles();
  }

  bool has_bundle(std::uint64_t n) const {
    return read_resource(folder_, merkle::bundle_path({n})).has_value();
  }

  /// Writes the checkpoint; what only the older one needed goes.
  caf::error finish() {
    if (tree_.root() != head_.root)
      return make_error(ec::store_corrupt,
                        "the entries lead to another root than the "
                        "checkpoint's; the checkpoint is not written");
    for (const auto& [level, tile] : partial_)
      if (auto failed = write_tile(tile))
        return failed;
    if (auto failed = describe())
      return failed;
    auto failed = list_.empty()
                      ? caf::error{}
                      : write_whole(folder_, "keys", as_byte_view(list_));
    if (!failed)
      failed = write_whole(folder_, "checkpoint", as_byte_view(signed_));
    if (!failed)
      remove_others();
    return failed;
  }

private:
  /// Says where the entries begin that are here.
  caf::error describe() const {
    if (first_ == 0)
      return {};
    archive::description what;
    what.origin = head_.origin;
    what.first = first_;
    what.size = head_.size;
    auto text = archive::format_description(what);
    return write_whole(folder_, archive::description_name, as_byte_view(text));
  }

  static unsigned width_of(std::uint64_t n, std::uint64_t size) {
    return merkle::tile_width_at(0, n, size);
  }

  caf::error other_log(const std::string& why) const {
    return make_error(ec::conflict,
                      "'" + folder_.string() + "' holds another log: " + why,
                      "output");
  }

  /// The log's keys, from the one that the folder began with.
  caf::error read_keys() {
    auto list = read_("keys");
    if (list)
      list_ = std::move(*list);
    else if (code_of(list.error()) != ec::not_found)
      return list.error();
    auto vkey = read_("vkey");
    if (!vkey)
      return vkey.error();
    auto there = text_of(folder_, "vkey");
    auto trusted = verifier_key_of(there.empty() ? *vkey : there);
    auto now = verifier_key_of(*vkey);
    if (!trusted || !now)
      return trusted ? now.error() : trusted.error();
    auto keys = keys_from(*trusted, list_);
    if (!keys || !keys->find(*now))
      return other_log("another key, " + there.substr(0, there.find('\n')));
    keys_ = std::move(*keys);
    return there.empty() ? write_whole(folder_, "vkey", as_byte_view(*vkey))
                         : caf::error{};
  }

  caf::error look_at_older() {
    auto note = text_of(folder_, "checkpoint");
    if (note.empty())
      return {};
    auto found = keys_.open(note);
    if (!found)
      return other_log(sentence_of(found.error()));
    auto older = &found->head;
    if (older->size > head_.size)
      return other_log("it has " + std::to_string(older->size)
                       + " entries, the node's " + std::to_string(head_.size));
    return {};
  }

  caf::error write_tile(const merkle::tile_content& tile) {
    auto path = merkle::tile_path(tile.id);
    if (read_resource(folder_, path) == tile.hashes)
      return {};
    return write_whole(folder_, path, tile.hashes);
  }

  /// The full ones; the others wait, since they may still grow.
  caf::error write_tiles() {
    for (auto& tile : tree_.take_tiles()) {
      if (tile.id.width < merkle::tile_width) {
        partial_[tile.id.level] = std::move(tile);
        continue;
      }
      if (auto failed = write_tile(tile))
        return failed;
      partial_.erase(tile.id.level);
    }
    return {};
  }

  /// Whether a file of a partial tile or bundle is this log's.
  bool is_partial_of_it(const std::string& path) const {
    auto width_at = [&](unsigned level, std::uint64_t n) {
      return merkle::tile_width_at(level, n, head_.size);
    };
    if (auto bundle = merkle::parse_bundle_path(path))
      return bundle->width == width_at(0, bundle->index);
    auto tile = merkle::parse_tile_path(path);
    return tile && tile->width == width_at(tile->level, tile->index);
  }

  /// What is partial, and of an older checkpoint or of an export that was cut
  /// off, goes.
  void remove_others() const {
    std::vector<fs::path> gone;
    std::error_code failed;
    for (fs::recursive_directory_iterator at{folder_ / "tile", failed}, end;
         !failed && at != end; at.increment(failed)) {
      auto path = at->path();
      if (path.parent_path().extension() == ".p" && at->is_regular_file(failed)
          && !is_partial_of_it(path.lexically_relative(folder_).string()))
        gone.push_back(path);
    }
    for (const auto& path : gone) {
      std::error_code ignored; // one too many does no harm
      fs::remove(path, ignored);
      fs::remove(path.parent_path(), ignored); // where empty
    }
  }

  const fs::path& folder_;
  const resource_source& read_;
  merkle::checkpoint head_;
  std::string signed_;
  std::string list_; // of keys; empty where the node gives none
  crypto::key_history keys_;
  std::uint64_t fetched_ = 0;
  std::uint64_t first_ = 0; // entries before it are in an archive
  merkle::hasher with_;
  merkle::tree tree_;
  std::map<unsigned, merkle::tile_content> partial_; // by level
};

} // namespace

result<exported_tree>
export_tiles(const fs::path& folder, const resource_source& read,
             const std::function<void(std::uint64_t, std::uint64_t)>& progress,
             std::uint64_t first) {
  tree_export run{folder, read};
  if (auto failed = run.begin())
    return failed;
  auto size = run.head().size;
  for (std::uint64_t n = 0; n * merkle::tile_width < size; ++n) {
    bool gone = n * merkle::tile_width < first && !run.has_bundle(n);
    if (auto failed = gone ? run.add_leaves(n) : run.add_bundle(n))
      return failed;
    progress(std::min(size, (n + 1) * merkle::tile_width), size);
  }
  if (auto failed = run.finish())
    return failed;
  return exported_tree{run.head().origin, size, run.fetched()};
}

} // namespace acgs::shell
