// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/query.hpp"

#include <merkle/hasher.hpp>

#include <algorithm>

namespace acgs::reader {

namespace {

namespace index = store::index;

/// Collects matches one by one until there is nothing more to know.
class collector {
public:
  collector(const query& what, store::log_view& log) : what_{what}, log_{log} {
    // Filled by `offer`.
  }

  /// Looks at one entry that the index led to; false where the search may end.
  bool offer(std::uint64_t at) {
    // What only counts, and has no other condition to meet, is not looked at.
    if (out_.next && conditions_ == 1)
      return ++out_.total < total_max;
    auto bytes = log_.entry(at);
    if (!bytes) {
      failed_ = bytes.error();
      return false;
    }
    return offer(at, *bytes);
  }

  bool offer(std::uint64_t at, byte_view encoded) {
    if (out_.next && conditions_ == 0)
      return ++out_.total < total_max;
    auto entry = wire::entry::decode(encoded);
    if (!entry || !matches(what_, **entry))
      return true; // one that cannot be read is for `verify` to report
    if (out_.total++ < what_.offset)
      return true;
    if (out_.entries.size() < what_.limit) {
      out_.entries.push_back(locate(at, std::move(*entry)));
      return true;
    }
    if (!out_.next && !out_.entries.empty())
      out_.next = out_.entries.back().index;
    return out_.total < total_max;
  }

  result<query_result> finish() {
    if (failed_)
      return failed_;
    out_.total = std::min(out_.total, total_max);
    return std::move(out_);
  }

  bool ended() const { return failed_ || out_.total >= total_max; }

private:
  static int conditions_of(const query& what) {
    int out = (what.from_nanos ? 1 : 0) + (what.to_nanos ? 1 : 0);
    for (const auto* each :
         {&what.decision_id, &what.request_id, &what.caused_by, &what.agent,
          &what.path, &what.event_type})
      out += each->empty() ? 0 : 1;
    return out;
  }

  const query& what_;
  store::log_view& log_;
  int conditions_;
  query_result out_;
  caf::error failed_;
};

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

/// Offers the entries of a range one after the other, in either direction.
caf::error scan(store::log_view& log, span_of_entries within, bool oldest_first,
                collector& to) {
  constexpr std::uint64_t step = 256;
  std::vector<std::pair<std::uint64_t, byte_view>> chunk;
  while (within.first < within.last) {
    auto count = std::min(step, within.last - within.first);
    auto first = oldest_first ? within.first : within.last - count;
    chunk.clear();
    auto failed = log.for_each_entry(first, count,
                                     [&](std::uint64_t at, byte_view entry) {
                                       chunk.emplace_back(at, entry);
                                       return true;
                                     });
    if (failed)
      return failed;
    if (!oldest_first)
      std::reverse(chunk.begin(), chunk.end());
    for (const auto& [at, entry] : chunk)
      if (!to.offer(at, entry))
        return {};
    (oldest_first ? within.first : within.last) =
        oldest_first ? first + count : first;
  }
  return {};
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
                          + "; expected at most 1000");
  if (what.offset > offset_max)
    return make_error(ec::invalid_argument,
                      "offset: " + std::to_string(what.offset)
                          + "; expected at most 100000: use the cursor");
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

result<query_result> run(const query& what, store::log_view& log,
                         index_view& index) {
  if (auto bad = check_bounds(what))
    return bad;
  auto size = log.head().size;
  auto indexed = std::min(index.indexed(), size);
  auto within = allowed(what, size);
  auto timed = index.between(what.from_nanos, what.to_nanos);
  if (!timed)
    return timed.error();
  auto early = overlap(overlap(within, *timed), {0, indexed});
  auto late = overlap(within, {indexed, size});
  collector found{what, log};
  auto driver = driver_of(what);
  auto search_early = [&]() -> caf::error {
    if (!driver)
      return scan(log, early, what.oldest_first, found);
    return index.walk(driver->first, driver->second, early, what.oldest_first,
                      [&](std::uint64_t at) { return found.offer(at); });
  };
  auto search_late = [&] { return scan(log, late, what.oldest_first, found); };
  auto bad = what.oldest_first ? search_early() : search_late();
  if (!bad && !found.ended())
    bad = what.oldest_first ? search_late() : search_early();
  return bad ? result<query_result>{bad} : found.finish();
}

} // namespace acgs::reader
