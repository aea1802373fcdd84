// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where archives of bundles are found by their digest: in `state/` as long as
// they can be gone back to, and in the ledger's blobs for ever. That is what
// lets a restored node apply its history, of which a backup carries the blobs
// alone, and lets past decisions be made again. Reads in short transactions,
// beside the writers; any thread may have one of its own.

#include "actors/control/bundle_source.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/store/store.hpp"

#include <memory>
#include <string_view>

namespace acgs::control {

class archives {
public:
  /// `ledger` may be null: then only `state` is asked.
  archives(std::shared_ptr<store::environment> state,
           std::shared_ptr<store::environment> ledger);

  /// The archive of a digest in hexadecimal. Fails with `not_found` where
  /// neither store has it, `store_corrupt` where it is not what its digest
  /// says, and with the stores' own errors.
  result<domain::shared_text> find(std::string_view digest) const;

  /// What is in it. Fails as `find` does, or with `store_corrupt` where it is
  /// no bundle, since it was read before it was kept.
  result<bundle_ptr> open(std::string_view digest) const;

private:
  std::shared_ptr<store::environment> state_;
  std::shared_ptr<store::environment> ledger_;
};

} // namespace acgs::control
