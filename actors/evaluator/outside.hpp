// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an evaluation sees of the world outside its policy, data and input: the
// clock and randomness. What it saw is recorded with the decision, so that a
// replay can show it the same. All randomness of one evaluation comes from one
// seed, so that what is recorded stays small however much is drawn.
//
// The recorded form is JSON: {"now_ns": 1700000000000000000, "seed": "6f1a..."}
// with the seed as 64 hexadecimal digits; each only where it was looked at.

#include "runtime/base/bytes.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <rego/engine.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace acgs::evaluator {

/// What an evaluation saw; nothing where it did not look.
struct sight {
  std::optional<std::int64_t> now_nanos;
  std::optional<digest> seed;
};

/// The recorded form; empty where nothing was looked at.
std::string to_json(const sight& from);

/// Reads it. Fails with `invalid_argument`.
result<sight> parse_sight(std::string_view text);

/// One evaluator's view of the world. One thread at a time; stays where it is
/// while an environment of its own is in use.
class outside {
public:
  /// `random` gives seeds; where it is empty, the system does.
  outside(const time_source& time,
          std::function<void(void*, std::size_t)> random);
  outside(const outside&) = delete;
  outside& operator=(const outside&) = delete;

  /// Begins an evaluation that sees the world as it is.
  void begin();

  /// Begins one that sees what an earlier one saw, and what that one did not
  /// look at as the world is.
  void begin(const sight& earlier);

  /// What the present evaluation has seen so far.
  const sight& seen() const { return seen_; }

  /// For the engine: refers to this.
  rego::environment environment();

private:
  std::int64_t now();
  void random(void* to, std::size_t size);

  const time_source& time_;
  std::function<void(void*, std::size_t)> random_;
  sight earlier_;
  sight seen_;
  std::uint64_t draws_ = 0;
};

} // namespace acgs::evaluator
