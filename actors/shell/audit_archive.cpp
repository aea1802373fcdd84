// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_archive.hpp"

#include "actors/shell/audit_export.hpp"
#include "actors/shell/log_resource.hpp"
#include "actors/shell/progress.hpp"
#include "runtime/archive/writer.hpp"

#include <merkle/tile.hpp>

namespace acgs::shell {

namespace {

/// The first entry of --before, or of --entries.
result<std::uint64_t> end_of(invocation& in, client::connection& node,
                             std::uint64_t size) {
  if (in.has("before") == in.has("entries"))
    return make_error(ec::invalid_argument,
                      "which entries: give --before or --entries, one of them",
                      "before");
  if (in.has("entries"))
    return std::min(in.number("entries"), size);
  client::ledger_query query;
  if (auto bad = read_time(in, "before", query.from_nanos))
    return bad;
  query.limit = 1;
  query.oldest_first = true;
  auto found = node.ledger().query(query);
  if (!found)
    return found.error();
  return found->entries.empty() ? size : found->entries.front().index;
}

/// Whole tiles, and more than are archived already.
result<std::uint64_t> size_of(invocation& in, client::connection& node,
                              const client::ledger_stats& log) {
  auto end = end_of(in, node, log.entries);
  if (!end)
    return end.error();
  auto size = *end - *end % merkle::tile_width;
  if (size > log.archived)
    return size;
  return make_error(ec::invalid_argument,
                    "there is nothing to archive: the log has "
                        + std::to_string(log.entries) + " entries, "
                        + std::to_string(log.archived)
                        + " are archived, and an archive holds whole tiles of "
                        + std::to_string(merkle::tile_width),
                    in.has("before") ? "before" : "entries");
}

archive::source source_of(client::connection& node) {
  return {[&](const std::string& path) { return log_resource(node, path); },
          [&](std::uint64_t bundle) { return node.ledger().sealed(bundle); }};
}

} // namespace

result<std::uint64_t> first_shown(client::connection& node,
                                  std::uint64_t first) {
  auto log = node.ledger().stats();
  if (!log)
    return log.error();
  if (first >= log->archived)
    return first;
  client::entry_key which;
  which.index = first;
  auto shown = node.ledger().show(which, false);
  if (shown)
    return first;
  if (code_of(shown.error()) == ec::not_found)
    return log->archived;
  return shown.error();
}

std::vector<parameter> archive_parameters() {
  return {{"--before", "entries older than this, RFC 3339"},
          number_option("--entries", "entries before this one"),
          {"-o,--output", "folder for the archive: empty, or one to go on with",
           kind::file, true},
          {"--reason", "why; stays readable in the ledger", kind::free, true}};
}

int audit_archive(invocation& in, client::connection& node) {
  auto log = node.ledger().stats();
  if (!log)
    return in.fail(log.error());
  auto size = size_of(in, node, *log);
  if (!size)
    return in.fail(size.error());
  progress shown{in.out(), "archived", *size};
  archive::order order;
  order.folder = in.value("output");
  order.archived = log->archived;
  order.size = *size;
  order.progress = [&](std::uint64_t done, std::uint64_t all) {
    shown.at(done, all);
  };
  auto made = archive::write_archive(order, source_of(node));
  if (!made)
    return in.fail(made.error());
  client::archived_part part{made->what.first, made->what.size, made->root,
                             *made->what.payloads};
  return show(in, node.ledger().archive(part, in.change()),
              [&](const client::noted& got) {
                in.out().record({{"origin", text(made->what.origin)},
                                 {"first", number(log->archived)},
                                 {"size", number(*size)},
                                 {"root", hex(byte_view{made->root})},
                                 {"recorded_as", number(got.index)},
                                 {"output", text(in.value("output"))}});
                return 0;
              });
}

} // namespace acgs::shell
