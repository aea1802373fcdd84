// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is remembered of a log outside of its store: that it has begun, and the
// largest head that was signed for others to see. It lies beside the keys, so
// that a store which was lost or rolled back is noticed before a second history
// is signed under the same name and key. Four lines of text of a fixed width:
//
//   acgs-log-mark-v1
//   origin local/node-1/1
//   size 00000000000000000042
//   root <64 hexadecimal digits>
//
// It is begun with a sync and then written in place without one, at each
// signature: it is never ahead of the log, since only what is durable is
// signed, and after a loss of power it may lag by what the kernel had not
// written yet. Any thread may use it.

#include "runtime/store/log_view.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace acgs::store {

struct log_mark {
  std::string origin; ///< `cluster/node/epoch`
  log_head head;
};

/// The text of a mark, and the mark of a text or what is wrong with it.
std::string format_log_mark(const log_mark& mark);
result<log_mark> parse_log_mark(std::string_view text);

/// The mark in a file, or nothing where there is none. Fails with
/// `store_corrupt`, naming the file, where it is no mark, and as
/// `read_private_file` does.
result<std::optional<log_mark>>
read_log_mark(const std::filesystem::path& file);

/// The file of the mark of a log, in the folder of its node's keys.
std::filesystem::path log_mark_path(const std::filesystem::path& keys,
                                    const std::string& cluster,
                                    const std::string& node);

/// How a log departs from what was signed of it, to be read on from its name:
/// " has 1 entries; 17 were signed". Empty: it holds all of that.
std::string departure_from(const log_head& was_signed, log_view& log);

class log_mark_file {
public:
  /// Writes the mark, synced and whole, over one that is there, and keeps the
  /// file open. Fails as `replace_private_file` does.
  static result<std::shared_ptr<log_mark_file>>
  begin(const std::filesystem::path& file, const log_mark& from);

  ~log_mark_file();
  log_mark_file(const log_mark_file&) = delete;
  log_mark_file& operator=(const log_mark_file&) = delete;

  /// Remembers a larger head; one that is not larger is left alone. The first
  /// is synced. Fails with `store_io`, naming the file.
  caf::error advance(const log_head& head);

private:
  log_mark_file(std::filesystem::path path, log_mark from, int file)
      : path_{std::move(path)}, now_{std::move(from)}, file_{file} {
    // `begin` has opened it.
  }

  const std::filesystem::path path_;
  std::mutex mutex_;
  log_mark now_;
  int file_;
};

} // namespace acgs::store
