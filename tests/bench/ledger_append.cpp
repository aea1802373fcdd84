// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// How many entries a second LEDGER's core writes durably:
//   ledger_append FOLDER [BATCH] [ENTRIES] [INPUT_BYTES]
// Prints one JSON line a run, beside the folder's own fdatasync latency and the
// rate of a plain file that appends the same batches with fdatasync. Entries
// are built and sealed beforehand, as evaluators do on their own threads.
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace acgs;

namespace {

using timer = std::chrono::steady_clock;

double seconds_since(timer::time_point start) {
  return std::chrono::duration<double>(timer::now() - start).count();
}

struct options {
  std::filesystem::path folder;
  std::size_t batch = 64;
  std::size_t entries = 200'000;
  std::size_t input_bytes = 300;
};

/// Appends the same bytes to a plain file, syncing each batch; entries/s.
double plain_file(const options& with, std::size_t entry_bytes,
                  std::vector<double>& syncs) {
  auto path = with.folder / "plain.log";
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  bytes chunk(with.batch * entry_bytes);
  auto start = timer::now();
  std::size_t done = 0;
  while (done < with.entries / 4) {
    if (::write(file, chunk.data(), chunk.size()) < 0)
      std::abort();
    auto before = timer::now();
    if (::fdatasync(file) != 0)
      std::abort();
    syncs.push_back(seconds_since(before));
    done += with.batch;
  }
  auto rate = static_cast<double>(done) / seconds_since(start);
  ::close(file);
  std::filesystem::remove(path);
  return rate;
}

int run(const options& with) {
  test::sample_signer signer;
  test::sample about;
  about.input.assign(with.input_bytes, 'x');
  about.path = "acgs/main/decision";
  std::vector<ledger::batch> batches(16);
  for (auto& one : batches)
    for (std::size_t i = 0; i < with.batch; ++i)
      one.entries.push_back(test::make_pending(about));
  std::vector<double> syncs;
  auto entry_bytes =
      batches[0].entries[0].record.entry.encoded().size() + with.input_bytes;
  auto plain = plain_file(with, entry_bytes, syncs);
  std::sort(syncs.begin(), syncs.end());

  // As a node opens it, write-ahead log and all.
  auto all = store::open_stores({with.folder / "store"});
  if (!all)
    return std::fprintf(stderr, "%s\n", sentence_of(all.error()).c_str()), 4;
  auto core = ledger::state::open(
      *all->ledger, {test::sample_origin, {signer.key}, 0, all->wal.get()});
  if (!core)
    return std::fprintf(stderr, "%s\n", sentence_of(core.error()).c_str()), 4;
  auto start = timer::now();
  std::size_t done = 0;
  std::vector<double> commits;
  for (std::size_t i = 0; done < with.entries; ++i) {
    auto before = timer::now();
    auto out = core->write(batches[i % batches.size()]);
    if (!out || !out->entries.back())
      return std::fprintf(stderr, "a batch was refused\n"), 4;
    commits.push_back(seconds_since(before));
    auto text = *core->unsigned_checkpoint();
    core->sign(text, signer.sign(text));
    done += with.batch;
  }
  auto rate = static_cast<double>(done) / seconds_since(start);
  std::sort(commits.begin(), commits.end());
  std::printf(
      "{\"bench\":\"ledger_append\",\"batch\":%zu,\"entries\":%zu,"
      "\"entry_bytes\":%zu,\"entries_per_second\":%.0f,"
      "\"commit_p50_ms\":%.3f,\"commit_p99_ms\":%.3f,"
      "\"plain_file_per_second\":%.0f,\"fdatasync_p50_ms\":%.3f,"
      "\"fdatasync_p99_ms\":%.3f}\n",
      with.batch, done, entry_bytes, rate, commits[commits.size() / 2] * 1e3,
      commits[commits.size() * 99 / 100] * 1e3, plain,
      syncs[syncs.size() / 2] * 1e3, syncs[syncs.size() * 99 / 100] * 1e3);
  return 0;
}

} // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("usage: ledger_append FOLDER [BATCH] [ENTRIES] [INPUT_BYTES]\n",
               stderr);
    return 2;
  }
  options with{words[1]};
  if (count > 2)
    with.batch = std::strtoul(words[2], nullptr, 10);
  if (count > 3)
    with.entries = std::strtoul(words[3], nullptr, 10);
  if (count > 4)
    with.input_bytes = std::strtoul(words[4], nullptr, 10);
  std::filesystem::create_directories(with.folder);
  return run(with);
}
