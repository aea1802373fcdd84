// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into a program (LD_PRELOAD), makes its disk fail. What fails is
// told in the environment:
//
//   FAULT_FOLDER  only calls on files below it count; unset: nothing fails
//   FAULT_CALLS   only these calls count, with commas: write,fdatasync
//   FAULT_AT      the first that fails, from 1; unset: none
//   FAULT_COUNT   how many fail from there on; 0: all. Default: 1
//   FAULT_ERROR   EIO, ENOSPC or EROFS; or `short`, which counts writes
//                      only and lets the first half through; or `full`, which
//                      does so with the first that fails and is ENOSPC from
//                      then on; or `kill`, which ends the process before the
//                      call. Default: EIO
//   FAULT_SWITCH  calls count only while a file of that name exists
//   FAULT_TRACE   file that gets a line for each call that counts, with
//                      its number, its name, its path and what became of it

#include "tests/support/faults/disk_calls.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace {

using namespace acgs::test::faults;

std::string variable(const char* name) {
  auto* value = std::getenv(name);
  return value != nullptr ? value : "";
}

unsigned long number(const char* name, unsigned long otherwise) {
  auto text = variable(name);
  return text.empty() ? otherwise : std::strtoul(text.c_str(), nullptr, 10);
}

bool is_there(const std::string& path) {
  return ::syscall(SYS_access, path.c_str(), F_OK) == 0;
}

class failing_disk final : public observer {
public:
  bool wanted() const { return !folder_.empty(); }

  outcome before(const disk_call& what) override {
    if (((short_ || full_) && !what.writes()) || !is_chosen(what.what))
      return {};
    auto path = path_of(what);
    if (!path.starts_with(folder_))
      return {};
    if (!switch_.empty() && !is_there(switch_))
      return {};
    auto count = ++seen_;
    bool fails = first_ != 0 && count >= first_
                 && (many_ == 0 || count < first_ + many_);
    note(count, what, path, fails);
    if (!fails)
      return {};
    if (kill_)
      ::kill(::getpid(), SIGKILL);
    bool halved = short_ || (full_ && count == first_);
    return halved ? outcome{0, true} : outcome{error_, false};
  }

  void after(const disk_call&, long) override {
    // Nothing to remember.
  }

private:
  static int error_of(const std::string& name) {
    if (name == "ENOSPC" || name == "full")
      return ENOSPC;
    return name == "EROFS" ? EROFS : EIO;
  }

  bool is_chosen(call_kind what) const {
    auto name = ',' + std::string{to_string_view(what)} + ',';
    return calls_.size() <= 2 || calls_.find(name) != calls_.npos;
  }

  void note(unsigned long count, const disk_call& what, const std::string& path,
            bool fails) {
    if (trace_.empty())
      return;
    auto line = std::to_string(count) + ' '
                + std::string{to_string_view(what.what)} + ' ' + path
                + (fails ? " failed\n" : " done\n");
    auto file = ::syscall(SYS_openat, AT_FDCWD, trace_.c_str(),
                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ::syscall(SYS_write, file, line.data(), line.size());
    ::syscall(SYS_close, file);
  }

  const std::string folder_ = variable("FAULT_FOLDER");
  const std::string calls_ = ',' + variable("FAULT_CALLS") + ',';
  const std::string switch_ = variable("FAULT_SWITCH");
  const std::string trace_ = variable("FAULT_TRACE");
  const unsigned long first_ = number("FAULT_AT", 0);
  const unsigned long many_ = number("FAULT_COUNT", 1);
  const bool short_ = variable("FAULT_ERROR") == "short";
  const bool full_ = variable("FAULT_ERROR") == "full";
  const bool kill_ = variable("FAULT_ERROR") == "kill";
  const int error_ = error_of(variable("FAULT_ERROR"));
  std::atomic<unsigned long> seen_{0};
};

/// Before main, and never taken down: files are written until the end.
[[gnu::constructor]] void begin() {
  static auto* disk = new failing_disk;
  if (disk->wanted())
    watch(disk);
}

} // namespace
