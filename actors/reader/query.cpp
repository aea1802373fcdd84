// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/query.hpp"

#include "runtime/auth/document_access.hpp"

#include <merkle/hasher.hpp>

#include <algorithm>

namespace acgs::reader {

namespace {

namespace index = store::index;

int conditions_of(const query& what) {
  int out = (what.from_nanos ? 1 : 0) + (what.to_nanos ? 1 : 0);
  for (const auto* each : {&what.decision_id, &what.request_id, &what.caused_by,
                           &what.agent, &what.path, &what.event_type})
    out += each->empty() ? 0 : 1;
  return out;
}

/// The most selective condition that is set.
std::optional<std::pair<index::by, std::string_view>>
driver_of(const query& what) {
  const std::pair<index::by, std::string_view> conditions[] = {
      {index::by::decision, what.decision_id},
      {index::by::request, what.request_id},
      {index::by::subject, what.caused_by},
      {index::by::agent, what.agent},
      {index::by::path, what.path},
      {index::by::type, what.event_type}};
  for (const auto& each : conditions)
    if (!each.second.empty())
      return each;
  return std::nullopt;
}

bool is_empty(const span_of_entries& which) {
  return which.first >= which.last;
}

span_of_entries overlap(span_of_entries a, span_of_entries b) {
  return {std::max(a.first, b.first), std::min(a.last, b.last)};
}

/// The part of the log that the cursor leaves.
span_of_entries allowed(const query& what, std::uint64_t size) {
  if (!what.before)
    return {0, size};
  if (what.oldest_first)
    return {*what.before == ~std::uint64_t{0} ? size : *what.before + 1, size};
  return {0, std::min(*what.before, size)};
}

caf::error check_bounds(const query& what) {
  if (what.limit > limit_max)
    return make_error(ec::invalid_argument,
                      "limit: " + std::to_string(what.limit)
                          + "; expected at most " + std::to_string(limit_max),
                      "limit");
  if (what.offset > offset_max)
    return make_error(ec::invalid_argument,
                      "offset: " + std::to_string(what.offset)
                          + "; expected at most " + std::to_string(offset_max)
                          + "; go further by the cursor: give the one of the "
                            "last page as 'before'",
                      "offset");
  return {};
}

} // namespace

bool matches(const query& what, const domain::entry& entry) {
  auto same = [](std::string_view wanted, std::string_view is) {
    return wanted.empty() || wanted == is;
  };
  return same(what.decision_id, entry.decision_id)
         && same(what.request_id, entry.request_id)
         && same(what.caused_by, entry.caller.subject)
         && same(what.agent, entry.agent) && same(what.path, entry.path)
         && (same(what.event_type, entry.event_type)
             || what.event_type == domain::to_string_view(entry.kind))
         && (!what.from_nanos || entry.time_nanos >= *what.from_nanos)
         && (!what.to_nanos || entry.time_nanos < *what.to_nanos);
}

located locate(std::uint64_t at, wire::entry entry) {
  thread_local merkle::hasher with;
  located out;
  out.index = at;
  out.leaf_hash = with.leaf(entry.encoded());
  out.entry = std::move(entry);
  return out;
}

search::search(query what, std::uint64_t step_max)
    : what_{std::move(what)}, step_max_{step_max},
      enough_{std::max(total_max, what_.offset + what_.limit) + 1},
      conditions_{conditions_of(what_)} {
  // `begin` says where to look.
}

result<search> search::begin(const query& what, std::uint64_t step_max,
                             store::log_view& log, index_view& index) {
  if (auto bad = check_bounds(what))
    return bad;
  search out{what, step_max};
  auto size = log.head().size;
  out.indexed_ = std::min(index.indexed(), size);
  if (auto bad = out.settle_path(log, index))
    return bad;
  auto within = allowed(what, size);
  // The index does not lead to archived entries, wherever they can be read.
  out.out_.archived = log.archived().size;
  within.first = std::max(within.first, log.archived().size);
  auto timed =
      index.between(what.from_nanos, what.to_nanos, log.archived().size);
  if (!timed)
    return timed.error();
  out.early_ = overlap(overlap(within, *timed), {0, out.indexed_});
  out.late_ = overlap(within, {out.indexed_, size});
  return out;
}

caf::error search::settle_path(store::log_view& log, index_view& index) {
  auto spelled = auth::spelled_by_steps(what_.path);
  if (spelled.empty() || spelled == what_.path)
    return {};
  bool held = false;
  if (driver_of(what_)->first == index::by::path)
    if (auto bad = index.walk(index::by::path, what_.path,
                              {log.archived().size, indexed_}, true,
                              [&](std::uint64_t) { return !(held = true); }))
      return bad;
  if (held)
    return {};
  as_given_ = what_;
  what_.path = std::move(spelled);
  return {};
}

bool search::wants(const domain::entry& entry) const {
  return matches(what_, entry) || (as_given_ && matches(*as_given_, entry));
}

result<bool> search::step(store::log_view& log, index_view& index) {
  if (index.indexed() < indexed_)
    return make_error(ec::unavailable,
                      "the index is being made anew; ask again");
  left_ = step_max_;
  bool has_driver = driver_of(what_).has_value();
  auto early = [&] {
    return has_driver ? walk(log, index) : scan(log, early_);
  };
  auto bad = what_.oldest_first ? early() : scan(log, late_);
  if (!bad && !ended() && left_ > 0)
    bad = what_.oldest_first ? scan(log, late_) : early();
  if (bad)
    return bad;
  return ended() || (is_empty(early_) && is_empty(late_));
}

query_result search::finish() {
  out_.beyond_total = out_.total > total_max;
  out_.total = std::min(out_.total, total_max);
  return std::move(out_);
}

/// Looks at one entry that the index led to; false where the search may end.
bool search::offer(store::log_view& log, std::uint64_t at) {
  // What only counts, and has no other condition to meet, is not looked at.
  if (out_.next && conditions_ == 1)
    return ++out_.total < enough_;
  auto bytes = log.entry(at);
  if (!bytes) {
    failed_ = bytes.error();
    return false;
  }
  return offer(at, *bytes);
}

bool search::offer(std::uint64_t at, byte_view encoded) {
  if (out_.next && conditions_ == 0)
    return ++out_.total < enough_;
  auto entry = wire::entry::decode(encoded);
  if (!entry || !wants(**entry))
    return true; // one that cannot be read is for `verify` to report
  if (out_.total++ < what_.offset)
    return true;
  if (out_.entries.size() < what_.limit) {
    out_.entries.push_back(locate(at, std::move(*entry)));
    return true;
  }
  if (!out_.next && !out_.entries.empty())
    out_.next = out_.entries.back().index;
  return out_.total < enough_;
}

/// Looks at the entries of a range one after the other, in either direction.
caf::error search::scan(store::log_view& log, span_of_entries& within) {
  constexpr std::uint64_t chunk_max = 256;
  bool up = what_.oldest_first;
  std::vector<std::pair<std::uint64_t, byte_view>> chunk;
  while (!is_empty(within) && left_ > 0 && !ended()) {
    auto count = std::min({chunk_max, within.last - within.first, left_});
    auto first = up ? within.first : within.last - count;
    left_ -= count;
    chunk.clear();
    auto failed = log.for_each_entry(first, count,
                                     [&](std::uint64_t at, byte_view entry) {
                                       chunk.emplace_back(at, entry);
                                       return true;
                                     });
    if (failed)
      return failed;
    if (!up)
      std::reverse(chunk.begin(), chunk.end());
    for (const auto& [at, entry] : chunk)
      if (!offer(at, entry))
        return {};
    (up ? within.first : within.last) = up ? first + count : first;
  }
  return {};
}

/// Looks at those of the early entries that the index names.
caf::error search::walk(store::log_view& log, index_view& index) {
  auto driver = driver_of(what_);
  bool up = what_.oldest_first;
  bool paused = false;
  auto bad = index.walk(driver->first, driver->second, early_, up,
                        [&](std::uint64_t at) {
                          paused = left_ == 0;
                          if (paused)
                            return false;
                          --left_;
                          (up ? early_.first : early_.last) = up ? at + 1 : at;
                          return offer(log, at);
                        });
  if (!paused)
    early_ = {};
  return bad ? bad : failed_;
}

} // namespace acgs::reader
