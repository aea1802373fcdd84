// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_free.hpp"

#include "runtime/base/number_text.hpp"
#include "runtime/store/lmdb_transaction.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace acgs::store::detail {

namespace {

/// LMDB's own table of free pages: a transaction's number leads to how many
/// pages there are, and to their numbers, each a machine word.
constexpr MDB_dbi free_pages = 0;

struct cursor_closer {
  void operator()(MDB_cursor* at) const { mdb_cursor_close(at); }
};

std::size_t word_at(const MDB_val& value) {
  std::size_t out = 0;
  if (value.mv_size >= sizeof out)
    std::memcpy(&out, value.mv_data, sizeof out);
  return out;
}

/// LMDB tells of its readers in lines for people: a heading, then for each a
/// process, a thread and the transaction that it sees, or "-". A line of any
/// other form is taken for a reader who sees everything there ever was.
int note_reader(const char* line, void* oldest) {
  std::string_view text{line};
  while (text.ends_with('\n') || text.ends_with(' '))
    text.remove_suffix(1);
  auto word = text.substr(text.find_last_of(' ') + 1);
  if (word == "-" || word == "txnid" || word == "(no active readers)")
    return 0;
  auto& into = *static_cast<std::size_t*>(oldest);
  into = std::min(into, parse_number<std::size_t>(word).value_or(0));
  return 0;
}

} // namespace

std::uint64_t reusable_bytes(MDB_env* in, std::uint64_t enough) {
  MDB_txn* txn = nullptr;
  if (mdb_txn_begin(in, nullptr, MDB_RDONLY, &txn) != 0)
    return 0;
  lmdb_txn reading{txn};
  std::size_t oldest = mdb_txn_id(txn);
  MDB_stat stat;
  MDB_cursor* opened = nullptr;
  if (mdb_reader_list(in, note_reader, &oldest) < 0
      || mdb_stat(txn, free_pages, &stat) != 0
      || mdb_cursor_open(txn, free_pages, &opened) != 0)
    return 0;
  std::unique_ptr<MDB_cursor, cursor_closer> at{opened};
  std::uint64_t out = 0;
  MDB_val freed_by;
  MDB_val pages;
  while (out < enough
         && mdb_cursor_get(opened, &freed_by, &pages, MDB_NEXT) == 0
         && word_at(freed_by) < oldest)
    out += std::uint64_t{word_at(pages)} * stat.ms_psize;
  return out;
}

} // namespace acgs::store::detail
