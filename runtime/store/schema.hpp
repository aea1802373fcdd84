// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which store an environment is and in which version: the record "schema" of
// its table "meta" holds the kind, a slash and the version in decimal, for
// example "ledger/1". A newer version than ours is refused, an older one is
// migrated in one transaction, and what is not ours is left alone.

#include "runtime/store/store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace acgs::store {

/// Changes the stored form from one version to the next.
using migration =
    std::function<caf::error(environment& in, write_transaction& with)>;

/// What an environment is for.
struct schema {
  std::string kind;
  unsigned version = 1;
  /// From version 1 to 2, from 2 to 3, ...: version - 1 of them.
  std::vector<migration> migrations;
};

/// The version that is stored, 0 in a fresh environment. Fails with
/// `store_corrupt` where it is another kind of store or none of ours.
result<unsigned> stored_version(environment& in, const schema& expected);

/// Fails with `conflict` where that version is newer than the program.
caf::error check_known(unsigned version, const schema& expected);

/// Marks a fresh environment, accepts one of this version, migrates an older
/// one. Fails as `stored_version` does, and with `conflict` where the store is
/// newer than the program.
caf::error ensure_schema(environment& in, const schema& expected);

} // namespace acgs::store
