// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What SQLite does with the same: batches of rows, each batch a transaction,
// in WAL mode with synchronous=FULL, which syncs at every commit:
//   sqlite_append FOLDER [BATCH] [ENTRIES] [ROW_BYTES]
// Prints one JSON line.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using timer = std::chrono::steady_clock;

double ms_since(timer::time_point start) {
  return std::chrono::duration<double, std::milli>(timer::now() - start)
      .count();
}

void check(int status, sqlite3* in) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW)
    return;
  std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(in));
  std::exit(4);
}

void run(sqlite3* in, const char* words) {
  check(sqlite3_exec(in, words, nullptr, nullptr, nullptr), in);
}

} // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("usage: sqlite_append FOLDER [BATCH] [ENTRIES] [ROW_BYTES]\n",
               stderr);
    return 2;
  }
  auto number = [&](int at, std::size_t absent) {
    return count > at ? std::strtoul(words[at], nullptr, 10) : absent;
  };
  std::filesystem::path folder{words[1]};
  auto batch = number(2, 64);
  auto entries = number(3, 200'000);
  auto row_bytes = number(4, 300);
  if (batch == 0)
    return std::fputs("sqlite_append: BATCH is at least 1\n", stderr), 2;
  std::filesystem::create_directories(folder);
  sqlite3* in = nullptr;
  check(sqlite3_open((folder / "rows.db").c_str(), &in), in);
  run(in, "PRAGMA journal_mode=WAL");
  run(in, "PRAGMA synchronous=FULL");
  run(in, "CREATE TABLE entries(id INTEGER PRIMARY KEY, entry BLOB)");
  sqlite3_stmt* insert = nullptr;
  check(sqlite3_prepare_v2(in, "INSERT INTO entries(entry) VALUES(?)", -1,
                           &insert, nullptr),
        in);
  std::string row(row_bytes, 'x');
  std::vector<double> commits;
  std::size_t done = 0;
  auto start = timer::now();
  while (done < entries) {
    auto before = timer::now();
    run(in, "BEGIN");
    for (std::size_t i = 0; i < batch; ++i, ++done) {
      check(sqlite3_bind_blob(insert, 1, row.data(),
                              static_cast<int>(row.size()), SQLITE_STATIC),
            in);
      check(sqlite3_step(insert), in);
      check(sqlite3_reset(insert), in);
    }
    run(in, "COMMIT");
    commits.push_back(ms_since(before));
  }
  auto rate = static_cast<double>(done) / ms_since(start) * 1e3;
  std::sort(commits.begin(), commits.end());
  std::printf("{\"bench\":\"sqlite_append\",\"batch\":%zu,\"entries\":%zu,"
              "\"row_bytes\":%zu,\"entries_per_second\":%.0f,"
              "\"commit_p50_ms\":%.3f,\"commit_p99_ms\":%.3f}\n",
              batch, done, row_bytes, rate, commits[commits.size() / 2],
              commits[commits.size() * 99 / 100]);
  sqlite3_finalize(insert);
  sqlite3_close(in);
  return 0;
}
