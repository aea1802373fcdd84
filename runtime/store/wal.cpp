// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/wal.hpp"

#include "runtime/store/keys.hpp"

#include <algorithm>

namespace acgs::store {

namespace {

constexpr std::string_view file_magic = "acgswal1";
constexpr std::string_view record_magic = "acgsrec1";
constexpr std::size_t record_header_size = 8 + 8 + 8 + 32;
constexpr std::size_t salt_at = 8;
constexpr std::size_t length_at = salt_at + sizeof(digest);

std::uint64_t whole_pages(std::uint64_t size) {
  return (size + wal_page - 1) / wal_page * wal_page;
}

std::span<std::byte> part(bytes& of, std::size_t from, std::size_t count) {
  return std::span{of}.subspan(from, count);
}

void copy_to(std::span<std::byte> to, byte_view from) {
  std::copy(from.begin(), from.end(), to.begin());
}

} // namespace

bool wal::has_room(std::size_t body_size) const {
  return body_size <= file_->size()
         && at_ + whole_pages(record_header_size + body_size) <= file_->size();
}

caf::error wal::add(byte_view body) {
  buffer_.resize(whole_pages(record_header_size + body.size()));
  copy_to(part(buffer_, 0, 8), as_byte_view(record_magic));
  copy_to(part(buffer_, 8, 8), to_key(last_ + 1));
  copy_to(part(buffer_, 16, 8), to_key(body.size()));
  copy_to(part(buffer_, 24, 32), check_of(part(buffer_, 8, 16), body));
  copy_to(part(buffer_, record_header_size, body.size()), body);
  std::ranges::fill(
      std::span{buffer_}.subspan(record_header_size + body.size()),
      std::byte{0});
  spoilt_ = true;
  if (auto bad = file_->write(at_, buffer_))
    return bad;
  if (auto bad = file_->sync())
    return bad;
  spoilt_ = false;
  at_ += buffer_.size();
  ++last_;
  return {};
}

digest wal::check_of(byte_view numbers, byte_view body) {
  return hasher_.add(salt_).add(numbers).add(body).finish();
}

result<std::optional<wal::found>> wal::record_at(std::uint64_t at) {
  std::array<std::byte, record_header_size> head{};
  if (at + record_header_size > file_->size())
    return std::optional<found>{};
  if (auto bad = file_->read(at, head))
    return bad;
  byte_view view{head};
  auto length = to_number(view.subspan(16, 8));
  if (as_text(view.first(8)) != record_magic
      || length > file_->size() - at - record_header_size)
    return std::optional<found>{};
  found out;
  out.sequence = to_number(view.subspan(8, 8));
  out.body.resize(length);
  out.pages_size = whole_pages(record_header_size + length);
  if (auto bad = file_->read(at + record_header_size, out.body))
    return bad;
  auto check = check_of(view.subspan(8, 16), out.body);
  if (!std::equal(check.begin(), check.end(), view.begin() + 24))
    return std::optional<found>{};
  return std::optional{std::move(out)};
}

caf::error wal::check_rest(std::uint64_t from) {
  for (auto at = from; at < file_->size(); at += wal_page) {
    auto one = record_at(at);
    if (!one)
      return one.error();
    if (*one && (*one)->sequence > last_)
      return make_error(ec::store_corrupt,
                        "the write-ahead log holds record "
                            + std::to_string((*one)->sequence) + " at byte "
                            + std::to_string(at) + " but not record "
                            + std::to_string(last_ + 1) + " before it");
  }
  return {};
}

caf::error wal::open() {
  bytes page(wal_page);
  if (auto bad = file_->read(0, page))
    return bad;
  if (as_text(byte_view{page}.first(8)) == file_magic) {
    std::ranges::copy(part(page, salt_at, salt_.size()), salt_.begin());
    return check_length(to_number(part(page, length_at, 8)));
  }
  if (std::any_of(page.begin(), page.end(),
                  [](std::byte each) { return each != std::byte{0}; }))
    return make_error(ec::store_corrupt,
                      "the write-ahead log's first page is not one of ours");
  copy_to(part(page, 0, 8), as_byte_view(file_magic));
  copy_to(part(page, salt_at, salt_.size()), salt_);
  copy_to(part(page, length_at, 8), to_key(file_->size()));
  if (auto bad = file_->write(0, page))
    return bad;
  return file_->sync();
}

caf::error wal::check_length(std::uint64_t told) const {
  auto made = told != 0 ? told : wal_file_size;
  if (file_->size() == made)
    return {};
  return make_error(ec::store_corrupt,
                    "its write-ahead log has " + std::to_string(file_->size())
                        + " bytes; it was made with " + std::to_string(made)
                        + ": it was cut or is a copy that is not whole, and "
                          "what it held was acknowledged; put the whole file "
                          "\"wal\" back, or go on without by acgsd "
                          "--new-epoch REASON");
}

caf::error wal::replay(std::uint64_t applied, const use_body& use) {
  if (auto bad = walk(applied, ~std::uint64_t{0}, use))
    return bad;
  if (auto bad = check_rest(at_))
    return bad;
  return look_for_unfinished();
}

/// Behind the last record, where whole ones are of an earlier turn: one with
/// the next sequence in its header, or one that is whole but for its header.
caf::error wal::look_for_unfinished() {
  std::array<std::byte, record_header_size> head{};
  if (at_ + head.size() > file_->size())
    return {};
  if (auto bad = file_->read(at_, head))
    return bad;
  byte_view view{head};
  auto numbers = to_key(last_ + 1);
  auto room = file_->size() - at_ - head.size();
  auto length = std::min(to_number(view.subspan(16, 8)), room);
  bool begun = as_text(view.first(8)) == record_magic
               && std::ranges::equal(view.subspan(8, 8), numbers);
  if (!begun) {
    bytes expected{numbers.begin(), numbers.end()};
    expected.insert(expected.end(), view.begin() + 16, view.begin() + 24);
    bytes body(length);
    if (auto bad = file_->read(at_ + head.size(), body))
      return bad;
    begun = std::ranges::equal(check_of(expected, body), view.subspan(24, 32));
  }
  if (begun)
    unfinished_ = {at_, head.size() + length};
  return {};
}

caf::error wal::repeat(std::uint64_t applied, const use_body& use) {
  auto end = last_;
  if (auto bad = walk(applied, end, use))
    return bad;
  if (last_ == end)
    return {};
  return make_error(ec::store_corrupt,
                    "record " + std::to_string(last_ + 1)
                        + " of the write-ahead log can no longer be read");
}

caf::error wal::walk(std::uint64_t applied, std::uint64_t end,
                     const use_body& use) {
  at_ = wal_page;
  last_ = applied;
  while (last_ < end) {
    auto one = record_at(at_);
    if (!one)
      return one.error();
    if (!*one || (*one)->sequence != last_ + 1)
      return {};
    if (auto bad = use((*one)->body))
      return bad;
    ++last_;
    at_ += (*one)->pages_size;
  }
  return {};
}

} // namespace acgs::store
