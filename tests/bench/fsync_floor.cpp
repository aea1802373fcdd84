// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The machine's own floor below every durable figure: how long writing 4 KiB
// and fdatasync takes in a folder. Prints microseconds: p50, p99, maximum.
//
//   fsync_floor FOLDER [SECONDS [PAUSE]]
//
// PAUSE is the time in microseconds between one sync and the next write: a disk
// and a processor that rested take longer than those kept busy, and one client
// who waits for each answer lets them rest.

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: fsync_floor FOLDER [SECONDS [PAUSE]]\n");
    return 2;
  }
  using clock = std::chrono::steady_clock;
  std::string name = std::string{argv[1]} + "/fsync-floor.tmp";
  int file = ::open(name.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0) {
    std::perror(name.c_str());
    return 4;
  }
  std::vector<char> page(4096, 'x');
  std::vector<double> micros;
  auto end = clock::now() + std::chrono::seconds{argc > 2 ? atoi(argv[2]) : 2};
  const timespec pause{0, argc > 3 ? atol(argv[3]) * 1000 : 0};
  while (clock::now() < end) {
    if (pause.tv_nsec > 0)
      ::nanosleep(&pause, nullptr);
    auto start = clock::now();
    if (::pwrite(file, page.data(), page.size(), 0) < 0
        || ::fdatasync(file) != 0) {
      std::perror("fdatasync");
      return 4;
    }
    micros.push_back(
        std::chrono::duration<double, std::micro>(clock::now() - start)
            .count());
  }
  ::close(file);
  ::unlink(name.c_str());
  std::sort(micros.begin(), micros.end());
  std::printf("fsync us: p50 %.0f, p99 %.0f, max %.0f, %zu syncs\n",
              micros[micros.size() / 2], micros[micros.size() * 99 / 100],
              micros.back(), micros.size());
}
