// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/disk_recorder.hpp"

#include "tests/support/scratch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace acgs::test {

namespace {

using faults::call_kind;
using kind = disk_event::kind;

constexpr std::size_t sector = 512;

bool is_folder(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::is_directory(path, unknown);
}

/// LMDB makes its lock file anew at each start.
bool counts(const std::string& path, const std::string& folder) {
  return path.starts_with(folder) && !path.ends_with("lock.mdb")
         && !path.ends_with("store.lock");
}

void put(bytes& to, const disk_event& from, std::size_t begin,
         std::size_t count) {
  auto at = from.offset + begin;
  if (to.size() < at + count)
    to.resize(at + count);
  std::copy_n(from.content.begin() + static_cast<std::ptrdiff_t>(begin), count,
              to.begin() + static_cast<std::ptrdiff_t>(at));
}

void put_all(bytes& to, const disk_event& from) {
  put(to, from, 0, from.content.size());
}

/// Some of its sectors.
void put_torn(bytes& to, const disk_event& from, std::mt19937_64& chance) {
  std::size_t begin = 0;
  while (begin < from.content.size()) {
    auto end =
        std::min(from.content.size(), (from.offset + begin) / sector * sector
                                          + sector - from.offset);
    if (chance() % 2 == 0)
      put(to, from, begin, end - begin);
    begin = end;
  }
}

/// What is left of a file.
bytes left_of(bytes out, const auto& pending, std::mt19937_64& chance) {
  auto longest = out.size();
  // All kept, none kept, or each by itself: each is likely enough to matter.
  auto mood = chance() % 4;
  for (const auto& [event, certain] : pending) {
    longest =
        std::max<std::size_t>(longest, event->offset + event->content.size());
    auto fate = mood < 2 ? mood : chance() % 3;
    if (certain || fate == 0)
      put_all(out, *event);
    else if (fate == 2)
      put_torn(out, *event, chance);
  }
  if (chance() % 4 == 0)
    out.resize(longest);
  return out;
}

} // namespace

disk_recorder::disk_recorder(std::filesystem::path folder)
    : folder_{folder.string()} {
  // Watches from `watch` on.
}

faults::outcome disk_recorder::before(const faults::disk_call& what) {
  auto path = faults::path_of(what);
  if (!counts(path, folder_))
    return {};
  auto below = path.substr(folder_.size());
  switch (what.what) {
  case call_kind::open:
    // It may be there already: one more name is no harm.
    if ((what.flags & O_CREAT) != 0)
      add(kind::name, below);
    break;
  case call_kind::mkdir:
    add(kind::name, below + '/');
    break;
  case call_kind::rename:
    events_.push_back({kind::move,
                       below,
                       faults::absolute(what.from).substr(folder_.size()),
                       0,
                       {},
                       0,
                       0});
    break;
  case call_kind::unlink:
    add(kind::remove, below);
    break;
  case call_kind::fsync:
  case call_kind::fdatasync:
    add(kind::sync, is_folder(path) ? below + '/' : below);
    break;
  default:
    if (what.writes())
      add_write(what, std::move(below));
  }
  return {};
}

disk_event& disk_recorder::add(kind what, std::string path) {
  auto& out = events_.emplace_back();
  out.what = what;
  out.path = std::move(path);
  return out;
}

void disk_recorder::add_write(const faults::disk_call& what, std::string path) {
  bool synced = (::fcntl(what.file, F_GETFL) & O_DSYNC) != 0;
  auto at = what.offset < 0 ? ::lseek(what.file, 0, SEEK_CUR) : what.offset;
  auto& to = add(synced ? kind::synced_write : kind::write, std::move(path));
  to.offset = static_cast<std::uint64_t>(at);
  for (const auto& each : what.parts) {
    auto* from = static_cast<const std::byte*>(each.iov_base);
    to.content.insert(to.content.end(), from, from + each.iov_len);
  }
}

void disk_recorder::after(const faults::disk_call&, long) {
  // An event that is not the last is over.
}

void disk_recorder::mark(std::uint64_t entries, std::uint64_t revision) {
  auto& to = add(kind::mark, {});
  to.entries = entries;
  to.revision = revision;
}

void disk_state::go_to(std::size_t event) {
  for (; next_ < event && next_ < events_->size(); ++next_)
    apply((*events_)[next_], true);
}

void disk_state::apply(const disk_event& done, bool over) {
  switch (done.what) {
  case kind::mark:
    entries_ = done.entries;
    revision_ = done.revision;
    break;
  case kind::sync:
    sync(done.path);
    break;
  case kind::remove:
    for (const auto& name : {done.path, done.path + '/'})
      if (auto at = files_.find(name); at != files_.end())
        at->second.gone = true;
    break;
  case kind::move:
    files_[done.path] = files_[done.from];
    files_[done.path].named = false;
    files_[done.from].gone = true;
    break;
  case kind::name: {
    auto& at = files_[done.path];
    at.folder = done.path.ends_with('/');
    // Of a name that went and came again either may be lost.
    at.named = at.named && !at.gone;
    at.gone = false;
    break;
  }
  default:
    files_[done.path].pending.push_back(
        {&done, over && done.what == kind::synced_write});
  }
}

void disk_state::sync(const std::string& path) {
  if (!path.ends_with('/')) {
    auto& at = files_[path];
    for (const auto& each : at.pending)
      put_all(at.durable, *each.event);
    at.pending.clear();
    return;
  }
  // What a folder names directly.
  for (auto at = files_.begin(); at != files_.end();) {
    auto name = at->first;
    if (name.ends_with('/'))
      name.pop_back();
    bool inside = name.substr(0, name.rfind('/') + 1) == path;
    if (inside && at->second.gone) {
      at = files_.erase(at);
      continue;
    }
    if (inside)
      at->second.named = true;
    ++at;
  }
}

std::map<std::string, disk_state::file>
disk_state::after_the_event_under_way() const {
  auto now = *this;
  if (next_ < events_->size()) {
    const auto& under_way = (*events_)[next_];
    // What it writes may be there; what it promises is not yet.
    if (under_way.what != kind::sync && under_way.what != kind::mark)
      now.apply(under_way, false);
  }
  return std::move(now.files_);
}

void disk_state::write_image(const std::filesystem::path& to,
                             std::mt19937_64& chance) const {
  std::filesystem::create_directories(to);
  std::set<std::string> lost;
  auto is_lost = [&](const std::string& path) {
    return std::ranges::any_of(
        lost, [&](const auto& folder) { return path.starts_with(folder); });
  };
  for (const auto& [path, at] : after_the_event_under_way()) {
    bool there = at.named || path == "/" || chance() % 2 == 0;
    if (at.gone && chance() % 2 == 0)
      there = false;
    there = there && !is_lost(path);
    auto name = to.string() + path;
    if (at.folder && !there)
      lost.insert(path);
    else if (at.folder)
      std::filesystem::create_directories(name);
    else if (there)
      write_file(name, as_text(left_of(at.durable, at.pending, chance)));
  }
}

} // namespace acgs::test
