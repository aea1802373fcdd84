// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/delivered.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

namespace acgs::process {

namespace {

bool reader_left() {
  ::pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

} // namespace

int delivered(std::string_view who, int code, int lost) {
  errno = 0;
  std::cout.flush();
  auto reason = lost != 0 ? lost : errno;
  if (std::cout || reader_left())
    return code;
  std::string why = reason ? std::strerror(reason) : "a part of it is lost";
  std::cerr << who << ": the standard output cannot be written: " << why
            << '\n';
  return 4;
}

} // namespace acgs::process
