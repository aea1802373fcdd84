// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/watch.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include "cli/cli.hpp"

namespace rego::cli {

namespace {

namespace fs = std::filesystem;

constexpr uint32_t watched_events = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE
                                    | IN_MOVED_FROM | IN_MOVED_TO
                                    | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int settled_ms = 50; // a program that saves writes several files
constexpr int settling_max = 20;

[[noreturn]] void refuse_watch(const std::string& path) {
  throw usage_error{"--watch: '" + path
                    + "' cannot be watched: " + std::strerror(errno)};
}

bool is_loaded(std::string_view name) {
  for (auto end : {".rego", ".json", ".yaml", ".yml", ".tar.gz", ".rgc"})
    if (name.ends_with(end))
      return true;
  return false;
}

} // namespace

file_watch::file_watch(const std::vector<std::string>& paths)
    : descriptor_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (descriptor_ < 0)
    throw usage_error{std::string("--watch: files cannot be watched: ")
                      + std::strerror(errno)};
  for (auto& named : paths) {
    auto path = split_data_prefix(named).first;
    std::error_code unused;
    if (fs::is_directory(path, unused)) {
      folders_[watch(path, named)].all = true;
      watch_below(path);
      continue;
    }
    // A program that saves a file may put another one in its place.
    auto parent = fs::path(path).parent_path();
    auto at = watch(parent.empty() ? "." : parent.string(), named);
    folders_[at].names.push_back(fs::path(path).filename().string());
  }
}

file_watch::~file_watch() {
  ::close(descriptor_);
}

int file_watch::watch(const std::string& path, const std::string& named) {
  auto at = ::inotify_add_watch(descriptor_, path.c_str(), watched_events);
  if (at < 0)
    refuse_watch(named);
  return at;
}

// Links to folders are followed, as they are loaded, but each folder once.
void file_watch::watch_below(const std::string& path) {
  std::error_code wrong;
  auto options = fs::directory_options::follow_directory_symlink
                 | fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(path, options, wrong), end;
  while (!wrong && at != end) {
    std::error_code unused;
    if (at->is_directory(unused)) {
      auto name = at->path().string();
      auto here =
          ::inotify_add_watch(descriptor_, name.c_str(), watched_events);
      if (here < 0 && errno != ENOENT) // it may have gone meanwhile
        refuse_watch(name);
      if (here < 0 || std::exchange(folders_[here].all, true))
        at.disable_recursion_pending();
    }
    at.increment(wrong);
  }
}

bool file_watch::concerns(int watched, const char* name, bool is_folder) const {
  auto at = folders_.find(watched);
  if (at == folders_.end())
    return true; // some events were lost
  auto& f = at->second;
  return (f.all && (is_folder || is_loaded(name)))
         || std::find(f.names.begin(), f.names.end(), name) != f.names.end();
}

bool file_watch::take_events() {
  alignas(inotify_event) char room[16 * (sizeof(inotify_event) + NAME_MAX + 1)];
  bool any = false;
  for (;;) {
    auto n = ::read(descriptor_, room, sizeof room);
    if (n <= 0)
      return any;
    for (auto* p = room; p < room + n;) {
      auto* e = reinterpret_cast<const inotify_event*>(p);
      bool itself = e->len == 0 || (e->mask & IN_ISDIR) != 0;
      any |= concerns(e->wd, e->len ? e->name : "", itself);
      p += sizeof *e + e->len;
    }
  }
}

void file_watch::wait() {
  pollfd events{descriptor_, POLLIN, 0};
  do
    ::poll(&events, 1, -1);
  while (!take_events());
  settle();
}

bool file_watch::changed() {
  if (!take_events())
    return false;
  settle();
  return true;
}

void file_watch::settle() {
  pollfd events{descriptor_, POLLIN, 0};
  for (int i = 0; i<settling_max&& ::poll(&events, 1, settled_ms)> 0; ++i)
    take_events();
}

} // namespace rego::cli
