// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/key_files.hpp"

#include "actors/signer/log.hpp"
#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"

#include <algorithm>

namespace acgs::signer {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t ring_bytes_max = 4u << 20;

fs::path ring_file(const config& with) {
  return with.folder / ring_name;
}

const crypto::key_lock& lock_of(const config& with) {
  static const crypto::key_lock none;
  return with.lock ? *with.lock : none;
}

/// Reads a key, and encrypts its file where there is a lock and it is not.
result<crypto::signing_key> open_key(const config& with, const fs::path& file) {
  const auto& lock = lock_of(with);
  if (lock.kind() != crypto::lock_kind::none) {
    auto locked = crypto::lock_of(file);
    if (!locked)
      return locked.error();
    if (*locked == crypto::lock_kind::none) {
      if (auto bad = crypto::protect_key(file, lock))
        return bad;
      logger.info("a key file was encrypted; copies of it made before are not",
                  {{"event", "key_protected"}, {"file", file.string()}});
    }
  }
  return crypto::load_key(file, lock);
}

/// When the file was last written: until it is encrypted, when it was made.
std::int64_t age_of(const fs::path& file) {
  std::error_code failed;
  auto written = fs::last_write_time(file, failed);
  if (failed)
    return 0;
  auto time = std::chrono::file_clock::to_sys(written);
  return std::chrono::nanoseconds{time.time_since_epoch()}.count();
}

/// "checkpoint-0123abcd.key": of a key that followed another.
bool is_of_successor(std::string_view name, std::string_view purpose) {
  return name.size() == purpose.size() + 13 && name.starts_with(purpose)
         && name[purpose.size()] == '-' && name.ends_with(".key");
}

std::vector<std::string> key_files_in(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code ignored; // what cannot be listed is not opened either
  for (const auto& each : fs::directory_iterator{folder, ignored}) {
    auto name = each.path().filename().string();
    auto bare = std::string_view{name};
    if (bare.ends_with(".new")) // of a write that a crash broke off
      bare.remove_suffix(4);
    for (auto purpose : purpose_names)
      if (bare == std::string{purpose} + ".key"
          || is_of_successor(bare, purpose))
        found.push_back(name);
  }
  return found;
}

/// A ring that was lost cannot be made again from keys that followed others.
caf::error check_never_rotated(const config& with) {
  for (const auto& name : key_files_in(with.folder))
    if (name.find('-') != name.npos && name.ends_with(".key"))
      return make_error(ec::store_corrupt,
                        ring_file(with).string() + " is missing, but " + name
                            + " is there, which followed another key; put the "
                              "file back from a backup");
  return {};
}

result<crypto::signing_key> open_or_make(const config& with,
                                         const fs::path& file, bool& made) {
  auto loaded = open_key(with, file);
  if (loaded || code_of(loaded.error()) != ec::not_found)
    return loaded;
  auto fresh = crypto::signing_key::generate();
  if (auto bad = crypto::save_key(file, fresh, lock_of(with)))
    return bad;
  made = true;
  return fresh;
}

/// Removes what the ring does not name, and says so.
void remove_left_over(const config& with, const ring& known) {
  for (const auto& name : key_files_in(with.folder)) {
    auto named = std::any_of(known.active.begin(), known.active.end(),
                             [&](const auto& key) { return key.file == name; });
    if (named)
      continue;
    std::error_code failed;
    fs::remove(with.folder / name, failed);
    logger.warning(
        "a key file that is not in use was removed: its key signs no "
        "more, or never did since a change of keys did not come about",
        {{"event", "key_file_removed"},
         {"file", name},
         {"reason", failed ? failed.message() : ""}});
  }
}

/// The first start, and the first with a ring.
result<opened_keys> begin_ring(const config& with) {
  if (auto bad = check_never_rotated(with))
    return bad;
  opened_keys all;
  all.known.origin = with.origin;
  for (std::size_t i = 0; i < purpose_names.size(); ++i) {
    auto& entry = all.known.active[i];
    entry.file = std::string{purpose_names[i]} + ".key";
    auto key = open_or_make(with, with.folder / entry.file, all.made_now[i]);
    if (!key)
      return key.error();
    auto shown = merkle::make_verifier_key(
        key_name_of(with.origin, static_cast<purpose>(i)),
        merkle::signature_type::ed25519, key->public_part());
    if (!shown)
      return make_error(ec::invalid_argument, shown.error());
    entry.key = std::move(*shown);
    entry.created_nanos = all.made_now[i] ? to_nanos(with.time->now())
                                          : age_of(with.folder / entry.file);
    all.secrets.push_back(std::move(*key));
  }
  if (auto bad = crypto::replace_private_file(
          ring_file(with), as_byte_view(format_ring(all.known))))
    return bad;
  remove_left_over(with, all.known); // of a first start that was broken off
  return all;
}

result<ring> read_ring(const config& with, const crypto::secret& content) {
  auto read =
      content.read([](byte_view text) { return parse_ring(as_text(text)); });
  if (!read)
    return make_error(code_of(read.error()), ring_file(with).string() + ": "
                                                 + sentence_of(read.error()));
  if (read->origin == with.origin)
    return read;
  logger.warning("the node writes a log of another origin from now on",
                 {{"event", "origin_changed"},
                  {"before", read->origin},
                  {"origin", with.origin}});
  auto moved = under_origin(std::move(*read), with.origin);
  if (!moved)
    return moved;
  if (auto bad = crypto::replace_private_file(
          ring_file(with), as_byte_view(format_ring(*moved))))
    return bad;
  return moved;
}

} // namespace

result<std::string> read_ring_text(const fs::path& folder) {
  auto content = crypto::read_private_file(folder / ring_name, ring_bytes_max);
  if (!content)
    return content.error();
  return content->read(
      [](byte_view text) { return std::string{as_text(text)}; });
}

result<opened_keys> open_keys(const config& with) {
  if (auto bad = crypto::ensure_private_folder(with.folder))
    return bad;
  auto content = crypto::read_private_file(ring_file(with), ring_bytes_max);
  if (!content && code_of(content.error()) == ec::not_found)
    return begin_ring(with);
  if (!content)
    return content.error();
  auto known = read_ring(with, *content);
  if (!known)
    return known.error();
  opened_keys all;
  all.known = std::move(*known);
  for (const auto& each : all.known.active) {
    auto key = open_key(with, with.folder / each.file);
    if (!key)
      return key.error();
    all.secrets.push_back(std::move(*key));
  }
  remove_left_over(with, all.known);
  return all;
}

caf::error store_change(const config& with, const planned_change& what,
                        bool& unknown) {
  auto at = static_cast<std::size_t>(what.serves);
  if (what.fresh)
    if (auto bad = crypto::save_key(with.folder / what.next.active[at].file,
                                    *what.fresh, lock_of(with)))
      return bad;
  if (auto bad = crypto::replace_private_file(
          ring_file(with), as_byte_view(format_ring(what.next)))) {
    unknown = true;
    return bad;
  }
  if (what.dropped.empty())
    return {};
  std::error_code failed;
  fs::remove(with.folder / what.dropped, failed);
  if (failed)
    logger.warning("the file of a key that signs no more cannot be removed",
                   {{"event", "key_file_kept"},
                    {"file", what.dropped},
                    {"reason", failed.message()}});
  return {};
}

} // namespace acgs::signer
