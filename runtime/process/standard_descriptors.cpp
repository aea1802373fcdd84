// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace acgs::process {

void fill_standard_descriptors() {
  // The system gives the lowest free number.
  int fd = 0;
  while (fd >= 0 && fd <= STDERR_FILENO)
    fd = ::open("/dev/null", O_RDWR);
  if (fd >= 0)
    ::close(fd);
}

} // namespace acgs::process
