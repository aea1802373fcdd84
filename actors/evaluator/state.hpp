// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// EVALUATOR's core: a request and a snapshot in, an answer out. It keeps the
// Rego machine, the queries it has prepared for the present snapshot, its
// tier of the cache and the requests it may be asked to warm that with.
// One thread at a time. No messaging, no I/O; clock and randomness come in
// with the configuration.

#include "actors/evaluator/answer.hpp"
#include "actors/evaluator/cache.hpp"
#include "actors/evaluator/config.hpp"
#include "actors/evaluator/outside.hpp"
#include "actors/policy/protocol.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/snapshot/snapshot.hpp"
#include "runtime/wire/decision.hpp"

#include <rego/engine.hpp>
#include <rego/explain.hpp>

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace acgs::evaluator {

/// An answer and where it came from.
struct outcome {
  answer_ptr found;
  std::string input; ///< what was evaluated: see `effective_input`
  unsigned tier = 0; ///< 0: evaluated, 1 or 2: tier of the cache
};

class state {
public:
  explicit state(config cfg);

  /// Decides a request. Never fails: what goes wrong is an answer with an
  /// error, which is recorded like any other.
  outcome decide(const wire::decide_request& request, const snapshot_ptr& with);

  /// Evaluates anew what was decided before: `input` is the recorded one, with
  /// the caller in it, and the evaluation sees what the earlier one saw. The
  /// cache is left alone.
  answer replay(const domain::decide_request& request, std::string_view input,
                const sight& earlier, const snapshot_ptr& with);

  /// The same within less time than one may take otherwise. Where there is
  /// none left, the answer is an error, unless it stands in the cache.
  outcome decide(const wire::decide_request& request, const snapshot_ptr& with,
                 std::chrono::nanoseconds within);

  /// Evaluates by other policies what was decided, past the cache, which is
  /// left alone. It sees what that decision's evaluation saw.
  answer look(const domain::decide_request& request, const sight& earlier,
              const snapshot_ptr& with);

  /// What an evaluation without room for its answer comes to.
  outcome refuse(const wire::decide_request& request, std::string why) const;

  /// Answers the remembered requests by a snapshot, into the cache; what asks
  /// the network is left out.
  policy::warmed warm(const snapshot_ptr& with);

  std::size_t clear() { return first_tier_.clear(); }
  policy::cache_stats stats() const;

private:
  /// Steps of one evaluation that an explanation has at most.
  static constexpr std::size_t explanation_events_max = 20'000;

  bool has_cache() const;
  /// The same for a world that has begun.
  outcome decide_in_world(const wire::decide_request& request,
                          const snapshot_ptr& with);
  rego::evaluator& machine();
  digest key_of(const domain::decide_request& request, std::string_view input,
                const snapshot& with);
  answer_ptr cached(const digest& key, unsigned& tier);
  void keep(const digest& key, const answer_ptr& value);
  void remember(const wire::decide_request& request);
  void use(const snapshot_ptr& with);
  rego::result<rego::prepared_ptr>
  prepared(const domain::decide_request& request);
  const rego::policy_ptr& instrumented();
  rego::result<rego::prepared_ptr>
  explainable(const domain::decide_request& request);
  rego::result<rego::prepared_ptr>
  compiled(const domain::decide_request& request);
  /// The same path where nothing stands: an undefined document.
  rego::result<rego::prepared_ptr>
  compiled_nowhere(const domain::decide_request& request);
  answer evaluate(const domain::decide_request& request,
                  std::string_view input);
  answer run(const domain::decide_request& request, const rego::prepared& query,
             std::string_view input);
  answer compile(const domain::decide_request& request, std::string_view input);
  void explain(answer& to, const domain::decide_request& request,
               rego::trace_keeper& events);
  rego::limits limits() const;
  rego::environment world();
  rego::compile_limits query_limits() const;

  config config_;
  std::chrono::nanoseconds within_; ///< of the evaluation under way
  outside outside_;
  /// One that asks the network, and one that recalls what it was told.
  std::array<std::optional<rego::evaluator>, 2> machines_;
  rego::arena input_arena_;
  rego::json_reader reader_;
  crypto::sha256 hasher_;
  cache first_tier_;
  snapshot_ptr present_;
  std::unordered_map<std::string, rego::prepared_ptr> prepared_;
  /// For explanations: policies that tell their steps, and which they are.
  rego::policy_ptr instrumented_, instrumented_of_;
  std::deque<wire::decide_request> remembered_;
  policy::cache_stats counts_;
};

} // namespace acgs::evaluator
