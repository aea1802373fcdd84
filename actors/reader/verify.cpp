// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/verify.hpp"

#include "runtime/crypto/payload.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>
#include <merkle/tree.hpp>

#include <algorithm>

namespace acgs::reader {

namespace {

/// Entries in one read transaction: a long one would hold pages back, and
/// others wait for as long. One bundle, of which an archive has all or nothing.
constexpr std::uint64_t step_size = merkle::tile_width;

merkle::tile_reader tiles_of(store::log_view& log) {
  return [&log](const merkle::tile_id& id) {
    return log.tile_copy(id.level, id.index);
  };
}

} // namespace

bool verification::wrong(std::uint64_t at, std::string why) {
  out_.first_wrong = at;
  out_.problem = "entry " + std::to_string(at) + ' ' + std::move(why);
  return false;
}

bool verification::check_entry(store::log_view& log, std::uint64_t at,
                               byte_view encoded) {
  auto leaf = with_.leaf(encoded);
  auto tile = log.tile(0, at / merkle::tile_width);
  auto place = at % merkle::tile_width * leaf.size();
  if (!tile || tile->size() < place + leaf.size()
      || !std::equal(leaf.begin(), leaf.end(),
                     tile->begin() + static_cast<std::ptrdiff_t>(place)))
    return wrong(at, "is not what the tree holds");
  if (whole_)
    tree_.append(leaf);
  auto entry = wire::entry::decode(encoded);
  if (!entry)
    return wrong(at, "is no entry: " + sentence_of(entry.error()));
  if ((*entry)->commitments.empty()) {
    ++out_.checked;
    return true;
  }
  auto payloads = open_payloads(log, at, **entry);
  if (!payloads && code_of(payloads.error()) == ec::not_found) {
    // The file of them is missing: the leaf alone holds.
    out_.first_unread = out_.first_unread.value_or(at);
    ++out_.archived;
    return true;
  }
  if (!payloads)
    return wrong(at, "has a payload that is missing");
  for (const auto& each : *payloads)
    if (!each.shredded && !each.lost && !each.matches)
      return wrong(at, "has a payload that its commitment does not cover");
  ++out_.checked;
  return true;
}

/// Whether no folder that is given has the entry, which was archived.
bool verification::is_unread(store::log_view& log, std::uint64_t at) {
  if (at < log.first())
    return true;
  auto found =
      at < log.archived().size ? log.entry(at) : result<byte_view>{byte_view{}};
  if (found || code_of(found.error()) != ec::not_found)
    return false;
  out_.first_unread = out_.first_unread.value_or(at);
  return true;
}

result<bool> verification::step() {
  if (next_ >= end_)
    return true;
  auto log = store::log_view::open(*in_, tables_);
  if (!log)
    return log.error();
  auto first = next_;
  auto last = std::min(end_, (first / step_size + 1) * step_size);
  if (is_unread(*log, first)) {
    if (check_archived(*log, first, last) && whole_)
      check_tiles(*log);
    return out_.first_wrong.has_value() || next_ >= end_;
  }
  auto failed = log->for_each_entry(first, last - first,
                                    [&](std::uint64_t at, byte_view encoded) {
                                      next_ = at + 1;
                                      return check_entry(*log, at, encoded);
                                    });
  if (failed && code_of(failed) != ec::store_corrupt)
    return failed;
  if (failed && next_ < log->archived().size)
    wrong(next_, "was archived: " + sentence_of(failed));
  else if (failed)
    wrong(next_, "is missing");
  else if (!out_.first_wrong && whole_)
    check_tiles(*log);
  else if (!out_.first_wrong)
    check_range(*log, first, last);
  return out_.first_wrong.has_value() || next_ >= end_;
}

/// By the tiles of hashes, which stay when entries are archived.
bool verification::check_archived(store::log_view& log, std::uint64_t first,
                                  std::uint64_t last) {
  auto read = tiles_of(log);
  for (; next_ < last; ++next_, ++out_.archived) {
    auto tile = log.tile(0, next_ / merkle::tile_width);
    merkle::hash leaf;
    auto place = next_ % merkle::tile_width * leaf.size();
    if (!tile || tile->size() < place + leaf.size())
      return wrong(next_, "was archived, and its hash is not here");
    std::copy_n(tile->begin() + static_cast<std::ptrdiff_t>(place), leaf.size(),
                leaf.begin());
    if (whole_) {
      tree_.append(leaf);
      continue;
    }
    if (next_ != first && next_ % merkle::tile_width != 0)
      continue;
    auto size = log.head().size;
    auto path = merkle::prove_inclusion(next_, size, read);
    if (!path
        || !merkle::verify_inclusion(leaf, next_, size, *path, log.head().root))
      return wrong(next_, "does not lead to the root");
  }
  return true;
}

/// The stored tiles that the entries so far lead to.
bool verification::check_tiles(store::log_view& log) {
  for (const auto& tile : tree_.take_tiles()) {
    auto stored = log.tile(tile.id.level, tile.id.index);
    // The log may have grown: its tile may be wider than ours.
    if (stored && stored->size() >= tile.hashes.size()
        && std::equal(tile.hashes.begin(), tile.hashes.end(), stored->begin()))
      continue;
    auto span = std::uint64_t{1} << (8 * (tile.id.level + 1));
    return wrong(tile.id.index * span,
                 "is below " + merkle::tile_path(tile.id)
                     + ", which is not what the entries lead to");
  }
  return true;
}

/// Each tile of leaves in a part of the log must lead to the root.
void verification::check_range(store::log_view& log, std::uint64_t first,
                               std::uint64_t last) {
  auto read = tiles_of(log);
  auto size = log.head().size;
  for (auto at = first; at < last;
       at = (at / merkle::tile_width + 1) * merkle::tile_width) {
    auto entry = log.entry(at);
    auto path = merkle::prove_inclusion(at, size, read);
    if (!entry || !path
        || !merkle::verify_inclusion(with_.leaf(*entry), at, size, *path,
                                     log.head().root)) {
      wrong(at, "does not lead to the root");
      return;
    }
  }
}

bool verification::had_root(store::log_view& log, std::uint64_t size,
                            const merkle::hash& root) const {
  auto found = size > log.head().size
                   ? merkle::result<merkle::hash>{merkle::failure{"too long"}}
                   : merkle::root_from_tiles(size, tiles_of(log));
  return found && *found == root;
}

void verification::check_checkpoint(store::log_view& log) {
  auto text = log.checkpoint();
  if (!text || text->empty())
    return; // the first is stored with the second commit
  auto found = keys_->open(*text);
  if (!found)
    out_.problem = "the signed checkpoint: " + sentence_of(found.error());
  else if (!had_root(log, found->head.size, found->head.root))
    out_.problem = "the signed checkpoint of size "
                   + std::to_string(found->head.size) + " is not of this tree";
}

/// The tree heads that the statements about the keys were made at, those within
/// what is looked at: the log may have grown since, and a key followed.
void verification::check_changes(store::log_view& log) {
  for (const auto& each : keys_->changes())
    if (out_.problem.empty() && each.size <= end_
        && !had_root(log, each.size, each.root))
      out_.problem = "the change of keys at size " + std::to_string(each.size)
                     + " is not of this tree";
}

result<verification> verification::begin(const verify& what,
                                         store::environment& in,
                                         const store::log_tables& tables,
                                         history_ptr keys) {
  auto log = store::log_view::open(in, tables);
  if (!log)
    return log.error();
  const auto& head = log->head();
  auto last = what.last ? *what.last : head.size - (head.size > 0 ? 1 : 0);
  if (head.size > 0 && (what.first > last || last >= head.size))
    return make_error(ec::invalid_argument,
                      "entries " + std::to_string(what.first) + " to "
                          + std::to_string(last) + ": the log has "
                          + std::to_string(head.size));
  verification out{in, tables, std::move(keys)};
  out.out_.tree_size = head.size;
  out.out_.root = head.root;
  out.whole_ = what.first == 0 && last + 1 >= head.size;
  out.next_ = what.first;
  out.end_ = head.size == 0 ? 0 : last + 1;
  out.check_checkpoint(*log);
  out.check_changes(*log);
  return out;
}

verify_result verification::finish() {
  if (whole_ && !out_.first_wrong && out_.problem.empty()
      && tree_.root() != out_.root)
    out_.problem = "the entries lead to another root than the log's head";
  out_.verified = out_.problem.empty();
  return std::move(out_);
}

result<verify_result> verify_log(const verify& what, store::environment& in,
                                 const store::log_tables& tables,
                                 history_ptr keys) {
  auto run = verification::begin(what, in, tables, std::move(keys));
  if (!run)
    return run.error();
  for (auto done = run->step();; done = run->step()) {
    if (!done)
      return done.error();
    if (*done)
      return run->finish();
  }
}

result<std::vector<opened_payload>> open_payloads(store::log_view& log,
                                                  std::uint64_t index,
                                                  const domain::entry& entry) {
  std::vector<opened_payload> out;
  for (std::size_t i = 0; i < entry.commitments.size(); ++i) {
    auto sealed = log.payload(index, static_cast<std::uint8_t>(i));
    if (!sealed)
      return sealed.error();
    if (!*sealed)
      return make_error(ec::store_corrupt,
                        "payload " + std::to_string(i) + " of entry "
                            + std::to_string(index) + " is missing");
    opened_payload one;
    one.kind = entry.commitments[i].kind;
    one.shredded = (*sealed)->shredded_by.has_value();
    one.lost = !one.shredded && (*sealed)->key.empty();
    if (!one.shredded && !one.lost) {
      domain::sealed_payload both{
          entry.commitments[i],
          {(*sealed)->key.begin(), (*sealed)->key.end()},
          {(*sealed)->ciphertext.begin(), (*sealed)->ciphertext.end()}};
      auto opened = crypto::open_payload(both);
      one.matches = static_cast<bool>(opened);
      if (opened)
        one.text = std::move(opened->text);
    }
    out.push_back(std::move(one));
  }
  return out;
}

} // namespace acgs::reader
