// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Remembers what a process does to the files below a folder, and makes what a
// loss of power at any moment may leave of them. The model is harsher than a
// real file system: whatever was not synced, or written to a descriptor that
// syncs each write, may be there or not, write by write and in a torn write
// sector by sector; a file may be longer than what was written; and a name is
// there for good only once its folder was synced.

#include "runtime/base/bytes.hpp"
#include "tests/support/faults/disk_calls.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace acgs::test {

/// One thing that was done, in the order in which it was.
struct disk_event {
  enum class kind { name, move, remove, write, synced_write, sync, mark };

  kind what = kind::mark;
  std::string path; ///< below the folder
  std::string from; ///< of a move, likewise
  std::uint64_t offset = 0;
  bytes content;
  std::uint64_t entries = 0;  ///< of a mark: what was acknowledged by then
  std::uint64_t revision = 0; ///< likewise
};

/// Records on one thread.
class disk_recorder final : public faults::observer {
public:
  explicit disk_recorder(std::filesystem::path folder);

  faults::outcome before(const faults::disk_call& what) override;
  void after(const faults::disk_call& what, long returned) override;

  /// From here on so much is acknowledged.
  void mark(std::uint64_t entries, std::uint64_t revision);

  const std::vector<disk_event>& events() const { return events_; }

private:
  disk_event& add(disk_event::kind what, std::string path);
  void add_write(const faults::disk_call& what, std::string path);

  std::string folder_;
  std::vector<disk_event> events_;
};

/// The disk after so many events. Goes forward only.
class disk_state {
public:
  explicit disk_state(const std::vector<disk_event>& events)
      : events_{&events} {
    // Empty disk, nothing done.
  }

  /// All events before that one are over, and it is under way.
  void go_to(std::size_t event);

  /// Writes what is left after a loss of power, as `chance` wants it.
  void write_image(const std::filesystem::path& to,
                   std::mt19937_64& chance) const;

  std::uint64_t entries() const { return entries_; }
  std::uint64_t revision() const { return revision_; }

private:
  struct pending_write {
    const disk_event* event;
    bool certain; ///< it was synced by itself
  };

  struct file {
    bool named = false;  ///< its name is there for good
    bool folder = false; ///< it is a folder
    bool gone = false;   ///< removed, but perhaps not for good
    bytes durable;
    std::vector<pending_write> pending;
  };

  void apply(const disk_event& what, bool over);
  void sync(const std::string& path);
  std::map<std::string, file> after_the_event_under_way() const;

  const std::vector<disk_event>* events_;
  std::size_t next_ = 0;
  std::map<std::string, file> files_; ///< folders before what is in them
  std::uint64_t entries_ = 0;
  std::uint64_t revision_ = 0;
};

} // namespace acgs::test
