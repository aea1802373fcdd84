// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/ids.hpp"

#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <utility>

namespace acgs {

namespace {

std::string format_uuid(const std::array<std::byte, 16>& raw) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    auto value = std::to_integer<unsigned>(raw[i]);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

} // namespace

id_maker::id_maker(const time_source& time, random_source random)
    : clock_{time}, random_{std::move(random)} {
  // The members say it all.
}

std::string id_maker::next() {
  std::array<std::byte, 16> raw;
  random_(raw);
  std::int64_t millis = to_nanos(clock_.now()) / 1000000;
  unsigned counter = 0;
  {
    // A counter of 12 bits in rand_a keeps ids of one millisecond in order;
    // when it runs over, the time borrows from the next millisecond.
    std::lock_guard guard{mutex_};
    if (millis > last_millis_) {
      last_millis_ = millis;
      counter_ = 0;
    } else if (++counter_ > 0xfff) {
      ++last_millis_;
      counter_ = 0;
    }
    millis = last_millis_;
    counter = counter_;
  }
  for (int i = 0; i < 6; ++i)
    raw[static_cast<std::size_t>(i)] =
        static_cast<std::byte>(millis >> (40 - 8 * i));
  raw[6] = static_cast<std::byte>(0x70 | (counter >> 8));
  raw[7] = static_cast<std::byte>(counter & 0xff);
  raw[8] = (raw[8] & std::byte{0x3f}) | std::byte{0x80};
  return format_uuid(raw);
}

std::optional<wall_time> time_of_id(std::string_view id) {
  if (id.size() != 36 || id[8] != '-' || id[14] != '7')
    return std::nullopt;
  auto digits = std::string{id.substr(0, 8)}.append(id.substr(9, 4));
  auto millis = parse_number<std::uint64_t>(digits, 16);
  if (!millis)
    return std::nullopt;
  return wall_time{
      std::chrono::milliseconds{static_cast<std::int64_t>(*millis)}};
}

bool is_acceptable_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 128
         && std::all_of(id.begin(), id.end(), [](char c) {
              return c > ' ' && c < 0x7f && c != '"' && c != '\\';
            });
}

} // namespace acgs
