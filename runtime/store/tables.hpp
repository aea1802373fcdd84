// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The map of everything that a node stores, an environment a line:
//
//   ledger/  written by LEDGER alone, synced; its file "wal" holds what was
//            committed and is not in the tables yet (wal_environment.hpp)
//     meta            tables/meta.hpp         origin, head, checkpoint
//     entries/<o>     tables/entries.hpp      the log
//     tiles/<o>       tables/tiles.hpp        its tree
//     payloads/<o>    tables/payloads.hpp     what commitments cover
//     payload_keys/<o>  tables/payloads.hpp   what opens it
//     blobs           tables/blobs.hpp        bundles by digest
//     idempotency     tables/idempotency.hpp  retries
//     the file `secrets`  vault.hpp           what destroying a key destroys
//   index/   written by INDEXER alone, not synced, rebuilt when lost
//     by_*, times, counts, meta   tables/index.hpp
//   state/   written by CONTROL alone, synced
//     meta            tables/meta.hpp
//     commands        tables/state.hpp        the history
//     commands_by_name  tables/state.hpp      where to find those of a name
//     applied         tables/state.hpp        what it led to
//     bundles         tables/state.hpp        archives by digest
//
// <o> is an origin, `cluster/node/epoch`: one writer, one log.

#include "runtime/store/schema.hpp"
#include "runtime/store/tables/blobs.hpp"
#include "runtime/store/tables/entries.hpp"
#include "runtime/store/tables/idempotency.hpp"
#include "runtime/store/tables/index.hpp"
#include "runtime/store/tables/meta.hpp"
#include "runtime/store/tables/payloads.hpp"
#include "runtime/store/tables/state.hpp"
#include "runtime/store/tables/tiles.hpp"

namespace acgs::store {

inline schema ledger_schema() {
  return {"ledger", 1, {}};
}
inline schema index_schema() {
  return {"index", 1, {}};
}
inline schema state_schema() {
  return {"state", 1, {}};
}

} // namespace acgs::store
