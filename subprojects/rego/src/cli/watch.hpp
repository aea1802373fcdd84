// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waits until files change that were named on the command line, or any in
// folders that were. What changes from its making on is seen, so it is made
// before the files are read.

#include <map>
#include <string>
#include <vector>

namespace rego::cli {

class file_watch {
public:
  /// Paths as `load` takes them. Fails with a usage_error that names the one
  /// that cannot be watched.
  explicit file_watch(const std::vector<std::string>& paths);
  ~file_watch();
  file_watch(const file_watch&) = delete;
  file_watch& operator=(const file_watch&) = delete;

  /// Returns once something changed and, shortly, nothing more did.
  void wait();

  /// Whether something changed since it was made or asked; waits shortly where
  /// it did, as wait() does.
  bool changed();

private:
  struct folder {
    bool all = false; // else these files in it
    std::vector<std::string> names;
  };

  int watch(const std::string& path, const std::string& named);
  void watch_below(const std::string& path);
  bool concerns(int watched, const char* name, bool is_folder) const;
  bool take_events();
  void settle();

  int descriptor_;
  std::map<int, folder> folders_;
};

} // namespace rego::cli
