// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/source.hpp"

#include "runtime/store/payload_key.hpp"
#include "runtime/store/tables.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>
#include <merkle/tree.hpp>

#include <algorithm>
#include <map>

namespace acgs::backup {

namespace {

/// Records looked at in one transaction: some milliseconds.
constexpr unsigned looked_at_max = 16384;

merkle::tile_reader tiles_of(store::log_view& log) {
  return [&log](const merkle::tile_id& id) {
    return log.tile_copy(id.level, id.index);
  };
}

bytes copy(byte_view from) {
  return {from.begin(), from.end()};
}

bytes first_key(std::uint64_t number) {
  auto key = store::to_key(number);
  return {key.begin(), key.end()};
}

place next_section(block_kind after) {
  if (after == block_kind::ring)
    return {block_kind::manifest, {}};
  return {static_cast<block_kind>(static_cast<unsigned>(after) + 1), {}};
}

/// One table's part of a backup.
struct selection {
  store::environment* in;
  store::table from;
  std::uint64_t first = 0; ///< the number that the first key begins with
  /// What to do with a record.
  enum class verdict { take, skip, end };
  std::function<verdict(byte_view key, byte_view value)> judge;
};

using verdict = selection::verdict;

/// What a block holds, and where the next one begins.
struct filled {
  std::uint64_t records = 0;
  bytes content;
  place next;
};

/// A payload's key as it opens the payload, since the secret that masks it
/// stays here; the mark of a shredding, and a key whose secret is not here, as
/// they are.
result<bytes> opened_key(store::vault& with, byte_view at, byte_view stored) {
  auto kept = store::kept_key::read(stored);
  if (!kept)
    return kept.error();
  bytes as_it_is{stored.begin(), stored.end()};
  if (kept->shredded_by || at.size() != 9)
    return as_it_is;
  auto key = store::open_key(
      with, *kept,
      {store::to_number(at), std::to_integer<std::uint8_t>(at[8])});
  if (!key)
    return key.error();
  return key->empty() ? as_it_is : std::move(*key);
}

/// Fills a block from a place on.
result<filled> fill(const selection& which, const place& at) {
  auto reading = which.in->read();
  if (!reading)
    return reading.error();
  auto walk = (*reading)->walk(which.from);
  if (!walk)
    return walk.error();
  auto& record = **walk;
  bytes content;
  std::uint64_t count = 0;
  unsigned seen = 0;
  filled out{0, {}, next_section(at.section)};
  auto found = record.seek(at.from.empty() ? first_key(which.first) : at.from);
  for (; found && *found; found = record.next()) {
    auto what = which.judge(record.key(), record.value());
    if (what == verdict::end)
      break;
    if (content.size() >= block_target || ++seen > looked_at_max) {
      out.next = {at.section, copy(record.key())};
      break;
    }
    if (what == verdict::skip)
      continue;
    if (at.section == block_kind::payload_keys) {
      auto open = opened_key(which.in->secrets(), record.key(), record.value());
      if (!open)
        return open.error();
      add_record(content, record.key(), *open);
    } else {
      add_record(content, record.key(), record.value());
    }
    ++count;
  }
  if (!found)
    return found.error();
  out.records = count;
  out.content = std::move(content);
  return out;
}

verdict below(std::uint64_t number, std::uint64_t end) {
  return number < end ? verdict::take : verdict::end;
}

/// The selection for a section that is a table.
selection select(const plan& of, block_kind section, store::environment& ledger,
                 const store::log_tables& tables, store::environment& state,
                 store::table commands) {
  auto first = of.of.size_base;
  auto size = of.of.size;
  auto by_key = [](std::uint64_t end) {
    return [end](byte_view key, byte_view) {
      return below(store::to_number(key), end);
    };
  };
  const auto archived = of.of.archived.size;
  const auto first_here = std::max(first, archived);
  switch (section) {
  case block_kind::edge:
    return {&ledger, tables.tiles, 0, by_key(archived / merkle::tile_width)};
  case block_kind::entries:
    return {&ledger, tables.entries, first_here, by_key(size)};
  case block_kind::payloads:
    return {&ledger, tables.payloads, first_here, by_key(size)};
  case block_kind::payload_keys:
    return {&ledger, tables.payload_keys, first, by_key(size)};
  case block_kind::idempotency:
    return {&ledger, tables.idempotency, 0, [=](byte_view, byte_view value) {
              auto entry = store::to_number(value);
              return entry >= first && entry < size ? verdict::take
                                                    : verdict::skip;
            }};
  case block_kind::blobs:
    return {&ledger, tables.blobs, 0,
            [](byte_view, byte_view) { return verdict::take; }};
  default:
    return {&state, commands, of.of.revision_base + 1,
            by_key(of.of.revision + 1)};
  }
}

result<piece> whole_block(const place& at, std::uint64_t records,
                          byte_view content) {
  auto block = make_block(at.section, records, content);
  if (!block)
    return block.error();
  return piece{std::move(*block), next_section(at.section)};
}

result<std::uint64_t> last_revision(store::environment& in,
                                    store::table commands) {
  auto reading = in.read();
  if (!reading)
    return reading.error();
  auto at = (*reading)->walk(commands);
  if (!at)
    return at.error();
  auto found = (*at)->last();
  if (!found)
    return found.error();
  return *found ? store::to_number((*at)->key()) : 0;
}

caf::error other(const std::string& why) {
  return make_error(ec::conflict, "the base is none of this node's: " + why,
                    "base");
}

} // namespace

result<source> source::open(store::environment& ledger, std::string origin,
                            store::environment& state, ring_reader ring) {
  auto tables = store::log_tables::open(ledger, std::move(origin));
  if (!tables)
    return tables.error();
  auto commands = state.open_table(store::state::commands_name);
  if (!commands)
    return commands.error();
  return source{ledger, std::move(*tables), state, *commands, std::move(ring)};
}

result<plan> source::begin(const std::string& checkpoint, const base& from) {
  auto note = merkle::parse_note(checkpoint);
  auto head =
      note ? merkle::parse_checkpoint(note->text)
           : merkle::result<merkle::checkpoint>{merkle::failure{note.error()}};
  if (!head || head->origin != tables_.origin)
    return make_error(ec::internal, "the checkpoint is none of this log's");
  auto revision = last_revision(*state_, commands_);
  if (!revision)
    return revision.error();
  if (from.size > head->size)
    return other("it has " + std::to_string(from.size)
                 + " entries, the log has " + std::to_string(head->size));
  if (from.revision > *revision)
    return other("it has " + std::to_string(from.revision)
                 + " changes of control state, the node has "
                 + std::to_string(*revision));
  auto log = store::log_view::open(*ledger_, tables_);
  if (!log)
    return log.error();
  if (log->archived().size > head->size)
    return make_error(ec::conflict,
                      "entries were archived while the backup was begun; take "
                      "another one");
  if (from.size > 0 && from.size < log->archived().size)
    return other("it ends at entry " + std::to_string(from.size)
                 + ", and those before " + std::to_string(log->archived().size)
                 + " were archived since: take a whole one");
  auto root = merkle::root_from_tiles(from.size, tiles_of(*log));
  if (!root)
    return make_error(ec::store_corrupt, root.error());
  if (from.root && *from.root != *root)
    return other("its " + std::to_string(from.size)
                 + " entries lead to another root");
  plan out;
  out.of = {tables_.origin, from.size,     head->size, *root,
            head->root,     from.revision, *revision,  log->archived()};
  out.checkpoint = checkpoint;
  out.seal = from.seal;
  return out;
}

result<piece> source::read_edge(const plan& of, const place& at) {
  if (of.of.size_base == 0)
    return piece{{}, next_section(at.section)};
  auto log = store::log_view::open(*ledger_, tables_);
  if (!log)
    return log.error();
  std::map<store::number_key, bytes> needed;
  auto read = tiles_of(*log);
  auto tree = merkle::tree::restore(
      of.of.size_base,
      [&](const merkle::tile_id& id) -> std::optional<merkle::bytes> {
        auto found = read(id);
        if (!found || found->size() < id.width * sizeof(digest))
          return std::nullopt;
        found->resize(id.width * sizeof(digest));
        // The same tile may be asked for in two widths.
        auto& kept = needed[store::tiles::key(id.level, id.index)];
        if (kept.size() < found->size())
          kept = *found;
        return found;
      });
  if (!tree)
    return make_error(ec::store_corrupt, tree.error());
  bytes content;
  for (const auto& [key, hashes] : needed)
    add_record(content, key, hashes);
  return whole_block(at, needed.size(), content);
}

/// What a backup is to hold must not be archived meanwhile.
caf::error source::check_archived(const plan& of) {
  auto log = store::log_view::open(*ledger_, tables_);
  if (!log)
    return log.error();
  if (log->archived().size <= std::max(of.of.archived.size, of.of.size_base))
    return {};
  return make_error(ec::conflict,
                    "entries were archived while the backup was taken; take "
                    "another one");
}

result<piece> source::read_ring(const place& at) {
  if (!ring_)
    return piece{{}, next_section(at.section)};
  auto text = ring_();
  if (!text)
    return text.error();
  return whole_block(at, 1, as_byte_view(*text));
}

result<piece> source::read(const plan& of, const place& at) {
  if (at.section == block_kind::checkpoint)
    return whole_block(at, 1, as_byte_view(of.checkpoint));
  if (at.section == block_kind::edge
      && (of.of.size_base > 0 || of.of.archived.size == 0))
    return read_edge(of, at);
  if (at.section == block_kind::ring)
    return read_ring(at);
  if (at.section == block_kind::payload_keys && !of.seal.wanted())
    return piece{{}, next_section(at.section)};
  auto part =
      fill(select(of, at.section, *ledger_, tables_, *state_, commands_), at);
  if (!part)
    return part.error();
  // After it was read: what is erased is noted as archived before.
  if (at.section == block_kind::entries || at.section == block_kind::payloads)
    if (auto bad = check_archived(of))
      return bad;
  if (part->records == 0)
    return piece{{}, std::move(part->next)};
  if (at.section == block_kind::payload_keys) {
    auto sealed = seal_records(of.seal, of.of.origin, part->content);
    if (!sealed)
      return sealed.error();
    part->content = std::move(*sealed);
  }
  auto block = make_block(at.section, part->records, part->content);
  if (!block)
    return block.error();
  return piece{std::move(*block), std::move(part->next)};
}

} // namespace acgs::backup
