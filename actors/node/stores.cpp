// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/stores.hpp"

#include "runtime/store/lmdb.hpp"
#include "runtime/store/tables.hpp"

#include <utility>

namespace acgs::node {

namespace {

result<std::shared_ptr<store::environment>>
open_one(const config::settings& settings, const std::filesystem::path& folder,
         const store::schema& expected, bool synced) {
  store::lmdb_options options;
  options.folder = folder;
  options.map_bytes = settings.ledger.map_size;
  options.synced = synced;
  auto opened = store::open_lmdb(options);
  if (!opened)
    return opened.error();
  std::shared_ptr<store::environment> out{std::move(*opened)};
  if (auto error = store::ensure_schema(*out, expected))
    return error;
  return out;
}

} // namespace

result<stores> open_stores(const config::settings& settings) {
  auto folder = settings.node.data_dir / "store";
  auto lock = store::folder_lock::take(folder);
  if (!lock)
    return lock.error();
  auto ledger =
      open_one(settings, folder / "ledger", store::ledger_schema(), true);
  if (!ledger)
    return ledger.error();
  auto state =
      open_one(settings, folder / "state", store::state_schema(), true);
  if (!state)
    return state.error();
  auto index =
      open_one(settings, folder / "index", store::index_schema(), false);
  if (!index)
    return index.error();
  return stores{std::move(*ledger), std::move(*state), std::move(*index),
                std::move(*lock)};
}

} // namespace acgs::node
