// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Control state as it was: made again from the history of commands, which is
// kept for ever, by the same pure function that made it then, and from the
// archives of bundles, which the ledger keeps for ever. Reads both stores in
// short transactions, beside their writers. One thread at a time.

#include "actors/control/archives.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/store/store.hpp"
#include "runtime/wire/command.hpp"

#include <memory>
#include <vector>

namespace acgs::control {

class past {
public:
  /// `ledger` keeps archives that `in` has no more; may be null.
  explicit past(std::shared_ptr<store::environment> in,
                std::shared_ptr<store::environment> ledger = nullptr);

  /// The state that the command of a revision led to. Later ones are reached
  /// from the one asked for last; an earlier one is made from the beginning.
  /// Fails with `not_found` beyond the history's end and where an archive of
  /// a bundle that it took is kept no more, `store_corrupt` where it cannot be
  /// read or applied.
  result<domain::control_state_ptr> at(std::uint64_t revision);

private:
  caf::error advance(std::uint64_t to);
  /// The archive; the one opened last is kept, as its activation mostly comes
  /// next after it was put.
  result<bundle_ptr> open(std::string_view digest);
  result<std::vector<wire::command>> read(std::uint64_t first,
                                          std::uint64_t last) const;

  std::shared_ptr<store::environment> in_;
  archives archives_;
  std::string opened_digest_;
  bundle_ptr opened_;
  domain::control_state_ptr reached_;
};

} // namespace acgs::control
