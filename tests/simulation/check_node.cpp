// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/state.hpp"
#include "tests/simulation/small_node.hpp"

namespace acgs::test {

namespace {

std::string name_of(std::uint64_t index) {
  return "entry " + std::to_string(index);
}

/// The log from end to end, and every entry that was promised.
std::string check_log(const reader::state& log, const promises& book) {
  auto checked = log.check({});
  if (!checked)
    return "verifying: " + sentence_of(checked.error());
  if (!checked->verified)
    return "the log does not verify: " + checked->problem;
  if (checked->checked < book.entries)
    return std::to_string(book.entries) + " entries were acknowledged and "
           + std::to_string(checked->checked) + " are there";
  for (std::uint64_t index = 0; index < book.entries; ++index) {
    auto shown = log.show({index, {}, true});
    if (!shown)
      return name_of(index) + ": " + sentence_of(shown.error());
    auto wanted = "decision-" + std::to_string(book.requests[index]);
    if (shown->found.entry->decision_id != wanted)
      return name_of(index) + " is "
             + std::string{shown->found.entry->decision_id}
             + "; acknowledged was " + wanted;
    for (const auto& each : shown->payloads)
      if (!each.matches)
        return name_of(index) + ": its payload is not what it commits to";
  }
  return {};
}

std::string check_index(const store::stores& stores, const reader::state& log,
                        const promises& book) {
  auto index =
      indexer::state::open(*stores.index, *stores.ledger, sample_origin);
  if (!index)
    return "the index: " + sentence_of(index.error());
  for (;;) {
    auto left = index->advance(1000);
    if (!left)
      return "the index: " + sentence_of(left.error());
    if (*left == 0)
      break;
  }
  for (std::uint64_t at = 0; at < book.entries; at += 7) {
    reader::query what;
    what.decision_id = "decision-" + std::to_string(book.requests[at]);
    auto found = log.find(what);
    if (!found)
      return "searching: " + sentence_of(found.error());
    if (found->entries.size() != 1 || found->entries[0].index != at)
      return name_of(at) + " is not found by its decision id";
  }
  return {};
}

std::string check_control(const store::stores& stores, const promises& book) {
  control::journal journal{stores.state};
  auto found = journal.recover();
  if (!found)
    return sentence_of(found.error());
  auto revision = found->state->revision;
  if (revision < book.revision)
    return "revision " + std::to_string(book.revision)
           + " was acknowledged and " + std::to_string(revision) + " is there";
  auto wanted =
      revision == 0 ? "{}" : "{\"n\":" + std::to_string(revision) + "}";
  if (*found->state->data != wanted)
    return "control state holds " + *found->state->data + "; expected "
           + wanted;
  return {};
}

} // namespace

std::string check_node(const std::filesystem::path& folder,
                       const sample_signer& signer, const promises& book) {
  {
    auto stores =
        store::open_stores({folder, std::uint64_t{1} << 28, false, 1u << 16});
    if (!stores)
      return "opening: " + sentence_of(stores.error());
    auto log = ledger::state::open(
        *stores->ledger, {sample_origin, {signer.key}, 0, stores->wal.get()});
    if (!log)
      return "taking the log up: " + sentence_of(log.error());
    auto reader = reader::state::open(
        {stores->ledger, stores->index, sample_origin, {signer.key}});
    if (!reader)
      return "reading: " + sentence_of(reader.error());
    for (const auto& wrong :
         {check_log(*reader, book), check_control(*stores, book),
          check_index(*stores, *reader, book)})
      if (!wrong.empty())
        return wrong;
  }
  promises later;
  if (auto bad = run_node(folder, signer, later, {2, 1}))
    return "going on: " + sentence_of(bad);
  return {};
}

} // namespace acgs::test
