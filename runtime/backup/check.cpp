// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/check.hpp"

#include "runtime/crypto/key_document.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/wire/command.hpp"
#include "runtime/wire/entry.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/hasher.hpp>

#include <algorithm>

namespace acgs::backup {

namespace {

using store::corrupt;

caf::error not_next(const std::string& why) {
  return make_error(ec::conflict, why, "file");
}

std::string entry_name(std::uint64_t index) {
  return "entry " + std::to_string(index);
}

} // namespace

sink::~sink() = default;

std::string newest_ring(const std::vector<std::filesystem::path>& files) {
  if (files.empty())
    return {};
  auto last = file_reader::open(files.back());
  auto found = last ? last->ring() : result<std::string>{last.error()};
  return found ? *found : std::string{};
}

/// By the list that is named, else by a ring; one that leads nowhere from a key
/// that is trusted leaves that key alone.
caf::error checker::learn_keys(file_reader& file) {
  auto own = file.ring();
  if (!own)
    return own.error();
  const auto& from = !list.empty() ? list : !ring.empty() ? ring : *own;
  std::vector<std::string> statements;
  if (!from.empty()) {
    auto read = crypto::statements_in(from);
    if (!read)
      return make_error(list.empty() ? ec::store_corrupt : ec::invalid_argument,
                        "the list of keys: " + sentence_of(read.error()),
                        "keys");
    statements = std::move(*read);
  }
  believed_ = crypto::key_history{keys_};
  changes_.clear();
  if (statements.empty())
    return {};
  caf::error wrong;
  for (const auto& each : keys_) {
    auto all = crypto::key_history::follow(each, statements);
    if (!all) {
      wrong = all.error();
      continue;
    }
    believed_ = std::move(*all);
    for (const auto& change : believed_.changes())
      changes_.emplace(change.size, change.root);
    return {};
  }
  return list.empty()
             ? caf::error{}
             : make_error(ec::invalid_argument,
                          "the list of keys: " + sentence_of(wrong), "keys");
}

caf::error checker::begin(file_reader& file) {
  now_ = file.what().of;
  auto name = "'" + file.path().string() + "' ";
  if (file.what().schema_ledger > store::ledger_schema().version
      || file.what().schema_state > store::state_schema().version)
    return not_next(name + "is of a newer program");
  if (!keys_.empty()) {
    if (auto bad = learn_keys(file))
      return bad;
    auto by = file.signed_by(believed_);
    if (!by)
      return by.error();
    signer_ = std::move(*by);
  }
  if (any_) {
    if (now_.origin != holds_.origin)
      return not_next(name + "is of the log " + now_.origin
                      + ", the one before it of " + holds_.origin);
    if (now_.size_base != holds_.size || now_.root_base != holds_.root
        || now_.revision_base > holds_.revision
        || now_.revision < holds_.revision)
      return not_next(
          name + "goes on from entry " + std::to_string(now_.size_base)
          + " and revision " + std::to_string(now_.revision_base)
          + "; the one before it ends at " + std::to_string(holds_.size)
          + " and " + std::to_string(holds_.revision)
          + ", or with another root");
  } else {
    holds_ = now_;
  }
  edge_.clear();
  in_tree_ = any_ || now_.size_base == 0;
  has_checkpoint_ = false;
  revision_ = now_.revision_base;
  last_key_.clear();
  return {};
}

caf::error checker::check(file_reader& file, sink* to) {
  if (auto bad = begin(file))
    return bad;
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto content = file.read(i);
    if (!content)
      return content.error();
    const auto& header = file.header(i);
    if (auto bad = check_block(header.kind, header.records, *content, to))
      return make_error(code_of(bad),
                        file.name_of(i) + ": " + sentence_of(bad));
    tree_.take_tiles(); // only the root is asked for
    if (progress)
      progress(tree_.size(), now_.size);
  }
  if (auto bad = end())
    return make_error(code_of(bad),
                      "'" + file.path().string() + "': " + sentence_of(bad));
  holds_.size = now_.size;
  holds_.root = now_.root;
  holds_.revision = now_.revision;
  any_ = true;
  return {};
}

caf::error checker::check_block(block_kind kind, std::uint64_t count,
                                byte_view content, sink* to) {
  if (kind != last_kind_)
    last_key_.clear();
  last_kind_ = kind;
  if (kind == block_kind::checkpoint || kind == block_kind::ring) {
    auto bad = kind == block_kind::checkpoint ? check_checkpoint(content)
                                              : caf::error{};
    if (bad)
      return bad;
    return to ? to->take(kind, {}, content) : caf::error{};
  }
  bytes opened;
  if (kind == block_kind::payload_keys) {
    if (!opens)
      return {}; // nothing of it is taken
    auto records = opens->open(now_.origin, content);
    if (!records)
      return records.error();
    opened = std::move(*records);
    content = opened;
  }
  auto bad = for_each_record(
      content, count, [&](byte_view key, byte_view value) -> caf::error {
        if (!last_key_.empty()
            && !std::ranges::lexicographical_compare(last_key_, key))
          return corrupt("its keys do not ascend");
        last_key_.assign(key.begin(), key.end());
        if (auto wrong = check_record(kind, key, value))
          return wrong;
        // What an increment goes on from is in the one before it.
        bool known = kind == block_kind::edge && now_.size_base > 0;
        return to && !known ? to->take(kind, key, value) : caf::error{};
      });
  if (bad)
    return bad;
  return to ? to->end_block() : caf::error{};
}

caf::error checker::check_record(block_kind kind, byte_view key,
                                 byte_view value) {
  auto index = store::to_number(key);
  auto inside = index >= now_.size_base && index < now_.size;
  switch (kind) {
  case block_kind::edge:
    return now_.size_base > 0 ? check_edge(key, value)
                              : check_leaves(key, value);
  case block_kind::entries:
    return check_entry(key, value);
  case block_kind::payloads:
  case block_kind::payload_keys:
    if (key.size() == 9 && inside)
      return {};
    return corrupt("it holds a payload of no entry of the backup");
  case block_kind::idempotency:
    if (key.size() == sizeof(digest) && value.size() >= 16
        && store::to_number(value) < now_.size)
      return {};
    return corrupt("it holds an idempotency key of no entry of the backup");
  case block_kind::blobs:
    if (std::ranges::equal(key, crypto::sha256_of(value)))
      return {};
    return corrupt("the text " + to_hex(key) + " is not what its digest says");
  default:
    return check_command(key, value);
  }
}

caf::error checker::check_checkpoint(byte_view content) {
  auto text = std::string{as_text(content)};
  auto note = merkle::parse_note(text);
  if (!note)
    return corrupt("the checkpoint: " + note.error());
  auto head = merkle::parse_checkpoint(note->text);
  if (!head)
    return corrupt("the checkpoint: " + head.error());
  if (head->origin != now_.origin || head->size != now_.size
      || head->root != now_.root)
    return corrupt("the checkpoint is of another log or size than the "
                   "manifest");
  if (!keys_.empty())
    if (auto by = believed_.open(text); !by)
      return corrupt("the checkpoint's signature does not verify: "
                     + sentence_of(by.error()));
  has_checkpoint_ = true;
  return {};
}

caf::error checker::enter_tree() {
  if (in_tree_) {
    if (tree_.size() < now_.size_base)
      return corrupt("its entries do not go on from those before");
    return {};
  }
  auto tree = merkle::tree::restore(
      now_.size_base,
      [&](const merkle::tile_id& id) -> std::optional<merkle::bytes> {
        auto at = edge_.find(store::tiles::key(id.level, id.index));
        return at == edge_.end() ? std::nullopt : std::optional{at->second};
      });
  if (!tree || tree->root() != now_.root_base)
    return corrupt("its tiles do not lead to the root of the "
                   + std::to_string(now_.size_base)
                   + " entries that it goes on from");
  tree_ = std::move(*tree);
  in_tree_ = true;
  return {};
}

caf::error checker::check_edge(byte_view key, byte_view value) {
  if (key.size() != 8 || value.empty() || value.size() % sizeof(digest) != 0
      || value.size() > merkle::tile_width * sizeof(digest))
    return corrupt("it holds something else than tiles");
  edge_[store::to_key(store::to_number(key))] = {value.begin(), value.end()};
  return {};
}

/// The hashes of entries that were archived, tile by tile.
caf::error checker::check_leaves(byte_view key, byte_view value) {
  constexpr auto tile_bytes = merkle::tile_width * sizeof(digest);
  const auto& part = now_.archived;
  if (key.size() != 8 || value.size() != tile_bytes || tree_.size() >= part.size
      || store::to_number(key) != tree_.size() / merkle::tile_width)
    return corrupt("the hashes of archived entry "
                   + std::to_string(tree_.size()) + " are missing");
  for (; !value.empty(); value = value.subspan(sizeof(digest))) {
    digest leaf;
    std::copy_n(value.begin(), leaf.size(), leaf.begin());
    tree_.append(leaf);
    if (auto bad = check_change())
      return bad;
  }
  if (tree_.size() == part.size && tree_.root() != part.root)
    return corrupt("the hashes of the archived entries lead to another root");
  return {};
}

caf::error checker::check_entry(byte_view key, byte_view value) {
  if (auto bad = enter_tree())
    return bad;
  auto expected = tree_.size();
  auto index = store::to_number(key);
  if (key.size() != 8 || index != expected || index >= now_.size)
    return corrupt(entry_name(expected) + " is missing");
  auto entry = wire::entry::decode(value);
  if (!entry || value.size() > wire::entry_bytes_max)
    return corrupt(entry_name(index) + " cannot be read");
  tree_.append_data(value);
  return check_change();
}

/// The tree at which a key followed another was this one as it was then.
caf::error checker::check_change() {
  auto found = changes_.find(tree_.size());
  if (found == changes_.end() || found->second == tree_.root())
    return {};
  return corrupt("the change of keys at size " + std::to_string(found->first)
                 + " is not of this tree");
}

caf::error checker::check_command(byte_view key, byte_view value) {
  auto expected = revision_ + 1;
  if (key.size() != 8 || store::to_number(key) != expected
      || expected > now_.revision)
    return corrupt("revision " + std::to_string(expected)
                   + " of control state is missing");
  if (auto command = wire::command::decode(value); !command)
    return corrupt("revision " + std::to_string(expected)
                   + " of control state cannot be read: "
                   + sentence_of(command.error()));
  revision_ = expected;
  return {};
}

caf::error checker::end() {
  if (auto bad = enter_tree())
    return bad;
  if (!has_checkpoint_)
    return corrupt("it holds no checkpoint");
  if (tree_.size() != now_.size)
    return corrupt(entry_name(tree_.size()) + " is missing");
  if (tree_.root() != now_.root)
    return corrupt("its entries lead to another root than the manifest's");
  if (revision_ != now_.revision)
    return corrupt("revision " + std::to_string(revision_ + 1)
                   + " of control state is missing");
  return {};
}

} // namespace acgs::backup
