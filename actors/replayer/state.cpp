// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/replayer/state.hpp"

#include "runtime/process/scheduling.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace acgs::replayer {

namespace {

constexpr std::uint64_t entries_default = 16'384;
constexpr std::uint64_t entries_most = 65'536;

/// Of the texts in one answer, so that it fits into a message.
constexpr std::size_t answer_bytes_max = 4u << 20;

/// Blocks of a part of the log, taken in their order.
class blocks {
public:
  blocks(std::uint64_t first, std::uint64_t end)
      : first_{first}, end_{end},
        results_((end - first + block_size - 1) / block_size) {
    // Filled in by workers.
  }

  std::size_t count() const { return results_.size(); }

  /// Works until no block is left, one was not finished or one failed.
  void work(block_worker worker) {
    try {
      for (auto at = next_++; at < results_.size() && !stop_; at = next_++) {
        auto begin = first_ + at * block_size;
        auto end = std::min(end_, begin + block_size);
        auto& out = results_[at].emplace(worker.work(begin, end));
        if (out.failed || out.counts.next < end)
          stop_ = true;
      }
    } catch (const std::exception& thrown) {
      std::lock_guard guard{mutex_};
      failed_ = make_error(ec::internal, thrown.what());
      stop_ = true;
    }
  }

  const caf::error& failed() const { return failed_; }
  const std::optional<block_result>& at(std::size_t i) const {
    return results_[i];
  }
  std::uint64_t end_of(std::size_t i) const {
    return std::min(end_, first_ + (i + 1) * block_size);
  }

private:
  std::uint64_t first_;
  std::uint64_t end_;
  std::vector<std::optional<block_result>> results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  caf::error failed_; ///< of one worker; the blocks then have a gap
};

template <class T>
void add_examples(std::vector<T>& to, const std::vector<T>& from,
                  std::size_t most) {
  auto count = std::min(from.size(), most - std::min(most, to.size()));
  to.insert(to.end(), from.begin(),
            from.begin() + static_cast<std::ptrdiff_t>(count));
}

void add(replayed& to, const replayed& from, std::size_t examples) {
  to.next = from.next;
  to.count(from);
  add_examples(to.differences, from.differences, examples);
  add_examples(to.skips, from.skips, examples);
}

/// The blocks up to the first that is missing, cut short or too much for one
/// answer.
result<replayed> merged(const blocks& all, const replay& what) {
  replayed out;
  out.next = what.first;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < all.count(); ++i) {
    const auto& one = all.at(i);
    if (!one && all.failed())
      return all.failed();
    if (!one)
      break;
    if (one->failed)
      return one->failed;
    bytes += one->bytes;
    if (i > 0 && bytes > answer_bytes_max)
      break;
    add(out, one->counts, what.examples_max);
    if (one->counts.next < all.end_of(i))
      break;
  }
  return out;
}

} // namespace

state::state(config with, const store::log_tables& tables)
    : config_{std::move(with)}, tables_{tables},
      timeline_{std::make_unique<timeline>(config_.state_at, config_.aliases)} {
  // Deciders are made when they are needed.
}

result<state> state::open(config with) {
  auto tables = store::log_tables::open(*with.ledger, with.origin);
  if (!tables)
    return tables.error();
  tables->archive = with.archive;
  return state{std::move(with), *tables};
}

result<replayed> state::run(const replay& what) {
  if (auto bad = timeline_->use(what.candidate))
    return bad;
  if (what.last < what.first)
    return make_error(ec::invalid_argument,
                      "the last entry stands before the first", "last");
  auto log = store::log_view::open(*config_.ledger, tables_);
  if (!log)
    return log.error();
  auto size = log->head().size;
  auto end = what.last < size ? what.last + 1 : size;
  auto readable = log->first();
  auto first = std::min(std::max(what.first, readable), end);
  auto wanted = what.entries_max == 0 ? entries_default : what.entries_max;
  auto until = std::min(end, first + std::min(wanted, entries_most));
  blocks all{first, until};
  run_of run{what, *timeline_, config_, tables_,
             config_.time->steady_now() + config_.step_max};
  // A number of decisions is met exactly by one worker alone, block by block.
  auto workers = what.decisions_max != 0 ? 1u : std::max(1u, config_.workers);
  while (deciders_.size() < workers)
    deciders_.push_back(config_.make_decider());
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < workers; ++i)
    threads.emplace_back([&, i] {
      process::give_way();
      all.work(block_worker{run, deciders_[i]});
    });
  for (auto& each : threads)
    each.join();
  auto out = merged(all, what);
  if (out) {
    out->next = std::max(out->next, first);
    out->end = end;
    out->archived = what.first < readable ? readable : 0;
  }
  return out;
}

} // namespace acgs::replayer
