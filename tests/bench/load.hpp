// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the load clients share: when the next request is due, and how long
// answers took. In a closed loop a request is due whenever a place is free. In
// an open loop it is due by the clock, and its time counts from then on, also
// while no place is free: a node that stalls cannot hide behind a client that
// waits for it (coordinated omission).

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace acgs::bench {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

/// How often an open loop looks at the clock. What is due in between is sent a
/// little late, and that counts; a timer for each request would take as much of
/// the machine as the node does.
inline constexpr std::chrono::nanoseconds tick{std::chrono::microseconds{250}};

class schedule {
public:
  /// `rate` in requests a second; 0: a closed loop.
  schedule(double rate, std::chrono::nanoseconds length)
      : start_{clock::now()}, end_{start_ + length}, gap_{rate > 0 ? 1e9 / rate
                                                                   : 0} {}

  /// When the request that may be sent now was due; nothing where none is.
  std::optional<time_point> take(time_point now) {
    auto due = next_due();
    if (due > now || due >= end_ || now >= end_)
      return std::nullopt;
    ++sent_;
    return gap_ > 0 ? due : now;
  }

  time_point next_due() const {
    if (gap_ == 0)
      return start_;
    auto nanos = static_cast<std::int64_t>(gap_ * static_cast<double>(sent_));
    return start_ + std::chrono::nanoseconds{nanos};
  }

  bool over(time_point now) const { return now >= end_; }
  bool is_open() const { return gap_ > 0; }
  std::uint64_t sent() const { return sent_; }
  time_point end() const { return end_; }

private:
  time_point start_;
  time_point end_;
  double gap_;
  std::uint64_t sent_ = 0;
};

class results {
public:
  void answered(time_point due, bool good) {
    ++(good ? good_ : bad_);
    auto taken = clock::now() - due;
    micros_.push_back(std::chrono::duration<float, std::micro>(taken).count());
  }

  void failed() { ++bad_; }

  /// One line; 0 where every request was answered well.
  int report(double seconds) {
    std::sort(micros_.begin(), micros_.end());
    std::printf("RESULT rps %.0f p50_ms %.3f p99_ms %.3f p999_ms %.3f max_ms "
                "%.3f errors %llu\n",
                static_cast<double>(good_) / seconds, quantile(0.5),
                quantile(0.99), quantile(0.999), quantile(1),
                static_cast<unsigned long long>(bad_));
    return bad_ == 0 && good_ > 0 ? 0 : 1;
  }

private:
  double quantile(double share) const {
    if (micros_.empty())
      return 0;
    auto at =
        static_cast<std::size_t>(share * static_cast<double>(micros_.size()));
    return static_cast<double>(micros_[std::min(at, micros_.size() - 1)])
           / 1000;
  }

  std::vector<float> micros_;
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
};

/// The input of one of 100,000 distinct requests, all of one length.
inline std::string numbered_input(std::uint64_t number) {
  return R"({"method":"GET","role":"admin","n":)"
         + std::to_string(100'000 + number % 100'000) + "}";
}

} // namespace acgs::bench
