// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// audit ...

#include "actors/shell/audit_export.hpp"
#include "actors/shell/audit_offline.hpp"
#include "actors/shell/audit_rows.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/log_trust.hpp"
#include "actors/shell/output_file.hpp"
#include "actors/shell/pause.hpp"
#include "runtime/base/time_text.hpp"

#include <merkle/hasher.hpp>
#include <merkle/receipt.hpp>

#include <algorithm>
#include <array>

namespace acgs::shell {

namespace {

result<client::ledger_query> query_of(invocation& in) {
  client::ledger_query out;
  out.event_type = in.value("event-type");
  out.agent = in.value("agent");
  out.request_id = in.value("request-id");
  out.decision_id = in.value("decision-id");
  out.path = in.value("path");
  if (auto error = read_time(in, "from", out.from_nanos))
    return error;
  if (auto error = read_time(in, "to", out.to_nanos))
    return error;
  if (in.has("from") && in.has("to") && out.from_nanos >= out.to_nanos)
    return make_error(ec::invalid_argument,
                      "there is no time from '" + in.value("from") + "' to '"
                          + in.value("to") + "'",
                      "to");
  out.limit = static_cast<std::uint32_t>(in.number("limit"));
  out.offset = in.number("offset");
  out.oldest_first = in.has("oldest-first");
  std::string cursor = out.oldest_first ? "after" : "before";
  if (std::string other = out.oldest_first ? "before" : "after"; in.has(other))
    return make_error(ec::invalid_argument,
                      "--" + other + " is for the "
                          + (out.oldest_first ? "newest" : "oldest")
                          + " first; here it is --" + cursor,
                      other);
  if (in.has(cursor))
    out.before = in.number(cursor);
  return out;
}

/// What a question leaves out.
std::string archived_note(std::uint64_t before, const std::string& done) {
  return "the entries before " + std::to_string(before)
         + " are archived and were not " + done;
}

void list(invocation& in, const std::vector<client::located_entry>& entries) {
  std::vector<row> rows;
  for (auto& each : entries)
    rows.push_back(in.out().is_json() ? whole(each) : summary(each));
  in.out().list(rows);
}

int audit_query(invocation& in) {
  auto query = query_of(in);
  if (!query)
    return in.fail(query.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  return show(in, node->ledger().query(*query), [&](const auto& got) {
    list(in, got.entries);
    auto shown = got.entries.size();
    std::string more = query->oldest_first ? " --after " : " --before ";
    in.out().note(
        std::to_string(shown) + " of " + std::to_string(got.total)
        + (got.beyond_total ? "+" : "")
        + (got.next ? ", more with" + more + std::to_string(*got.next) : ""));
    if (got.archived > 0)
      in.out().note(archived_note(got.archived, "searched"));
    return 0;
  });
}

/// Lists what came after `query.before`, oldest first, page by page: whatever
/// gathered during a long pause is shown whole, as long as anything can be.
caf::error list_news(invocation& in, client::connection& node,
                     client::ledger_query& query) {
  for (bool more = true; more;) {
    auto page = node.ledger().query(query);
    if (!page)
      return std::move(page.error());
    more = page->next.has_value();
    if (more)
      query.before = page->next;
    if (page->entries.empty())
      continue;
    query.before = page->entries.back().index;
    list(in, page->entries);
    more = in.out().flush() && more; // what reads a pipe waits for it
  }
  return {};
}

int audit_tail(invocation& in) {
  if (in.has("follow") && in.has("to"))
    return in.fail(make_error(ec::invalid_argument,
                              "--to ends what --follow goes on with; expected "
                              "one of them",
                              "to"));
  auto query = query_of(in);
  if (!query)
    return in.fail(query.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  query->limit = static_cast<std::uint32_t>(in.number("lines", 10));
  auto last = node->ledger().query(*query);
  if (!last)
    return in.fail(last.error());
  std::reverse(last->entries.begin(), last->entries.end());
  list(in, last->entries);
  query->oldest_first = true;
  query->limit = 1000;
  if (!last->entries.empty())
    query->before = last->entries.back().index;
  pauses between;
  while (in.has("follow")
         && between.wait_after(in.out(), std::chrono::seconds{1}))
    if (auto failed = list_news(in, *node, *query))
      return in.fail(failed);
  return 0;
}

int audit_show(invocation& in, client::connection& node) {
  auto key = key_of(in.value("entry"));
  return show(in, node.ledger().show(key, in.has("payloads")),
              [&](const client::entry_detail& got) {
                in.out().record(detailed(got));
                return 0;
              });
}

int audit_proof(invocation& in, client::connection& node) {
  auto receipt = node.ledger().receipt(key_of(in.value("entry")));
  return show(in, std::move(receipt), [&](const std::string& got) {
    auto file = in.value("output");
    if (file.empty()) {
      if (in.out().is_json())
        in.out().record({{"receipt", text(got)}});
      else
        in.out().document(got);
      return 0;
    }
    in.out().flush(); // it may lead to where the output does
    if (auto bad = write_output(file, got))
      return in.fail(bad);
    in.out().note("wrote '" + file + "'");
    return 0;
  });
}

/// Checks one entry's receipt on this machine, by the log's verifier key.
int verify_entry(invocation& in, client::connection& node,
                 const std::string& word) {
  auto key = key_of(word);
  auto entry = node.ledger().show(key, false);
  if (!entry)
    return in.fail(entry.error());
  auto receipt = node.ledger().receipt(key);
  if (!receipt)
    return in.fail(receipt.error());
  auto vkey = in.has("vkey") ? result<std::string>{in.value("vkey")}
                             : node.ledger().resource({}, "vkey");
  if (!vkey)
    return in.fail(vkey.error());
  auto log = verifier_key_of(*vkey);
  if (!log)
    return in.fail(log.error());
  auto parsed = merkle::parse_receipt(*receipt);
  if (!parsed)
    return not_verified(in, parsed.error());
  auto leaf = merkle::hasher{}.leaf(entry->entry.entry.encoded());
  auto keys = keys_at(node, *log);
  auto checked = keys ? check_receipt(*parsed, leaf, *keys)
                      : result<crypto::believed_checkpoint>{keys.error()};
  if (!checked)
    return not_verified(in, sentence_of(checked.error()));
  if (parsed->index != entry->entry.index)
    return not_verified(in, "the receipt is about another entry");
  in.out().record({{"verified", boolean(true)},
                   {"index", number(parsed->index)},
                   {"leaf_hash", hex(byte_view{leaf})},
                   {"tree_size", number(checked->head.size)},
                   {"signed_by", text(checked->by.name)},
                   {"key", text(crypto::key_record_name(checked->by))}});
  return 0;
}

/// What belongs to an entry does not to the log, and the other way round.
caf::error check_verify(invocation& in) {
  auto one = in.has("entry");
  auto offline = in.has("offline");
  if (one && offline)
    return make_error(ec::invalid_argument,
                      "an entry is verified at a node, a file offline",
                      "offline");
  for (auto name : {"first", "last"})
    if ((one || offline) && in.has(name))
      return make_error(ec::invalid_argument,
                        "a part of the log is verified at a node, and without "
                        "an entry",
                        name);
  if (!offline && in.has("keys"))
    return make_error(ec::invalid_argument,
                      "a node gives its list of keys itself; a list of one's "
                      "own is for files",
                      "keys");
  if (!one && !offline && in.has("vkey"))
    return make_error(ec::invalid_argument,
                      "the node verifies the log with its own key; the key of "
                      "one's own is for an entry or a file",
                      "vkey");
  return {};
}

int audit_verify(invocation& in) {
  if (auto error = check_verify(in))
    return in.fail(error);
  if (in.has("offline"))
    return verify_offline(in);
  auto* node = in.node();
  if (!node)
    return in.failed();
  if (in.has("entry"))
    return verify_entry(in, *node, in.value("entry"));
  // The whole log takes as long as it is.
  node->set_timeout(std::max<std::chrono::milliseconds>(
      in.global().connect.timeout, std::chrono::minutes{10}));
  client::range range;
  range.first = in.number("first");
  if (in.has("last"))
    range.last = in.number("last");
  auto verified = node->ledger().verify(range);
  node->set_timeout(in.global().connect.timeout);
  return show(in, std::move(verified), [&](const auto& got) {
    row out{{"verified", boolean(got.verified)},
            {"checked", number(got.checked)},
            {"tree_size", number(got.tree_size)},
            {"root", hex(got.root)}};
    if (got.archived > 0)
      out.emplace_back("by_hash_alone", number(got.archived));
    if (got.first_unread)
      out.emplace_back("first_unread", number(*got.first_unread));
    if (got.first_wrong)
      out.emplace_back("first_wrong", number(*got.first_wrong));
    if (!got.problem.empty())
      out.emplace_back("problem", text(got.problem));
    in.out().record(out);
    if (got.first_unread)
      in.out().note("a file of entry " + std::to_string(*got.first_unread)
                    + " is missing in the folders of 'ledger.archive'");
    return got.verified ? 0 : 1;
  });
}

int audit_stats(invocation& in, client::connection& node) {
  return show(in, node.ledger().stats(), [&](const auto& got) {
    row out{{"origin", text(got.origin)},
            {"entries", number(got.entries)},
            {"indexed", number(got.indexed)},
            {"archived", number(got.archived)},
            {"bytes_used", size(got.bytes_used)},
            {"map_bytes", size(got.map_bytes)},
            {"first", time(got.first_nanos)},
            {"last", time(got.last_nanos)}};
    for (std::size_t i = 0; i < got.by_kind.size(); ++i)
      if (i < domain::entry_kind_names.size())
        out.emplace_back(std::string{domain::entry_kind_names[i]},
                         number(got.by_kind[i]));
    in.out().record(out);
    return 0;
  });
}

std::vector<parameter> query_parameters() {
  return {{"--event-type",
           "event type, or kind of entry",
           kind::choice,
           false,
           false,
           false,
           {domain::entry_kind_names.begin(), domain::entry_kind_names.end()}},
          {"--agent", "whom it is about"},
          {"--request-id", "of the request"},
          {"--decision-id", "of the decision"},
          {"--path",
           "what was decided: acgs/main/decision, data.acgs.main.decision",
           kind::path},
          {"--from", "not before, RFC 3339"},
          {"--to", "before, RFC 3339"}};
}

} // namespace

std::vector<command> audit_commands() {
  auto query = query_parameters();
  query.front().takes = kind::free; // any event type, not only a kind
  auto tail = query;
  query.insert(
      query.end(),
      {number_option("--limit", "at most so many, 100 where absent", 1, 1000),
       number_option("--before", "only smaller indexes"),
       number_option("--after", "only larger indexes, with --oldest-first"),
       number_option("--offset",
                     "leave out so many; go further by --before, or --after "
                     "with --oldest-first"),
       {"--oldest-first", "the oldest first", kind::free, false, true}});
  tail.insert(
      tail.end(),
      {number_option("-n,--lines", "how many to begin with, 10 where absent", 1,
                     1000),
       {"-f,--follow", "go on as they come", kind::free, false, true}});
  const parameter entry{"entry", "an index or a decision id", kind::free, true};
  return {
      {"audit query", "Searches the ledger, newest first",
       "acgs audit query --agent robot_1 --from 2026-01-01 --limit 20", query,
       false, audit_query},
      {"audit tail", "Shows the newest entries", "acgs audit tail --follow",
       tail, false, audit_tail},
      {"audit show",
       "Shows one entry",
       "acgs audit show 42 --payloads",
       {entry,
        {"--payloads", "decrypt what the entry commits to", kind::free, false,
         true}},
       false,
       on_node<audit_show>},
      {"audit proof",
       "Makes a receipt that anyone can check",
       "acgs audit proof 42 -o receipt.txt",
       {entry, {"-o,--output", "file to write it to", kind::file}},
       false,
       on_node<audit_proof>},
      {"audit verify",
       "Verifies an entry's receipt here, the log at the node, or files",
       "acgs audit verify --offline ./exported --vkey log.vkey",
       {{"entry", "an index or a decision id; the whole log where absent"},
        {"--offline", "a receipt or an exported tree; needs no node",
         kind::file},
        {"--vkey", "the log's verifier key, known from elsewhere, or a file",
         kind::file},
        {"--keys", "the log's list of keys, where it is not the tree's own",
         kind::file},
        number_option("--first", "verify from here"),
        number_option("--last", "verify to here")},
       false,
       audit_verify},
      {"audit export",
       "Writes the ledger as JSON lines, as CSV, or as a tree of tiles",
       "acgs audit export --format tiles -o ./exported", export_parameters(),
       false, on_node<audit_export>},
      {"audit stats",
       "Shows the size of the ledger",
       "acgs audit stats",
       {},
       false,
       on_node<audit_stats>},
  };
}

} // namespace acgs::shell
