// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/epoch.hpp"

#include "actors/ledger/state.hpp"
#include "actors/node/keys.hpp"
#include "actors/node/log.hpp"
#include "actors/node/stores.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/store/tables/meta.hpp"

#include <unistd.h>

#include <algorithm>

namespace acgs::node {

namespace {

/// Who this node's logs are of: an origin without its epoch.
struct log_name {
  std::string cluster;
  std::string node;

  std::string origin(std::uint64_t epoch) const {
    return cluster + '/' + node + '/' + std::to_string(epoch);
  }

  /// The epoch of an origin of this name; 0 where it is another's or none.
  std::uint64_t epoch_of(std::string_view origin) const {
    auto prefix = cluster + '/' + node + '/';
    if (!origin.starts_with(prefix))
      return 0;
    origin.remove_prefix(prefix.size());
    return parse_number<std::uint64_t>(origin).value_or(0);
  }
};

/// What is known of this node's log from both places.
struct known {
  log_name name;
  std::filesystem::path file;
  std::optional<store::log_mark> mark; ///< what the file remembers
  std::uint64_t marked_epoch = 0;      ///< 0: there is no mark
  std::uint64_t stored_epoch = 0;      ///< 0: the store names none

  std::uint64_t epoch() const { return std::max(marked_epoch, stored_epoch); }
};

result<std::string> stored_origin(store::environment& ledger) {
  auto meta = ledger.open_table(store::meta::name);
  if (!meta)
    return meta.error();
  auto reading = ledger.read();
  if (!reading)
    return reading.error();
  auto found = (*reading)->get(*meta, as_byte_view(store::meta::origin_key));
  if (!found)
    return found.error();
  return std::string{*found ? as_text(**found) : std::string_view{}};
}

caf::error store_origin(store::environment& ledger, const std::string& origin) {
  auto meta = ledger.open_table(store::meta::name);
  if (!meta)
    return meta.error();
  auto writing = ledger.write();
  if (!writing)
    return writing.error();
  if (auto bad = (*writing)->put(*meta, as_byte_view(store::meta::origin_key),
                                 as_byte_view(origin)))
    return bad;
  return (*writing)->commit();
}

result<known> look(const config::settings& settings,
                   store::environment& ledger) {
  if (auto bad = crypto::ensure_private_folder(settings.keys.dir))
    return bad;
  known out;
  out.name = {settings.cluster.name, settings.node.name};
  out.file =
      store::log_mark_path(settings.keys.dir, out.name.cluster, out.name.node);
  auto mark = store::read_log_mark(out.file);
  if (!mark)
    return mark.error();
  out.mark = std::move(*mark);
  auto stored = stored_origin(ledger);
  if (!stored)
    return stored.error();
  out.stored_epoch = out.name.epoch_of(*stored);
  if (out.mark)
    out.marked_epoch = out.name.epoch_of(out.mark->origin);
  if (out.mark && out.marked_epoch == 0)
    return make_error(ec::store_corrupt,
                      out.file.string() + " is of the log " + out.mark->origin
                          + "; expected one of " + out.name.origin(1));
  return out;
}

/// The store holds what was signed, as it was signed.
caf::error check(const known& from, store::log_view& log) {
  auto departure = store::departure_from(from.mark->head, log);
  if (departure.empty())
    return {};
  return make_error(
      ec::store_corrupt,
      "the log " + log.origin() + departure + ", as " + from.file.string()
          + " remembers: the store was lost, rolled back or exchanged. Put "
            "the right one back; or, to go on without, begin the log "
          + from.name.origin(from.epoch() + 1)
          + " by acgsd --new-epoch REASON");
}

domain::entry first_entry(const config::settings& settings,
                          const std::string& origin, const std::string& caller,
                          const std::string& detail) {
  domain::entry out;
  out.kind = domain::entry_kind::start;
  out.time_nanos = to_nanos(system_clock().now());
  out.node = settings.node.name;
  out.event_type = "epoch_started";
  out.path = origin;
  out.caller.subject = caller;
  out.caller.role_ = domain::role::admin;
  out.caller.method = domain::auth_method::internal;
  out.detail = detail;
  return out;
}

/// What is known of the log before, as a JSON object.
std::string describe(const known& before, std::uint64_t left,
                     const std::string& reason) {
  auto head = before.mark.value_or(store::log_mark{}).head;
  std::string out = "{\"previous_origin\":";
  append_json_string(out, before.name.origin(before.epoch()));
  out += ",\"previous_signed_size\":" + std::to_string(head.size);
  out += ",\"previous_signed_root\":\"" + to_hex(head.root) + '"';
  out += ",\"previous_size_found\":" + std::to_string(left);
  out += ",\"reason\":";
  append_json_string(out, reason);
  return out + '}';
}

/// Writes the first entry of an empty log. One that is not empty has it, from
/// a try that was cut off after it.
caf::error write_first(store::environment& ledger, const domain::entry& entry,
                       const std::string& origin, const public_keys& keys) {
  auto log = ledger::state::open(ledger, {origin, keys.log, 0});
  if (!log)
    return log.error();
  if (log->head().size > 0)
    return {};
  ledger::batch one;
  one.entries.push_back({{wire::entry{entry}, {}, {}}, {}});
  auto done = log->write(one);
  if (!done)
    return done.error();
  const auto& placed = done->entries.front();
  return placed ? caf::error{} : placed.error();
}

} // namespace

result<log_choice> choose_log(const config::settings& settings,
                              store::environment& ledger) {
  auto found = look(settings, ledger);
  if (!found)
    return found.error();
  auto origin = found->name.origin(std::max<std::uint64_t>(found->epoch(), 1));
  auto log = store::log_view::open(ledger, origin);
  if (!log)
    return log.error();
  store::log_mark from{origin, log->head()};
  if (found->mark && found->marked_epoch < found->stored_epoch) {
    logger.warning("the mark of the log was of an older epoch",
                   {{"event", "log_mark_replaced"}, {"origin", origin}});
  } else if (found->mark) {
    if (auto bad = check(*found, *log))
      return bad;
    from = *found->mark;
  } else if (log->head().size > 0) {
    logger.warning("nothing beside the keys remembers how far the log was "
                   "signed: if its store was rolled back, nobody would see it; "
                   "it is taken as it is, which is right after a restore",
                   {{"event", "log_mark_missing"},
                    {"origin", origin},
                    {"file", found->file.string()},
                    {"entries", log->head().size}});
  }
  if (found->name.epoch_of(origin) != found->stored_epoch)
    if (auto bad = store_origin(ledger, origin))
      return bad;
  auto mark = store::log_mark_file::begin(found->file, from);
  if (!mark)
    return mark.error();
  return log_choice{std::move(origin), std::move(*mark)};
}

result<std::string> begin_epoch(const config::settings& settings,
                                const std::string& reason,
                                std::shared_ptr<const crypto::key_lock> lock) {
  auto opened = open_stores(settings, true);
  if (!opened)
    return opened.error();
  auto before = look(settings, *opened->ledger);
  if (!before)
    return before.error();
  if (before->epoch() == 0)
    return make_error(ec::invalid_argument,
                      "no log of " + before->name.origin(1)
                          + " was begun yet: there is none to leave; start "
                            "the node without --new-epoch");
  auto left = store::log_view::open(*opened->ledger,
                                    before->name.origin(before->epoch()));
  if (!left)
    return left.error();
  auto detail = describe(*before, left->head().size, reason);
  auto origin = before->name.origin(before->epoch() + 1);
  auto keys = read_public_keys(settings, origin, std::move(lock));
  if (!keys)
    return keys.error();
  auto caller = "uid:" + std::to_string(::geteuid());
  // First the entry, so that no log is ever begun without it.
  if (auto bad = write_first(*opened->ledger,
                             first_entry(settings, origin, caller, detail),
                             origin, *keys))
    return bad;
  if (auto bad = store_origin(*opened->ledger, origin))
    return bad;
  auto mark = store::log_mark_file::begin(before->file, {origin, {}});
  if (!mark)
    return mark.error();
  return "the log " + origin + " is begun; what was "
         + before->name.origin(before->epoch())
         + " is left as it is. Start the node.";
}

} // namespace acgs::node
