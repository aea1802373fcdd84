// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/log_mark.hpp"

#include "runtime/base/number_text.hpp"
#include "runtime/base/write_all.hpp"
#include "runtime/crypto/private_file.hpp"

#include <merkle/proof.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "acgs-log-mark-v1";
constexpr std::size_t size_digits = 20;

/// Takes "WORD VALUE\n", or "VALUE\n" for an empty word, off the text.
std::optional<std::string_view> take_line(std::string_view& text,
                                          std::string_view word) {
  auto end = text.find('\n');
  if (end == text.npos || !text.starts_with(word))
    return std::nullopt;
  auto value = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return value;
}

std::optional<std::uint64_t> read_size(std::string_view digits) {
  if (digits.size() != size_digits)
    return std::nullopt;
  return parse_number<std::uint64_t>(digits);
}

caf::error io_error(const char* doing, const fs::path& file) {
  return make_error(ec::store_io, std::string{"cannot "} + doing + ' '
                                      + file.string() + ": "
                                      + std::strerror(errno));
}

} // namespace

std::string format_log_mark(const log_mark& mark) {
  auto digits = std::to_string(mark.head.size);
  std::string out{first_line};
  out += "\norigin " + mark.origin + "\nsize ";
  out += std::string(size_digits - digits.size(), '0') + digits;
  return out + "\nroot " + to_hex(mark.head.root) + '\n';
}

result<log_mark> parse_log_mark(std::string_view text) {
  auto wrong = [](const char* expected) {
    return make_error(ec::store_corrupt, expected);
  };
  if (take_line(text, "") != first_line)
    return wrong("expected the line 'acgs-log-mark-v1'");
  log_mark out;
  auto origin = take_line(text, "origin ");
  if (!origin || origin->empty())
    return wrong("expected 'origin' and a log's name in line 2");
  out.origin = *origin;
  auto digits = take_line(text, "size ");
  auto size = digits ? read_size(*digits) : std::nullopt;
  if (!size)
    return wrong("expected 'size' and 20 digits in line 3");
  out.head.size = *size;
  auto hex = take_line(text, "root ");
  auto root = hex ? from_hex(*hex) : std::nullopt;
  if (!root || root->size() != out.head.root.size() || !text.empty())
    return wrong("expected 'root' and 64 hexadecimal digits in line 4, and "
                 "no further line");
  std::copy(root->begin(), root->end(), out.head.root.begin());
  return out;
}

result<std::optional<log_mark>> read_log_mark(const fs::path& file) {
  auto content = crypto::read_private_file(file);
  if (!content) {
    if (code_of(content.error()) == ec::not_found)
      return std::optional<log_mark>{};
    return content.error();
  }
  auto mark = content->read(
      [](byte_view view) { return parse_log_mark(as_text(view)); });
  if (!mark)
    return make_error(ec::store_corrupt,
                      file.string() + " does not say how long the log is: "
                          + sentence_of(mark.error()));
  return std::optional{std::move(*mark)};
}

fs::path log_mark_path(const fs::path& keys, const std::string& cluster,
                       const std::string& node) {
  return keys / ("log." + cluster + '.' + node);
}

std::string departure_from(const log_head& was_signed, log_view& log) {
  auto size = std::to_string(was_signed.size);
  if (log.head().size < was_signed.size)
    return " has " + std::to_string(log.head().size) + " entries; " + size
           + " were signed";
  if (was_signed.size == 0)
    return {};
  auto root =
      merkle::root_from_tiles(was_signed.size, [&](const merkle::tile_id& id) {
        return log.tile_copy(id.level, id.index);
      });
  if (root && *root == was_signed.root)
    return {};
  return " has another history than the one whose first " + size
         + " entries were signed";
}

result<std::shared_ptr<log_mark_file>>
log_mark_file::begin(const fs::path& file, const log_mark& from) {
  auto text = format_log_mark(from);
  if (auto bad = crypto::replace_private_file(file, as_byte_view(text)))
    return bad;
  int opened = ::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  if (opened < 0)
    return io_error("open", file);
  return std::shared_ptr<log_mark_file>{new log_mark_file{file, from, opened}};
}

log_mark_file::~log_mark_file() {
  ::close(file_);
}

caf::error log_mark_file::advance(const log_head& head) {
  std::lock_guard guard{mutex_};
  if (head.size <= now_.head.size)
    return {};
  auto next = now_;
  next.head = head;
  auto text = format_log_mark(next);
  // Less than a sector and mostly one call: a crash tears nothing.
  if (!write_all_at(file_, as_byte_view(text), 0))
    return io_error("write", path_);
  if (now_.head.size == 0 && ::fdatasync(file_) != 0)
    return io_error("sync", path_);
  now_ = std::move(next);
  return {};
}

} // namespace acgs::store
