// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What READER gives to whoever archives the log.

#include "actors/reader/state.hpp"
#include "runtime/store/payload_bundle.hpp"
#include "runtime/store/tables/payloads.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>

#include <algorithm>

namespace acgs::reader {

namespace {

/// A piece fits into a message.
constexpr std::size_t sealed_piece = std::size_t{4} << 20;

} // namespace

result<sealed_result> state::sealed(const get_sealed& what) const {
  auto log = view();
  if (!log)
    return log.error();
  auto first = what.bundle * merkle::tile_width;
  if (what.bundle >= log->head().size / merkle::tile_width)
    return make_error(ec::not_found,
                      "no full bundle " + std::to_string(what.bundle),
                      "bundle");
  if (first < log->archived().size)
    return store::archived_error(first, log->archived());
  auto at = log->transaction().walk(tables_.payloads);
  if (!at)
    return at.error();
  auto from = what.index < first ? store::payloads::key(first, 0)
                                 : store::payloads::key(what.index, what.place);
  auto skipped = what.index < first ? 0 : what.offset;
  sealed_result out;
  auto found = (*at)->seek(from);
  for (; found && *found; found = (*at)->next()) {
    auto key = (*at)->key();
    auto index = store::to_number(key);
    if (index >= first + merkle::tile_width)
      return out;
    auto place = std::to_integer<std::uint8_t>(key[8]);
    bytes record;
    store::add_payload(record, index, place, (*at)->value());
    auto begin = std::min<std::uint64_t>(skipped, record.size());
    auto taken = std::min<std::uint64_t>(record.size() - begin,
                                         sealed_piece - out.content.size());
    auto part = byte_view{record}.subspan(begin, taken);
    out.content.insert(out.content.end(), part.begin(), part.end());
    skipped = 0;
    if (out.content.size() >= sealed_piece) {
      out.next = get_sealed{what.bundle, begin + taken, index, place};
      return out;
    }
  }
  if (!found)
    return found.error();
  return out;
}

result<std::string> state::older_checkpoint(std::uint64_t size) const {
  auto log = view();
  if (!log)
    return log.error();
  if (size > log->head().size)
    return make_error(ec::not_found,
                      "the log has " + std::to_string(log->head().size)
                          + " entries, not " + std::to_string(size));
  auto root = merkle::root_from_tiles(size, [&](const merkle::tile_id& id) {
    return log->tile_copy(id.level, id.index);
  });
  if (!root)
    return make_error(ec::store_corrupt, root.error());
  return merkle::format_checkpoint({tables_.origin, size, *root, {}});
}

} // namespace acgs::reader
