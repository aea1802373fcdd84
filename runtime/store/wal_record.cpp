// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/wal_record.hpp"

#include "runtime/store/keys.hpp"

#include <algorithm>
#include <optional>

namespace acgs::store {

namespace {

/// Writes into room that is there already; gives back the room behind it.
std::byte* write(std::byte* to, byte_view part) {
  return std::copy(part.begin(), part.end(), to);
}

/// The last `width` bytes of a number.
std::byte* write(std::byte* to, std::uint64_t number, std::size_t width) {
  auto whole = to_key(number);
  return write(to, byte_view{whole}.last(width));
}

class reader {
public:
  explicit reader(byte_view from) : left_{from} {
    // At the first change.
  }

  bool done() const { return left_.empty(); }

  std::optional<std::uint64_t> number(std::size_t width) {
    if (left_.size() < width)
      return std::nullopt;
    std::uint64_t out = 0;
    for (auto each : left_.first(width))
      out = out << 8 | std::to_integer<std::uint64_t>(each);
    left_ = left_.subspan(width);
    return out;
  }

  /// A length of so many bytes, and what it is the length of.
  std::optional<byte_view> sized(std::size_t width) {
    auto size = number(width);
    if (!size || *size > left_.size())
      return std::nullopt;
    auto out = left_.first(*size);
    left_ = left_.subspan(*size);
    return out;
  }

private:
  byte_view left_;
};

} // namespace

void add_change(bytes& body, const wal_change& what) {
  auto before = body.size();
  body.resize(before + 1 + 1 + what.table.size() + 2 + what.key.size() + 4
              + what.value.size());
  auto* to = body.data() + before;
  *to++ = static_cast<std::byte>(what.kind);
  to = write(to, what.table.size(), 1);
  to = write(to, as_byte_view(what.table));
  to = write(to, what.key.size(), 2);
  to = write(to, what.key);
  to = write(to, what.value.size(), 4);
  write(to, what.value);
}

caf::error
for_each_change(byte_view body,
                const std::function<caf::error(const wal_change&)>& use) {
  reader from{body};
  while (!from.done()) {
    auto kind = from.number(1);
    auto name = from.sized(1);
    auto key = from.sized(2);
    auto value = from.sized(4);
    if (!kind || *kind > 2 || !name || !key || !value)
      return make_error(ec::store_corrupt,
                        "a record of the write-ahead log is no list of "
                        "changes");
    if (auto bad = use({static_cast<wal_change_kind>(*kind), as_text(*name),
                        *key, *value}))
      return bad;
  }
  return {};
}

} // namespace acgs::store
