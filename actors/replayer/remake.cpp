// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/replayer/remake.hpp"

#include "runtime/auth/document_access.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/crypto/payload.hpp"

#include <merkle/tile.hpp>

#include <algorithm>

namespace acgs::replayer {

namespace {

/// How long a read transaction may last: it holds pages back.
constexpr std::chrono::milliseconds reading_max{50};

/// An evaluation that was ended from outside, which another may not be.
bool ended_early(domain::verdict outcome, std::string_view text) {
  return outcome == domain::verdict::error
         && (text.starts_with("policy.time_max: ")
             || (text.find("eval_cancel_error") != std::string_view::npos
                 && !text.starts_with("policy.")));
}

/// At most `shown_bytes_max` of it, no character cut in two.
std::string shown(std::string_view text) {
  if (text.size() <= shown_bytes_max)
    return std::string{text};
  auto end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string{text.substr(0, end)} + "...";
}

std::string why_shredded(store::log_view& log, std::uint64_t by) {
  auto out = "shredded, as entry " + std::to_string(by) + " says";
  auto told = log.entry(by);
  auto entry =
      told ? wire::entry::decode(*told) : result<wire::entry>{told.error()};
  if (!entry)
    return out;
  out = "shredded at " + to_rfc3339(from_nanos((*entry)->time_nanos))
        + " (entry " + std::to_string(by) + ")";
  auto detail = json::parse((*entry)->detail);
  const auto* reason = detail ? detail->find("reason") : nullptr;
  if (reason && reason->if_string())
    out += ": " + *reason->if_string();
  return out;
}

bool was_strict(std::string_view detail) {
  auto read = json::parse(detail);
  const auto* flag = read ? read->find("strict_builtin_errors") : nullptr;
  return flag && flag->if_bool() && *flag->if_bool();
}

domain::question asked_by(const domain::entry& entry) {
  if (entry.event_type == "policy_compile")
    return domain::question::compile;
  return entry.event_type == "policy_query" ? domain::question::query
                                            : domain::question::document;
}

} // namespace

struct block_worker::opened {
  std::string input;
  std::string text; ///< result, or error
  std::string recorded;
  std::string detail; ///< what the entry does not say of the question

  std::string& of(domain::payload_kind kind) {
    switch (kind) {
    case domain::payload_kind::input:
      return input;
    case domain::payload_kind::result:
      return text;
    case domain::payload_kind::recorded:
      return recorded;
    default:
      return detail;
    }
  }
};

bool block_worker::wanted(const domain::entry& entry) const {
  const auto& what = run_.what;
  return entry.kind == domain::entry_kind::decision
         && entry.time_nanos >= what.from_nanos
         && (what.to_nanos == 0 || entry.time_nanos < what.to_nanos)
         && (what.path.empty() || entry.path == what.path
             || entry.path == auth::spelled_by_steps(what.path))
         && (what.agent.empty() || entry.agent == what.agent);
}

void block_worker::skip(std::uint64_t index, std::string why,
                        block_result& out) {
  if (out.counts.skips.size() >= run_.what.examples_max)
    return;
  out.bytes += why.size();
  out.counts.skips.push_back({index, std::move(why)});
}

result<bool> block_worker::open(store::log_view& log, std::uint64_t index,
                                const domain::entry& entry, opened& to,
                                block_result& out) {
  auto unknown = [&](std::string why) {
    ++out.counts.unknown;
    skip(index, std::move(why), out);
    return false;
  };
  for (std::size_t i = 0; i < entry.commitments.size(); ++i) {
    auto sealed = log.payload(index, static_cast<std::uint8_t>(i));
    if (!sealed && code_of(sealed.error()) == ec::not_found)
      return unknown(sentence_of(sealed.error()));
    if (!sealed)
      return sealed.error();
    if (!*sealed)
      return unknown("a payload of it is missing");
    if ((*sealed)->shredded_by) {
      ++out.counts.shredded;
      skip(index, why_shredded(log, *(*sealed)->shredded_by), out);
      return false;
    }
    if ((*sealed)->key.empty())
      return unknown("a key of it is not on this node");
    domain::sealed_payload both{
        entry.commitments[i],
        std::move((*sealed)->key),
        {(*sealed)->ciphertext.begin(), (*sealed)->ciphertext.end()}};
    auto text = crypto::open_payload(both);
    if (!text)
      return unknown(sentence_of(text.error()));
    to.of(entry.commitments[i].kind) = std::move(text->text);
  }
  if (ended_early(entry.outcome, to.text))
    return unknown("it was ended early: " + to.text);
  return true;
}

/// Whether the snapshot in hand is what the entry was decided by.
bool block_worker::fits(const domain::entry& entry) const {
  auto same = [](byte_view recorded, const digest& made) {
    return std::ranges::equal(recorded, made);
  };
  return same(entry.data_digest, snapshot_->data_digest())
         && (run_.snapshots.has_candidate()
             || same(entry.policy_digest, snapshot_->policy_digest()));
}

caf::error block_worker::take_snapshot(std::uint64_t revision, naming unsaid) {
  auto found = run_.snapshots.at(revision, unsaid);
  if (!found)
    return found.error();
  snapshot_ = *found;
  revision_ = revision;
  return {};
}

result<bool> block_worker::find_snapshot(std::uint64_t index,
                                         const domain::entry& entry,
                                         block_result& out) {
  auto unknown = [&](std::string why) {
    ++out.counts.unknown;
    skip(index, std::move(why), out);
    return false;
  };
  if (snapshot_ && revision_ == entry.revision && fits(entry))
    return true;
  for (auto unsaid : {naming::as_configured, naming::by_digest}) {
    auto wrong = take_snapshot(entry.revision, unsaid);
    if (wrong && run_.snapshots.has_candidate()
        && code_of(wrong) == ec::policy_invalid)
      return make_error(ec::policy_invalid,
                        "the candidate does not go with the policies of "
                        "revision "
                            + std::to_string(entry.revision) + ": "
                            + sentence_of(wrong),
                        "policy");
    if (wrong)
      return unknown("what it was decided by: " + sentence_of(wrong));
    if (fits(entry))
      return true;
    if (snapshot_->state().aliases)
      break;
  }
  return unknown("the history leads to other policies or data at revision "
                 + std::to_string(entry.revision)
                 + (snapshot_->state().aliases
                        ? ""
                        : ", which does not say what the constitution was "
                          "called; was its alias changed?"));
}

void block_worker::compare(std::uint64_t index, const domain::entry& entry,
                           const opened& then, const remade& now,
                           block_result& out) {
  auto& counts = out.counts;
  ++counts.decisions;
  ++made_;
  if (entry.outcome == now.outcome && then.text == now.text) {
    ++counts.same;
    return;
  }
  auto turned = entry.outcome != now.outcome;
  ++(turned ? counts.changed : counts.reworded);
  if (turned)
    ++counts.turns[static_cast<std::size_t>(entry.outcome) * 6
                   + static_cast<std::size_t>(now.outcome)];
  if (counts.differences.size() >= run_.what.examples_max)
    return;
  counts.differences.push_back(
      {index, entry.time_nanos, std::string{entry.decision_id},
       std::string{entry.path}, std::string{entry.agent}, entry.outcome,
       now.outcome, shown(then.text), shown(now.text)});
  const auto& last = counts.differences.back();
  out.bytes += last.text_before.size() + last.text_after.size() + 1024;
}

caf::error block_worker::remake(store::log_view& log, std::uint64_t index,
                                const domain::entry& entry, block_result& out) {
  opened then;
  auto usable = open(log, index, entry, then, out);
  if (usable && *usable)
    usable = find_snapshot(index, entry, out);
  if (!usable)
    return usable.error();
  if (!*usable)
    return {};
  past_question question;
  auto& request = question.request;
  request.asks = asked_by(entry);
  request.path = entry.path;
  request.caller = entry.caller;
  request.strict_builtin_errors =
      !entry.detail.empty() && was_strict(entry.detail);
  question.detail = then.detail;
  question.input = then.input;
  question.recorded = then.recorded;
  question.time_nanos = entry.time_nanos;
  auto now = decide_(question, snapshot_);
  if (!now) {
    ++out.counts.unknown;
    skip(index, sentence_of(now.error()), out);
    return {};
  }
  if (ended_early(now->outcome, now->text)) {
    ++out.counts.unknown;
    skip(index, "it was ended early now: " + now->text, out);
    return {};
  }
  compare(index, entry, then, *now, out);
  return {};
}

/// What is in no folder that is given, with the rest of its bundle: archived
/// since the run began, or its file is missing.
void block_worker::pass_over(std::uint64_t end, const caf::error& why,
                             block_result& out) {
  auto first = out.counts.next;
  auto last =
      std::min(end, (first / merkle::tile_width + 1) * merkle::tile_width);
  out.counts.unread += last - first;
  out.counts.next = last;
  skip(first,
       "cannot be read, nor those before entry " + std::to_string(last) + ": "
           + sentence_of(why),
       out);
}

/// In one read transaction, as long as that may last.
caf::error block_worker::go_on(block_result& out, std::uint64_t end) {
  auto log = store::log_view::open(*run_.with.ledger, run_.tables);
  if (!log)
    return log.error();
  const auto& time = *run_.with.time;
  auto until = std::min(run_.deadline, time.steady_now() + reading_max);
  while (out.counts.next < end && !enough()) {
    auto index = out.counts.next;
    auto encoded = log->entry(index);
    if (!encoded && code_of(encoded.error()) == ec::not_found) {
      pass_over(end, encoded.error(), out);
      continue;
    }
    if (!encoded)
      return encoded.error();
    auto entry = wire::entry::decode(*encoded);
    if (!entry)
      return make_error(ec::store_corrupt,
                        "entry " + std::to_string(index)
                            + " cannot be read: " + sentence_of(entry.error()));
    ++out.counts.next;
    if (!wanted(**entry))
      continue;
    if (auto bad = remake(*log, index, **entry, out))
      return bad;
    if (time.steady_now() >= until)
      return {};
  }
  return {};
}

block_result block_worker::work(std::uint64_t first, std::uint64_t end) {
  block_result out;
  out.counts.next = first;
  const auto& time = *run_.with.time;
  do {
    out.failed = go_on(out, end);
  } while (!out.failed && out.counts.next < end && !enough()
           && time.steady_now() < run_.deadline);
  return out;
}

} // namespace acgs::replayer
