// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// audit archive, audit shred, audit outcome, audit replay: what does more than
// reading.

#include "actors/shell/audit_archive.hpp"
#include "actors/shell/audit_replay.hpp"
#include "actors/shell/audit_rows.hpp"
#include "actors/shell/environment.hpp"

namespace acgs::shell {

namespace {

int audit_shred(invocation& in, client::connection& node) {
  auto done = node.ledger().shred(key_of(in.value("entry")), in.change());
  return show(in, std::move(done), [&](const client::noted& got) {
    in.out().record(
        {{"shredded", boolean(true)}, {"recorded_as", number(got.index)}});
    return 0;
  });
}

int audit_outcome(invocation& in) {
  client::outcome what;
  what.decision_id = in.value("decision");
  what.status = in.value("status");
  if (in.has("idempotency-key"))
    what.idempotency_key = in.value("idempotency-key");
  what.detail = in.value("detail");
  if (what.detail.starts_with('@')) {
    auto content = read_file(what.detail.substr(1));
    if (!content)
      return in.fail(content.error());
    what.detail = std::move(*content);
  }
  auto* node = in.node();
  if (!node)
    return in.failed();
  return show(in, node->ledger().record_outcome(what),
              [&](const client::noted& got) {
                in.out().record({{"recorded_as", number(got.index)},
                                 {"repeated", boolean(got.repeated)}});
                return 0;
              });
}

} // namespace

std::vector<command> audit_writing_commands() {
  return {
      {"audit archive",
       "Moves old entries to a folder, where they stay verifiable",
       "acgs audit archive --entries 256 -o ./archive --reason yearly --yes",
       archive_parameters(), true, on_node<audit_archive>},
      {"audit shred",
       "Destroys for good what an entry only commits to",
       "acgs audit shred 42 --reason 'erasure request 7' --yes",
       {{"entry", "an index or a decision id", kind::free, true},
        {"--reason",
         "why; stays readable in the ledger for ever, so name nobody",
         kind::free, true}},
       true,
       on_node<audit_shred>},
      {"audit outcome",
       "Reports what became of a decision",
       R"(acgs audit outcome ID --status failed --detail '{"error":"timeout"}')",
       {{"decision", "the decision's id, or its entry's index", kind::free,
         true},
        {"--status",
         "how it went",
         kind::choice,
         true,
         false,
         false,
         {"succeeded", "failed", "partial", "cancelled", "not_attempted"}},
        {"--detail", "JSON, or @FILE; kept sealed beside the ledger"},
        {"--idempotency-key", "a second report of this key is not written"}},
       false,
       audit_outcome},
      {"audit replay",
       "Makes recorded decisions again and says which come out otherwise",
       "acgs audit replay --since 2026-01-01 --policy ./candidate",
       replay_parameters(), false, audit_replay},
  };
}

} // namespace acgs::shell
