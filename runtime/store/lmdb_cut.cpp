// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_cut.hpp"

#include "runtime/base/bytes.hpp"
#include "runtime/base/regular_file.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/lmdb_transaction.hpp"
#include "runtime/store/read_all.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <vector>

namespace acgs::store::detail {

namespace {

namespace fs = std::filesystem;

// LMDB's format, in the machine's own words: a file fits no other machine.
static_assert(sizeof(std::size_t) == 8);

struct page_header {
  std::uint64_t number;
  std::uint16_t unused;
  std::uint16_t kind;
  std::uint16_t lower; ///< where its nodes' offsets end
  std::uint16_t upper;
};
static_assert(sizeof(page_header) == 16);

constexpr std::uint16_t branch = 1;
constexpr std::uint16_t leaf = 2;
constexpr std::uint16_t overflow = 4;

/// Ahead of a node's key and value.
struct node_header {
  std::uint32_t low;  ///< of a page's number in a branch; a value's size
  std::uint16_t high; ///< of a page's number in a branch; flags
  std::uint16_t key_size;
};
static_assert(sizeof(node_header) == 8);

constexpr std::uint16_t is_elsewhere = 1; ///< the value is, in overflow pages

struct tree {
  std::uint32_t page_bytes; ///< in the list of free pages: of the file
  std::uint16_t flags;
  std::uint16_t depth;
  std::array<std::uint64_t, 4> counts;
  std::uint64_t root;
};

constexpr std::uint64_t no_page = ~std::uint64_t{0};
constexpr unsigned depth_max = 32; ///< LMDB's own

/// The first two pages each hold one; the later transaction's is in force.
struct meta_page {
  page_header header;
  std::uint32_t magic;
  std::uint32_t version;
  std::array<std::uint64_t, 2> mapping;
  tree free_pages;
  tree tables;
  std::uint64_t last_page;
  std::uint64_t transaction;
};
static_assert(sizeof(meta_page) == 152);

constexpr std::uint32_t magic = 0xBEEFC0DE;

template <class T>
T read_as(byte_view from) {
  T out;
  std::memcpy(&out, from.data(), sizeof out);
  return out;
}

caf::error cut(const fs::path& file, std::uint64_t bytes, std::uint64_t page,
               std::uint64_t page_bytes) {
  return corrupt(file.string() + " is cut: it has " + std::to_string(bytes)
                 + " bytes; page " + std::to_string(page)
                 + " is in use, so expected at least "
                 + std::to_string((page + 1) * page_bytes)
                 + "; put the whole file back or restore a backup");
}

class reader {
public:
  explicit reader(const fs::path& file, int descriptor)
      : file_{file}, descriptor_{descriptor} {
    // `check` looks.
  }

  caf::error check();

private:
  caf::error read(std::uint64_t at, std::span<std::byte> to) const;
  caf::error read_page(std::uint64_t number, std::uint16_t kind,
                       bytes& to) const;
  caf::error collect(std::uint64_t number, unsigned depth);
  caf::error collect_node(byte_view node);
  caf::error collect_elsewhere(std::uint64_t number, std::size_t size);
  caf::error note(byte_view pages);
  caf::error contradiction() const {
    return corrupt("the list of free pages of " + file_.string()
                   + " contradicts itself: expected what LMDB wrote");
  }
  caf::error cut_at(std::uint64_t page) const {
    return cut(file_, bytes_, page, page_bytes_);
  }

  const fs::path& file_;
  int descriptor_;
  std::uint64_t bytes_ = 0;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t present_ = 0; ///< whole pages of the file
  std::uint64_t looked_at_ = 0;
  std::vector<std::uint64_t> free_; ///< those of them that are missing
};

caf::error reader::read(std::uint64_t at, std::span<std::byte> to) const {
  if (read_all_at(descriptor_, to, at))
    return {};
  if (errno == 0)
    errno = EIO; // it becomes shorter at this moment
  return file_error("read", file_);
}

caf::error reader::check() {
  // The count before the file's length: a writer lets both grow.
  std::array<std::byte, sizeof(meta_page)> text;
  if (auto bad = read(0, text))
    return bad;
  auto in_force = read_as<meta_page>(text);
  page_bytes_ = in_force.free_pages.page_bytes;
  if (auto bad = read(page_bytes_, text))
    return bad;
  if (auto other = read_as<meta_page>(text);
      other.transaction > in_force.transaction)
    in_force = other;
  struct stat about;
  if (::fstat(descriptor_, &about) != 0)
    return file_error("look at", file_);
  bytes_ = static_cast<std::uint64_t>(about.st_size);
  present_ = bytes_ / page_bytes_;
  auto last = in_force.last_page;
  if (last < present_)
    return {};
  const auto& list = in_force.free_pages;
  if (list.root != no_page)
    if (auto bad = collect(list.root, list.depth))
      return bad;
  std::ranges::sort(free_, std::greater{});
  for (auto each : free_) {
    if (each == last)
      --last;
    else if (each < last)
      break;
  }
  return last < present_ ? caf::error{} : cut_at(last);
}

/// `to` has the size of what is read, one page at least.
caf::error reader::read_page(std::uint64_t number, std::uint16_t kind,
                             bytes& to) const {
  if (number >= present_)
    return cut_at(number);
  if (auto bad = read(number * page_bytes_, to))
    return bad;
  auto header = read_as<page_header>(to);
  if (header.number != number || (header.kind & kind) == 0)
    return contradiction();
  return {};
}

/// What a tree of this depth below a page holds.
caf::error reader::collect(std::uint64_t number, unsigned depth) {
  if (depth == 0 || depth > depth_max || ++looked_at_ > present_)
    return contradiction();
  bytes page(page_bytes_);
  if (auto bad = read_page(number, depth > 1 ? branch : leaf, page))
    return bad;
  byte_view all{page};
  std::size_t end = read_as<page_header>(all).lower;
  if (end < sizeof(page_header) || end > all.size())
    return contradiction();
  for (auto at = sizeof(page_header); at + 2 <= end; at += 2) {
    auto offset = read_as<std::uint16_t>(all.subspan(at));
    if (offset < end || offset + sizeof(node_header) > all.size())
      return contradiction();
    auto node = all.subspan(offset);
    auto header = read_as<node_header>(node);
    auto bad =
        depth > 1
            ? collect(std::uint64_t{header.high} << 32 | header.low, depth - 1)
            : collect_node(node);
    if (bad)
      return bad;
  }
  return {};
}

caf::error reader::collect_node(byte_view node) {
  auto header = read_as<node_header>(node);
  bool away = (header.high & is_elsewhere) != 0;
  auto begin = sizeof header + header.key_size;
  std::size_t size = away ? sizeof(std::uint64_t) : header.low;
  if (begin + size > node.size())
    return contradiction();
  auto value = node.subspan(begin, size);
  return away ? collect_elsewhere(read_as<std::uint64_t>(value), header.low)
              : note(value);
}

caf::error reader::collect_elsewhere(std::uint64_t number, std::size_t size) {
  bytes text(page_bytes_);
  if (auto bad = read_page(number, overflow, text))
    return bad;
  // In the place of both.
  std::uint64_t pages = read_as<std::uint32_t>(
      byte_view{text}.subspan(offsetof(page_header, lower)));
  if (pages == 0 || sizeof(page_header) + size > pages * page_bytes_)
    return contradiction();
  if (pages > present_ - number)
    return cut_at(number + pages - 1);
  text.resize(size);
  if (auto bad = read(number * page_bytes_ + sizeof(page_header), text))
    return bad;
  return note(text);
}

/// A count, and as many numbers of pages.
caf::error reader::note(byte_view pages) {
  constexpr auto word = sizeof(std::uint64_t);
  if (pages.size() < word)
    return contradiction();
  auto count = read_as<std::uint64_t>(pages);
  if (count > pages.size() / word - 1)
    return contradiction();
  for (std::size_t i = 1; i <= count; ++i)
    if (auto each = read_as<std::uint64_t>(pages.subspan(i * word));
        each >= present_)
      free_.push_back(each);
  return {};
}

} // namespace

caf::error check_lmdb_begin(const fs::path& file) {
  auto text = read_regular_file(file, sizeof(meta_page));
  if (!text)
    return {};
  auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (text->size() == sizeof(meta_page)) {
    auto first = read_as<meta_page>(as_byte_view(*text));
    if (first.magic != magic)
      return {};
    page_bytes = first.free_pages.page_bytes;
  }
  if (page_bytes < sizeof(meta_page)) // LMDB would divide by it
    return corrupt(file.string() + " says that its pages have "
                   + std::to_string(page_bytes)
                   + " bytes; expected what LMDB wrote");
  std::error_code failed;
  auto size = fs::file_size(file, failed);
  if (failed || size >= 2 * page_bytes)
    return {};
  return cut(file, size, 1, page_bytes);
}

caf::error check_lmdb_length(MDB_env* in, const fs::path& file) {
  auto doing = "look at the length of " + file.string();
  int descriptor = -1;
  if (auto code = mdb_env_get_fd(in, &descriptor); code != 0)
    return lmdb_error(code, doing);
  // What a reader may see no writer puts to other use.
  MDB_txn* txn = nullptr;
  if (auto code = mdb_txn_begin(in, nullptr, MDB_RDONLY, &txn); code != 0)
    return lmdb_error(code, doing);
  lmdb_txn holding{txn};
  return reader{file, descriptor}.check();
}

} // namespace acgs::store::detail
