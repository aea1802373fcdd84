// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The machine's own floor below every figure of an open loop: how late a thread
// runs that sleeps for a millisecond again and again while nothing else does,
// or while some threads never rest. Prints microseconds: p50, p99, maximum.
//
//   wake_floor [SECONDS [SPINNING]]

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::microseconds nap{1000};
  std::atomic<bool> over{false};
  std::vector<std::jthread> spinning;
  for (int i = argc > 2 ? atoi(argv[2]) : 0; i > 0; --i)
    spinning.emplace_back([&over] {
      while (!over.load(std::memory_order_relaxed)) {
        // Never rests.
      }
    });
  std::vector<double> micros;
  auto end = clock::now() + std::chrono::seconds{argc > 1 ? atoi(argv[1]) : 2};
  while (clock::now() < end) {
    auto due = clock::now() + nap;
    const timespec length{0, std::chrono::nanoseconds{nap}.count()};
    ::nanosleep(&length, nullptr);
    micros.push_back(
        std::chrono::duration<double, std::micro>(clock::now() - due).count());
  }
  over = true;
  std::sort(micros.begin(), micros.end());
  std::printf("wake-up us late: p50 %.0f, p99 %.0f, max %.0f, %zu naps\n",
              micros[micros.size() / 2], micros[micros.size() * 99 / 100],
              micros.back(), micros.size());
}
