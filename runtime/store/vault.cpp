// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/vault.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/new_file.hpp"
#include "runtime/store/read_all.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace acgs::store {

namespace {

using detail::file_error;
using detail::read_all_at;

constexpr std::uint64_t header_size = 64;
constexpr std::uint64_t record_size = sizeof(digest);
constexpr std::string_view magic{"ACGS secrets 1\0\0", 16};
constexpr unsigned place_bits = 40;
constexpr std::uint64_t place_max = (std::uint64_t{1} << place_bits) - 1;

std::uint64_t offset_of(std::uint64_t place) {
  return header_size + place * record_size;
}

} // namespace

file_vault::~file_vault() {
  if (file_ >= 0)
    ::close(file_);
}

caf::error file_vault::make() const {
  std::array<std::byte, header_size> header{};
  std::memcpy(header.data(), magic.data(), magic.size());
  crypto::random_fill(std::span{header}.subspan(magic.size(), 3));
  return detail::make_file(path_, [&](int file) {
    return write_all_at(file, header, 0)
               ? caf::error{}
               : file_error("write the head of", path_);
  });
}

caf::error file_vault::take_up() {
  std::array<std::byte, header_size> header{};
  bool whole = read_all_at(file_, header, 0);
  if (!whole && errno != 0)
    return file_error("read", path_);
  // Its head was there before its name: what lacks it was cut, and to begin
  // anew would hide what is lost.
  if (!whole || as_text(byte_view{header}.first(magic.size())) != magic)
    return make_error(ec::store_corrupt,
                      path_.string()
                          + " is not a file of secrets; expected a head of "
                          + std::to_string(header_size)
                          + " bytes: put the file back, or go on without it, "
                            "where the payloads that it opened stay closed");
  id_ = 0;
  for (std::size_t i = 0; i < 3; ++i)
    id_ = id_ << 8 | std::to_integer<std::uint64_t>(header[magic.size() + i]);
  return {};
}

caf::error file_vault::open(bool make_missing) {
  std::lock_guard guard{opening_};
  if (file_ >= 0)
    return {};
  auto try_open = [&] {
    file_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  };
  try_open();
  if (file_ < 0 && errno == ENOENT) {
    if (!make_missing)
      return {};
    if (auto bad = make())
      return bad;
    try_open();
  }
  if (file_ < 0)
    return file_error("open", path_);
  auto bad = take_up();
  if (bad)
    ::close(std::exchange(file_, -1));
  return bad;
}

result<std::uint64_t> file_vault::count() const {
  struct stat found {};
  if (::fstat(file_, &found) != 0)
    return file_error("look at", path_);
  // What a loss of power cut off in the middle of a record was never used.
  return (static_cast<std::uint64_t>(found.st_size) - header_size)
         / record_size;
}

std::optional<std::uint64_t> file_vault::place_of(std::uint64_t number) const {
  if (file_ < 0 || number >> place_bits != id_)
    return std::nullopt;
  return number & place_max;
}

result<drawn_secrets> file_vault::draw(std::uint32_t count_wanted) {
  if (auto bad = open(true))
    return bad;
  auto place = count();
  if (!place)
    return place.error();
  if (*place + count_wanted > place_max)
    return make_error(ec::store_full, path_.string() + " is full");
  drawn_secrets out;
  out.first = id_ << place_bits | *place;
  out.secrets.resize(count_wanted);
  auto all = std::as_writable_bytes(std::span{out.secrets});
  crypto::random_fill(all);
  if (!write_all_at(file_, all, offset_of(*place)) || ::fdatasync(file_) != 0)
    return file_error("add secrets to", path_);
  return out;
}

caf::error file_vault::skip(std::uint64_t number) {
  if (auto bad = open(false))
    return bad;
  auto place = place_of(number);
  if (!place)
    return {};
  auto all = count();
  if (!all)
    return all.error();
  if (*place < *all)
    return {};
  // Zeros follow, which are secrets that are gone.
  if (::ftruncate(file_, static_cast<off_t>(offset_of(*place + 1))) != 0
      || ::fdatasync(file_) != 0)
    return file_error("lengthen", path_);
  return {};
}

result<std::optional<digest>> file_vault::get(std::uint64_t number) {
  if (auto bad = open(false))
    return bad;
  auto place = place_of(number);
  if (!place)
    return std::optional<digest>{};
  digest found{};
  if (!read_all_at(file_, found, offset_of(*place))) {
    if (errno != 0)
      return file_error("read", path_);
    return std::optional<digest>{};
  }
  if (found == digest{})
    return std::optional<digest>{};
  return std::optional{found};
}

caf::error file_vault::destroy(std::span<const std::uint64_t> numbers) {
  if (auto bad = open(false))
    return bad;
  if (file_ < 0)
    return {};
  auto all = count();
  if (!all)
    return all.error();
  for (auto number : numbers) {
    auto place = place_of(number);
    if (place && *place < *all
        && !write_all_at(file_, digest{}, offset_of(*place)))
      return file_error("overwrite a secret in", path_);
  }
  return ::fdatasync(file_) == 0 ? caf::error{} : file_error("sync", path_);
}

} // namespace acgs::store
