// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an evaluator is made with. Bounds hold for one evaluation; reaching
// one ends that evaluation with an error and nothing else.

#include "actors/evaluator/cache.hpp"
#include "runtime/base/clock.hpp"

#include <rego/http.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace acgs::evaluator {

struct config {
  std::uint64_t instructions_max = 50'000'000;
  std::chrono::nanoseconds time_max = std::chrono::seconds{1};
  std::size_t memory_max = std::size_t{64} << 20;
  cache_bounds first_tier{10'000}; ///< this evaluator's own
  /// Steps that compiling a query may take: about a second.
  std::uint64_t query_steps_max = 100'000'000;
  std::size_t input_bytes_max = std::size_t{1} << 20;
  std::size_t result_bytes_max = std::size_t{1} << 20;
  std::shared_ptr<shared_cache> second_tier; ///< null: none
  const time_source* time = &system_clock();
  /// Set from any thread to end evaluations with an error; null: never.
  const std::atomic<bool>* cancel = nullptr;
  /// Called now and then while an evaluation goes on, by its thread.
  std::function<void()> during;
  /// Random bytes for policies that ask for them.
  std::function<void(void*, std::size_t)> random;
  /// The network as http.send reaches it; without a transport not at all.
  rego::http_access network;
};

} // namespace acgs::evaluator
