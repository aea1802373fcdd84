// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// REPLAYER's core: walks a part of the log in blocks, which its workers take in
// their order, each in read transactions of its own, and makes each decision in
// them again. Belongs to REPLAYER's thread; `run` starts and ends the workers.

#include "actors/replayer/remake.hpp"
#include "runtime/store/log_view.hpp"

#include <vector>

namespace acgs::replayer {

class state {
public:
  /// Fails as `log_tables::open` does.
  static result<state> open(config with);

  /// One answer. Fails with `invalid_argument` where the entries do not follow
  /// one another or the candidate is none, `policy_invalid` where it does not
  /// compile with the policies of a time, `store_corrupt`.
  result<replayed> run(const replay& what);

private:
  state(config with, const store::log_tables& tables);

  config config_;
  store::log_tables tables_;
  std::unique_ptr<timeline> timeline_;
  std::vector<decider> deciders_; ///< one a worker, made when needed
};

} // namespace acgs::replayer
