// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/recovery.hpp"

#include "actors/ledger/config.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/keys.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>

#include <algorithm>

namespace acgs::ledger {

namespace {

caf::error corrupt(const store::log_tables& tables, const std::string& what) {
  return make_error(ec::store_corrupt,
                    "the log " + tables.origin + ": " + what);
}

merkle::tile_reader tiles_of(store::log_view& log) {
  return [&log](const merkle::tile_id& id) {
    return log.tile_copy(id.level, id.index);
  };
}

/// The last entry must be the one before the head's size.
caf::error check_end(store::log_view& log) {
  auto at = log.transaction().walk(log.tables().entries);
  if (!at)
    return at.error();
  auto any = (*at)->last();
  if (!any)
    return any.error();
  auto stored = *any ? store::to_number((*at)->key()) + 1 : 0;
  stored = std::max(stored, log.archived().size);
  if (stored == log.head().size)
    return {};
  return corrupt(log.tables(), "it holds entries up to "
                                   + std::to_string(stored) + "; its head says "
                                   + std::to_string(log.head().size));
}

/// The entries at the end must hash to what the tree says.
caf::error check_tail(store::log_view& log) {
  merkle::hasher with;
  auto size = log.head().size;
  auto first =
      std::max(size - std::min(size, tail_checked), log.archived().size);
  caf::error wrong;
  auto failed = log.for_each_entry(
      first, tail_checked, [&](std::uint64_t index, byte_view entry) {
        auto tile = log.tile(0, index / merkle::tile_width);
        auto hash = with.leaf(entry);
        auto at = index % merkle::tile_width * hash.size();
        if (tile && tile->size() >= at + hash.size()
            && std::equal(hash.begin(), hash.end(),
                          tile->begin() + static_cast<std::ptrdiff_t>(at)))
          return true;
        wrong = corrupt(log.tables(), "entry " + std::to_string(index)
                                          + " is not what the tree holds");
        return false;
      });
  return failed ? failed : wrong;
}

/// What was archived must be what the tree holds of it.
caf::error check_archived(store::log_view& log) {
  const auto& part = log.archived();
  if (part.size == 0)
    return {};
  auto root = part.size > log.head().size
                  ? merkle::result<merkle::hash>{merkle::failure{"too long"}}
                  : merkle::root_from_tiles(part.size, tiles_of(log));
  if (root && *root == part.root)
    return {};
  return corrupt(log.tables(), "the " + std::to_string(part.size)
                                   + " entries that were archived are not of "
                                     "this log");
}

caf::error check_checkpoint(store::log_view& log, recovered& out,
                            const crypto::key_history& keys) {
  auto text = log.checkpoint();
  if (!text)
    return text.error();
  if (text->empty()) {
    // The first commit's signature is stored with the second.
    if (log.head().size <= batch_max)
      return {};
    return corrupt(log.tables(), "its signed checkpoint is missing");
  }
  auto found = keys.open(*text);
  if (!found)
    return corrupt(log.tables(), "its signed checkpoint does not verify: "
                                     + sentence_of(found.error()));
  const auto& head = found->head;
  auto root = merkle::root_from_tiles(head.size, tiles_of(log));
  if (head.size > log.head().size || !root || *root != head.root)
    return corrupt(log.tables(),
                   store::not_of_this_log(head.size, log.head().size));
  out.signed_size = head.size;
  out.signed_any = true;
  return {};
}

} // namespace

result<recovered> recover_log(store::environment& in,
                              const store::log_tables& tables,
                              const crypto::key_history& keys) {
  auto log = store::log_view::open(in, tables);
  if (!log)
    return log.error();
  if (auto bad = check_end(*log))
    return bad;
  auto tree = merkle::tree::restore(log->head().size, tiles_of(*log));
  if (!tree)
    return corrupt(tables, tree.error());
  recovered out{std::move(*tree), log->head(), log->archived(), 0, false};
  if (out.tree.root() != out.head.root)
    return corrupt(tables, "its tiles lead to another root than its head");
  if (auto bad = check_archived(*log))
    return bad;
  if (auto bad = check_tail(*log))
    return bad;
  if (auto bad = check_checkpoint(*log, out, keys))
    return bad;
  return out;
}

} // namespace acgs::ledger
