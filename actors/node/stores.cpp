// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/stores.hpp"

#include "runtime/store/stores.hpp"

#include <utility>

namespace acgs::node {

result<stores> open_stores(const config::settings& settings,
                           bool one_may_be_lost) {
  auto all = store::open_stores({settings.node.data_dir / "store",
                                 settings.ledger.map_size, one_may_be_lost});
  if (!all)
    return all.error();
  return stores{std::move(all->ledger), std::move(all->wal),
                std::move(all->state), std::move(all->index),
                std::move(all->lock)};
}

} // namespace acgs::node
