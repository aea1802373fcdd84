// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/archive/writer.hpp"

#include "runtime/archive/part_files.hpp"
#include "runtime/crypto/key_document.hpp"
#include "runtime/store/folder.hpp"

#include <merkle/log_audit.hpp>
#include <merkle/tree.hpp>

#include <algorithm>

namespace acgs::archive {

namespace {

namespace fs = std::filesystem;

constexpr auto tile_bytes = merkle::tile_width * sizeof(digest);

caf::error other(const fs::path& folder, const std::string& why) {
  return make_error(ec::conflict, "'" + folder.string() + "' " + why, "output");
}

/// Without a slash at its end, so that what lies in it is named below it.
fs::path named(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

class writing {
public:
  writing(const order& what, const source& from)
      : what_{what}, from_{from}, files_{named(what.folder)} {
    what_.folder = named(what.folder);
  }

  result<archived> run() {
    for (auto step : {&writing::check_order, &writing::take_up_folder,
                      &writing::take_up_keys, &writing::take_first_payloads,
                      &writing::begin})
      if (auto bad = (this->*step)())
        return bad;
    for (std::uint64_t n = 0; n * merkle::tile_width < what_.size; ++n) {
      auto bad =
          n * merkle::tile_width < now_.first ? add_leaves(n) : add_bundle(n);
      if (!bad)
        bad = add_tiles();
      if (bad)
        return bad;
      if (what_.progress)
        what_.progress((n + 1) * merkle::tile_width, what_.size);
    }
    if (auto bad = finish())
      return bad;
    return verify(what_.folder, keys_, {});
  }

private:
  caf::error check_order() {
    if (what_.size % merkle::tile_width == 0 && what_.size > what_.archived)
      return {};
    return make_error(
        ec::invalid_argument,
        "an archive holds whole tiles of " + std::to_string(merkle::tile_width)
            + " entries and more than the " + std::to_string(what_.archived)
            + " that are archived, not " + std::to_string(what_.size));
  }

  /// What is there must be this archive's beginning.
  caf::error take_up_folder() {
    std::error_code failed;
    now_.first = what_.archived;
    now_.size = what_.size;
    if (!fs::exists(what_.folder, failed))
      return {};
    if (!fs::is_directory(what_.folder, failed))
      return other(what_.folder, "is no folder");
    auto whole = read_description(what_.folder, description_name);
    auto begun = read_description(what_.folder, unfinished_name);
    if (!whole || !begun)
      return whole ? begun.error() : whole.error();
    const auto& there = *whole ? *whole : *begun;
    if (!there) {
      // A first run may have been cut off before it had said what it is.
      for (const auto& each : fs::directory_iterator{what_.folder, failed})
        if (each.path().filename() != files::unfinished)
          return other(what_.folder, "is not empty and holds no archive");
      return {};
    }
    now_.origin = there->origin;
    now_.first = there->first;
    if (*whole && !(*whole)->payloads)
      return other(what_.folder, "holds an exported log");
    if (*whole && (*whole)->size < what_.archived)
      return other(what_.folder, "holds an archive of the entries before "
                                     + std::to_string((*whole)->size)
                                     + ", the log begins at "
                                     + std::to_string(what_.archived)
                                     + ": name another folder");
    if (*whole && (*whole)->size > what_.size)
      return other(what_.folder, "holds more already: the entries before "
                                     + std::to_string((*whole)->size));
    if (!*whole && there->first != what_.archived)
      return other(what_.folder, "holds the beginning of another archive");
    return {};
  }

  /// The log's keys, from the one that the folder began with.
  caf::error take_up_keys() {
    auto vkey = from_.resource("vkey");
    if (!vkey)
      return vkey.error();
    vkey_ = std::move(*vkey);
    auto list = from_.resource("keys");
    if (list)
      list_ = std::move(*list);
    else if (code_of(list.error()) != ec::not_found)
      return list.error();
    auto there = read_part(what_.folder, "vkey");
    if (there)
      vkey_ = as_text(*there);
    auto keys = keys_of(vkey_, list_);
    if (!keys)
      return other(what_.folder,
                   "holds another log: " + sentence_of(keys.error()));
    keys_ = std::move(*keys);
    auto note = from_.resource("checkpoint/" + std::to_string(what_.size));
    if (!note)
      return note.error();
    auto head = keys_.open(*note);
    if (!head && there)
      return other(what_.folder,
                   "holds another log: " + sentence_of(head.error()));
    if (!head || head->head.size != what_.size)
      return make_error(ec::store_corrupt,
                        "the checkpoint of size " + std::to_string(what_.size)
                            + (head ? " is of another size"
                                    : ": " + sentence_of(head.error())));
    checkpoint_ = std::move(*note);
    head_ = std::move(head->head);
    if (!now_.origin.empty() && now_.origin != head_.origin)
      return other(what_.folder,
                   "holds the log " + now_.origin + ", not " + head_.origin);
    now_.origin = head_.origin;
    return {};
  }

  /// Whoever may read the log may not have these: a refusal comes before
  /// anything is written.
  caf::error take_first_payloads() {
    auto found = from_.payloads(what_.archived / merkle::tile_width);
    if (!found)
      return found.error();
    first_payloads_ = std::move(*found);
    return {};
  }

  caf::error begin() {
    if (auto bad = files_.make(what_.folder))
      return bad;
    auto text = format_description(now_);
    if (auto bad = files_.put(unfinished_name, as_byte_view(text)))
      return bad;
    return files_.put("vkey", as_byte_view(vkey_));
  }

  /// Of entries that lie in another archive.
  caf::error add_leaves(std::uint64_t n) {
    auto path = merkle::tile_path({0, n});
    auto tile = read_part(what_.folder, path);
    if (!tile || tile->size() != tile_bytes) {
      auto found = from_.resource(path);
      if (!found)
        return found.error();
      auto view = as_byte_view(*found);
      tile.emplace(view.begin(), view.end());
    }
    if (tile->size() != tile_bytes)
      return make_error(ec::store_corrupt, path + " is no whole tile");
    for (byte_view left{*tile}; !left.empty();
         left = left.subspan(sizeof(digest))) {
      digest leaf;
      std::copy_n(left.begin(), leaf.size(), leaf.begin());
      tree_.append(leaf);
    }
    return {};
  }

  caf::error add_bundle(std::uint64_t n) {
    auto path = merkle::bundle_path({n});
    // What the log has no more is taken from the archive that goes on.
    bool old = n * merkle::tile_width < what_.archived;
    auto bundle = old ? read_part(what_.folder, path) : std::nullopt;
    if (old && !bundle)
      return make_error(ec::store_corrupt,
                        "the archive's " + path + " is missing");
    if (!old) {
      auto found = from_.resource(path);
      if (!found)
        return found.error();
      auto view = as_byte_view(*found);
      bundle.emplace(view.begin(), view.end());
    }
    auto entries = merkle::parse_bundle(*bundle);
    if (!entries || entries->size() != merkle::tile_width)
      return make_error(ec::store_corrupt,
                        path + " is no bundle of "
                            + std::to_string(merkle::tile_width) + " entries");
    for (auto entry : *entries)
      tree_.append_data(entry);
    if (old)
      return {};
    if (auto bad = files_.put(path, *bundle))
      return bad;
    auto payloads = first_payloads_ ? result<bytes>{std::move(*first_payloads_)}
                                    : from_.payloads(n);
    first_payloads_.reset();
    if (!payloads)
      return payloads.error();
    return files_.put(payload_path(n), *payloads);
  }

  /// The full ones; the others wait, since they may still grow.
  caf::error add_tiles() {
    for (auto& tile : tree_.take_tiles()) {
      if (tile.id.width < merkle::tile_width) {
        partial_[tile.id.level] = std::move(tile);
        continue;
      }
      partial_.erase(tile.id.level);
      if (auto bad = put_tile(tile))
        return bad;
    }
    return {};
  }

  caf::error put_tile(const merkle::tile_content& tile) {
    auto path = merkle::tile_path(tile.id);
    // Its folder may have been named on the disk by nobody yet.
    if (read_part(what_.folder, path) == tile.hashes)
      return files_.make((what_.folder / path).parent_path());
    return files_.put(path, tile.hashes);
  }

  /// The checkpoint comes last, when all that it speaks of is on the disk.
  caf::error finish() {
    if (tree_.root() != head_.root)
      return make_error(ec::store_corrupt,
                        "the entries lead to another root than the "
                        "checkpoint's");
    for (const auto& [level, tile] : partial_)
      if (auto bad = put_tile(tile))
        return bad;
    if (!list_.empty())
      if (auto bad = files_.put("keys", as_byte_view(list_)))
        return bad;
    auto sum = sum_of_payloads(what_.folder, now_);
    if (!sum)
      return sum.error();
    now_.payloads = *sum;
    if (auto bad = files_.sync_folders())
      return bad;
    if (auto bad = files_.put("checkpoint", as_byte_view(checkpoint_)))
      return bad;
    auto text = format_description(now_);
    if (auto bad = files_.put(description_name, as_byte_view(text)))
      return bad;
    std::error_code ignored; // it says less than `archive` does
    fs::remove(what_.folder / unfinished_name, ignored);
    return store::keep_folder(what_.folder);
  }

  order what_;
  const source& from_;
  files files_;
  description now_;
  std::string vkey_;
  std::string list_;
  std::string checkpoint_;
  crypto::key_history keys_;
  merkle::checkpoint head_;
  merkle::tree tree_;
  std::optional<bytes> first_payloads_; // of the first bundle that is added
  std::map<unsigned, merkle::tile_content> partial_; // by level
};

} // namespace

result<archived> write_archive(const order& what, const source& from) {
  return writing{what, from}.run();
}

} // namespace acgs::archive
