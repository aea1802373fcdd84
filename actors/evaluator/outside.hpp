// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an evaluation sees of the world outside its policy, data and input: the
// clock, randomness, and what http.send is answered. What it saw is recorded
// with the decision, so that a replay can show it the same: it asks no network.
// All randomness of one evaluation comes from one seed, so that what is
// recorded stays small however much is drawn.
//
// The recorded form is JSON, each member only where it was looked at:
//
//   {"now_ns": 1700000000000000000,
//    "seed": "6f1a...",                       64 hexadecimal digits
//    "http": [{"request": "9c4e...",          SHA-256 of the request's JSON
//              "response": "{...}"},          the response object's JSON, or
//             {"request": "07b2...", "code": "eval_builtin_error",
//              "error": "..."},               why there is none, or neither:
//             {"request": "51dd..."}]}        beyond what may be recorded
//
// A request stands there by its digest alone, as it may hold secrets. Together
// the responses take at most `told_bytes_max`; an evaluation that is told more
// ends in an error, and its replay in the same one. So does an evaluation that
// is shown what another one saw and asks what that one did not ask: a replay, a
// candidate's trial, the warming of a cache. A query is shown nothing, since
// its text is nobody's policy.

#include "runtime/base/bytes.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <rego/engine.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acgs::evaluator {

/// Bytes of requests and responses, as recorded, of one evaluation.
inline constexpr std::size_t told_bytes_max = std::size_t{4} << 20;

/// What an evaluation saw; nothing where it did not look.
struct sight {
  std::optional<std::int64_t> now_nanos;
  std::optional<digest> seed;
  std::vector<rego::http_told> told; ///< once a request
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
          std::function<void(void*, std::size_t)> random,
          rego::http_access network = {});
  outside(const outside&) = delete;
  outside& operator=(const outside&) = delete;

  /// Begins an evaluation that sees the world as it is.
  void begin();

  /// Begins one that sees what an earlier one saw. Clock and randomness that
  /// the earlier one did not look at are as in the world; requests go nowhere.
  void begin(sight earlier);

  /// Whether requests are answered from what an earlier evaluation was told.
  bool recalls() const { return recalls_; }

  /// What the present evaluation has seen so far.
  const sight& seen() const { return seen_; }

  /// Why the present evaluation must not come to anything; empty: it may.
  const std::string& objection() const { return objection_; }

  /// For the engine: refers to this, and holds for evaluations that recall as
  /// long as the present one does, or for those that do not.
  rego::environment environment();

private:
  std::int64_t now();
  void random(void* to, std::size_t size);
  void note(const rego::http_told& told);
  std::optional<rego::http_told> recall(const std::string& request);

  const time_source& time_;
  std::function<void(void*, std::size_t)> random_;
  rego::http_access network_;
  sight earlier_;
  sight seen_;
  bool recalls_ = false;
  std::string objection_;
  std::size_t told_bytes_ = 0;
  std::uint64_t draws_ = 0;
};

} // namespace acgs::evaluator
