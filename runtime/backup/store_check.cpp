// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/store_check.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/log_mark.hpp"
#include "runtime/store/log_view.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/store/told_history.hpp"
#include "runtime/wire/command.hpp"
#include "runtime/wire/entry.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/proof.hpp>
#include <merkle/tree.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace acgs::backup {

namespace {

using store::corrupt;

/// Visits the records of a table from a key on until `visit` fails.
caf::error
for_each(store::read_transaction& in, store::table which, byte_view from,
         const std::function<caf::error(byte_view, byte_view)>& visit) {
  auto at = in.walk(which);
  if (!at)
    return at.error();
  auto found = (*at)->seek(from);
  for (; found && *found; found = (*at)->next())
    if (auto bad = visit((*at)->key(), (*at)->value()))
      return bad;
  return found ? caf::error{} : found.error();
}

/// One log, entry by entry.
class log_check {
public:
  log_check(store::log_view& log, const crypto::key_history& keys,
            store::told_history& told)
      : log_{log}, keys_{keys}, told_{told} {
    out_.origin = log.origin();
    out_.size = log.head().size;
    out_.root = log.head().root;
    out_.archived = log.archived().size;
    told_.hear_archived(log.archived().revision);
  }

  result<checked_log>
  run(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    auto wrong = check_archived();
    if (wrong)
      return named(wrong);
    auto failed = log_.for_each_entry(
        out_.archived, out_.size - out_.archived,
        [&](std::uint64_t at, byte_view encoded) {
          wrong = check_entry(at, encoded);
          if (!wrong && tree_.size() % merkle::tile_width == 0)
            wrong = check_tiles();
          if (progress)
            progress(at + 1, out_.size);
          return !wrong;
        });
    for (auto& bad : {failed, wrong})
      if (bad)
        return named(bad);
    for (auto check : {&log_check::check_tiles, &log_check::check_end,
                       &log_check::check_checkpoint})
      if (auto bad = (this->*check)())
        return named(bad);
    return std::move(out_);
  }

private:
  caf::error named(const caf::error& why) const {
    return make_error(code_of(why),
                      "the log " + out_.origin + ": " + sentence_of(why));
  }

  /// By the hashes that stayed.
  caf::error check_archived() {
    for (std::uint64_t n = 0; tree_.size() < out_.archived; ++n) {
      auto tile = log_.tile(0, n);
      if (!tile || tile->size() != merkle::tile_width * sizeof(digest))
        return corrupt("the hashes of archived entry "
                       + std::to_string(tree_.size()) + " are missing");
      for (auto left = *tile; !left.empty();
           left = left.subspan(sizeof(digest))) {
        digest leaf;
        std::copy_n(left.begin(), leaf.size(), leaf.begin());
        tree_.append(leaf);
      }
      if (auto bad = check_tiles())
        return bad;
    }
    return tree_.root() == log_.archived().root || out_.archived == 0
               ? caf::error{}
               : corrupt("the archived entries led to another root");
  }

  caf::error check_entry(std::uint64_t at, byte_view encoded) {
    auto name = "entry " + std::to_string(at);
    tree_.append_data(encoded);
    auto entry = wire::entry::decode(encoded);
    if (!entry)
      return corrupt(name + " cannot be read: " + sentence_of(entry.error()));
    if (auto bad = told_.hear(**entry))
      return corrupt(
          name + " has a detail that cannot be read: " + sentence_of(bad));
    const auto& covers = (*entry)->commitments;
    for (std::size_t i = 0; i < covers.size(); ++i) {
      auto sealed = log_.payload(at, static_cast<std::uint8_t>(i));
      if (!sealed)
        return sealed.error();
      if (!*sealed)
        return corrupt(name + " has a payload that is missing");
      if ((*sealed)->key.empty()) {
        ++((*sealed)->shredded_by ? out_.shredded : out_.keys_not_here);
        continue;
      }
      const auto& text = (*sealed)->ciphertext;
      const auto& key = (*sealed)->key;
      if (!crypto::open_payload({covers[i],
                                 {key.begin(), key.end()},
                                 {text.begin(), text.end()}}))
        return corrupt(name + " has a payload that it does not commit to");
    }
    return (*entry)->kind == domain::entry_kind::shred
               ? note_shredding((*entry)->detail)
               : caf::error{};
  }

  /// A restored store has not even the marks of what was shredded: payloads
  /// that were counted as such whose keys are not here count otherwise, once.
  caf::error note_shredding(std::string_view detail) {
    auto told = json::parse(detail);
    const auto* member = told ? told->find("entry") : nullptr;
    auto of = member ? member->as_int() : std::nullopt;
    if (!of || *of < 0)
      return {};
    auto index = static_cast<std::uint64_t>(*of);
    if (index < out_.archived || index >= tree_.size()
        || !noted_.insert(index).second)
      return {};
    for (unsigned place = 0; place <= 255; ++place) {
      auto sealed = log_.payload(index, static_cast<std::uint8_t>(place));
      if (!sealed)
        return sealed.error();
      if (!*sealed)
        break;
      if (!(*sealed)->key.empty() || (*sealed)->shredded_by)
        continue;
      --out_.keys_not_here;
      ++out_.shredded;
    }
    return {};
  }

  caf::error check_tiles() {
    for (const auto& tile : tree_.take_tiles()) {
      auto stored = log_.tile(tile.id.level, tile.id.index);
      if (!stored || stored->size() < tile.hashes.size()
          || !std::equal(tile.hashes.begin(), tile.hashes.end(),
                         stored->begin()))
        return corrupt(merkle::tile_path(tile.id)
                       + " is not what the entries lead to");
    }
    return {};
  }

  caf::error check_end() {
    if (tree_.root() != out_.root)
      return corrupt("the entries lead to another root than its head");
    return for_each(log_.transaction(), log_.tables().entries,
                    store::to_key(out_.size), [&](byte_view key, byte_view) {
                      return corrupt("it goes on beyond its head, at entry "
                                     + std::to_string(store::to_number(key)));
                    });
  }

  caf::error check_checkpoint() {
    auto text = log_.checkpoint();
    if (!text)
      return text.error();
    if (text->empty())
      return {}; // the first is stored with the second commit
    auto note = merkle::parse_note(*text);
    auto head =
        note
            ? merkle::parse_checkpoint(note->text)
            : merkle::result<merkle::checkpoint>{merkle::failure{note.error()}};
    if (!head)
      return corrupt("its signed checkpoint: " + head.error());
    auto root = merkle::root_from_tiles(
        std::min(head->size, out_.size), [&](const merkle::tile_id& id) {
          return log_.tile_copy(id.level, id.index);
        });
    if (head->origin != out_.origin || head->size > out_.size || !root
        || *root != head->root)
      return corrupt(store::not_of_this_log(head->size, out_.size));
    if (keys_.keys().empty())
      return {};
    auto by = keys_.open(*text);
    return by ? caf::error{}
              : corrupt("its signed checkpoint does not verify: "
                        + sentence_of(by.error()));
  }

  store::log_view& log_;
  const crypto::key_history& keys_;
  store::told_history& told_;
  merkle::tree tree_;
  std::set<std::uint64_t> noted_; ///< entries that others say were shredded
  checked_log out_;
};

/// The number of texts.
result<std::uint64_t> check_texts(store::log_view& log) {
  std::uint64_t out = 0;
  auto check = [&](byte_view key, byte_view value) {
    ++out;
    return std::ranges::equal(key, crypto::sha256_of(value))
               ? caf::error{}
               : corrupt("the text " + to_hex(key)
                         + " is not what its digest says");
  };
  if (auto bad = for_each(log.transaction(), log.tables().blobs, {}, check))
    return bad;
  return out;
}

/// A table that must be there.
result<store::table> table_of(store::environment& in, const std::string& name) {
  auto found = in.find_table(name);
  if (!found)
    return found.error();
  if (!*found)
    return corrupt("the table " + name + " is missing");
  return **found;
}

/// Archives of bundles, of which a store that never had one has no table.
caf::error check_archives(store::environment& in) {
  auto bundles = in.find_table(store::state::bundles_name);
  if (!bundles)
    return bundles.error();
  if (!*bundles)
    return {};
  // Begun once the table is open: a transaction knows no table of later.
  auto reading = in.read();
  if (!reading)
    return reading.error();
  return for_each(**reading, **bundles, {}, [](byte_view key, byte_view value) {
    return to_hex(crypto::sha256_of(value)) == as_text(key)
               ? caf::error{}
               : corrupt("the archive " + std::string{as_text(key)}
                         + " of a bundle is not what its digest says");
  });
}

/// The last revision of the history.
result<std::uint64_t> check_history(store::environment& in,
                                    const store::told_history& told) {
  auto commands = table_of(in, store::state::commands_name);
  if (!commands)
    return commands.error();
  auto applied = table_of(in, store::state::applied_name);
  if (!applied)
    return applied.error();
  auto reading = in.read();
  if (!reading)
    return reading.error();
  std::uint64_t last = 0;
  auto bad =
      for_each(**reading, *commands, {}, [&](byte_view key, byte_view value) {
        auto name = "revision " + std::to_string(++last);
        if (key.size() != 8 || store::to_number(key) != last)
          return corrupt("the history lacks " + name);
        if (!wire::command::decode(value))
          return corrupt(name + " of the history cannot be read");
        return told.is(last, value)
                   ? caf::error{}
                   : corrupt(name
                             + " of the history is not the command that the "
                               "log tells of");
      });
  if (bad)
    return bad;
  auto head = (*reading)->get(*applied, store::state::head_key);
  if (!head)
    return head.error();
  auto marked = *head ? store::to_number(**head) : 0;
  if (marked != last)
    return corrupt("the history ends at revision " + std::to_string(last)
                   + ", not at " + std::to_string(marked));
  if (told.last() > last)
    return corrupt("the log tells of revision " + std::to_string(told.last())
                   + " of control state, the history ends at "
                   + std::to_string(last));
  return last;
}

struct name_parts {
  std::string cluster;
  std::string node;
  std::uint64_t epoch = 0;
};

/// Of an origin as nodes make it; nothing of another.
std::optional<name_parts> name_of(const std::string& origin) {
  auto first = origin.find('/');
  auto last = origin.rfind('/');
  if (first == origin.npos || first == last)
    return std::nullopt;
  auto epoch = parse_number<std::uint64_t>(origin.substr(last + 1));
  if (!epoch)
    return std::nullopt;
  return name_parts{origin.substr(0, first),
                    origin.substr(first + 1, last - first - 1), *epoch};
}

/// How the log of a mark departs from it; notes the mark with the log.
result<std::string> departure_from(const store::log_mark& mark,
                                   store::environment& ledger,
                                   std::vector<checked_log>& logs) {
  auto size = mark.head.size;
  auto at = std::ranges::find(logs, mark.origin, &checked_log::origin);
  if (at == logs.end())
    return size == 0 ? std::string{}
                     : " is not there; " + std::to_string(size)
                           + " entries of it were signed";
  auto log = store::log_view::open(ledger, at->origin);
  if (!log)
    return log.error();
  at->was_signed = size;
  return store::departure_from(mark.head, *log);
}

} // namespace

result<checked_stores> check_stores(
    store::environment& ledger, store::environment& state,
    const crypto::key_history& keys,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  checked_stores out;
  store::told_history told;
  auto origins = store::origins_in(ledger);
  if (!origins)
    return origins.error();
  for (const auto& origin : *origins) {
    auto log = store::log_view::open(ledger, origin);
    if (!log)
      return log.error();
    auto checked = log_check{*log, keys, told}.run(progress);
    if (!checked)
      return checked.error();
    out.logs.push_back(std::move(*checked));
    auto texts = check_texts(*log); // of all logs
    if (!texts)
      return texts.error();
    out.texts = *texts;
  }
  auto revision = check_history(state, told);
  if (!revision)
    return revision.error();
  out.revision = *revision;
  if (auto bad = check_archives(state))
    return bad;
  return out;
}

caf::error check_marks(store::environment& ledger,
                       const std::filesystem::path& keys,
                       std::vector<checked_log>& logs) {
  for (const auto& each : logs) {
    auto name = name_of(each.origin);
    if (!name)
      continue;
    auto file = store::log_mark_path(keys, name->cluster, name->node);
    auto mark = store::read_log_mark(file);
    if (!mark)
      return mark.error();
    auto of = *mark ? name_of((*mark)->origin) : std::nullopt;
    if (!of || of->epoch < name->epoch)
      continue; // of a log before it: a start makes it anew
    auto departure = departure_from(**mark, ledger, logs);
    if (!departure)
      return departure.error();
    if (!departure->empty())
      return corrupt("the log " + (*mark)->origin + *departure + ", as "
                     + file.string()
                     + " remembers: the store was lost, rolled back or "
                       "exchanged");
  }
  return {};
}

} // namespace acgs::backup
