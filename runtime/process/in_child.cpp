// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/in_child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace acgs::process {

result<child_end> in_child(const std::function<int()>& work) {
  auto failed = [](const char* doing) {
    return make_error(ec::unavailable, std::string{"cannot "} + doing + ": "
                                           + std::strerror(errno));
  };
  auto pid = ::fork();
  if (pid < 0)
    return failed("make a process");
  if (pid == 0)
    ::_exit(work());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return failed("wait for a process");
  if (WIFSIGNALED(status))
    return child_end{0, WTERMSIG(status)};
  return child_end{WEXITSTATUS(status), 0};
}

} // namespace acgs::process
