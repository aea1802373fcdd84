// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/format.hpp"

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/keys.hpp"

#include <zstd.h>

#include <algorithm>

namespace acgs::backup {

namespace {

using store::corrupt;

/// Half a gigabyte a second on a core; higher levels win little here.
constexpr int level = 3;

void add_number(bytes& to, std::uint64_t value, unsigned width) {
  auto all = store::to_key(value);
  to.insert(to.end(), all.end() - width, all.end());
}

std::uint64_t number_at(byte_view from, std::size_t at, unsigned width) {
  std::uint64_t out = 0;
  for (auto each : from.subspan(at, width))
    out = out << 8 | std::to_integer<std::uint64_t>(each);
  return out;
}

result<bytes> pack(byte_view content) {
  bytes out(ZSTD_compressBound(content.size()));
  auto size = ZSTD_compress(out.data(), out.size(), content.data(),
                            content.size(), level);
  if (ZSTD_isError(size))
    return make_error(ec::internal, std::string{"zstd cannot pack a block: "}
                                        + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

} // namespace

result<bytes> make_block(block_kind kind, std::uint64_t records,
                         byte_view content) {
  auto packed = pack(content);
  if (!packed)
    return packed.error();
  bool smaller = packed->size() < content.size();
  auto stored = smaller ? byte_view{*packed} : content;
  bytes out;
  out.reserve(header_size + stored.size());
  out.push_back(static_cast<std::byte>(kind));
  out.push_back(std::byte{smaller});
  out.resize(8);
  add_number(out, records, 8);
  add_number(out, content.size(), 8);
  add_number(out, stored.size(), 8);
  auto sum = crypto::sha256_of(stored);
  out.insert(out.end(), sum.begin(), sum.end());
  out.insert(out.end(), stored.begin(), stored.end());
  return out;
}

result<block_header> read_header(byte_view encoded) {
  auto kind = number_at(encoded, 0, 1);
  auto form = number_at(encoded, 1, 1);
  auto last = static_cast<unsigned>(block_kind::ring);
  bool known = (kind >= 1 && kind <= last)
               || kind == static_cast<unsigned>(block_kind::manifest);
  if (!known || form > 1 || number_at(encoded, 2, 6) != 0)
    return corrupt("what stands there is no header of a block");
  block_header out;
  out.kind = static_cast<block_kind>(kind);
  out.packed = form == 1;
  out.records = number_at(encoded, 8, 8);
  out.size = number_at(encoded, 16, 8);
  out.size_stored = number_at(encoded, 24, 8);
  std::copy_n(encoded.begin() + 32, 32, out.stored.begin());
  if (out.size > block_size_max || out.size_stored > out.size
      || (!out.packed && out.size_stored != out.size))
    return corrupt("its header says that it has "
                   + std::to_string(out.size_stored) + " bytes for one of "
                   + std::to_string(out.size) + "; expected fewer, and at most "
                   + std::to_string(block_size_max));
  return out;
}

result<bytes> open_block(const block_header& header, byte_view stored) {
  if (stored.size() != header.size_stored
      || crypto::sha256_of(stored) != header.stored)
    return corrupt("its bytes are not those whose digest its header holds");
  if (!header.packed)
    return bytes{stored.begin(), stored.end()};
  bytes out(header.size);
  auto size =
      ZSTD_decompress(out.data(), out.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) || size != out.size())
    return corrupt("it does not unpack to the size that its header says");
  return out;
}

void add_record(bytes& to, byte_view key, byte_view value) {
  add_number(to, key.size(), 2);
  to.insert(to.end(), key.begin(), key.end());
  add_number(to, value.size(), 4);
  to.insert(to.end(), value.begin(), value.end());
}

caf::error
for_each_record(byte_view content, std::uint64_t count,
                const std::function<caf::error(byte_view, byte_view)>& visit) {
  auto cut = [&](unsigned width) -> std::optional<byte_view> {
    if (content.size() < width)
      return std::nullopt;
    auto size = number_at(content, 0, width);
    if (content.size() - width < size)
      return std::nullopt;
    auto out = content.subspan(width, size);
    content = content.subspan(width + size);
    return out;
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    auto key = cut(2);
    auto value = key ? cut(4) : std::nullopt;
    if (!value)
      return corrupt("its record " + std::to_string(i) + " of "
                     + std::to_string(count) + " is cut off");
    if (auto bad = visit(*key, *value))
      return bad;
  }
  if (!content.empty())
    return corrupt("it has more bytes than its " + std::to_string(count)
                   + " records");
  return {};
}

} // namespace acgs::backup
