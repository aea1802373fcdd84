// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/file.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/folder.hpp"

#include <merkle/note.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace acgs::backup {

namespace fs = std::filesystem;

// ---- Writing

result<file_writer> file_writer::create(const fs::path& path) {
  std::error_code failed;
  if (fs::exists(path, failed))
    return make_error(ec::conflict, "'" + path.string() + "' is there already",
                      "file");
  auto part = path;
  part += ".part";
  // What a backup that was cut off left behind.
  fs::remove(part, failed);
  file_writer out{
      path, part,
      ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (out.file_ < 0)
    return out.failed("make");
  return out;
}

file_writer::file_writer(file_writer&& other) noexcept
    : path_{std::move(other.path_)}, part_{std::move(other.part_)},
      file_{std::exchange(other.file_, -1)} {
  // The other has nothing to remove any more.
}

file_writer::~file_writer() {
  if (file_ < 0)
    return;
  ::close(file_);
  ::unlink(part_.c_str());
}

caf::error file_writer::failed(const std::string& doing) const {
  auto full = errno == ENOSPC || errno == EDQUOT;
  return make_error(full ? ec::store_full : ec::store_io,
                    "cannot " + doing + " '" + part_.string()
                        + "': " + std::strerror(errno),
                    "file");
}

caf::error file_writer::write(byte_view part) {
  if (!write_all(file_, part))
    return failed("write");
  return {};
}

caf::error file_writer::sync() {
  return ::fsync(file_) == 0 ? caf::error{} : failed("sync");
}

caf::error file_writer::keep() {
  // `create` saw nothing of that name.
  if (::rename(part_.c_str(), path_.c_str()) != 0)
    return failed("give its name to");
  auto folder = path_.parent_path();
  return store::sync_folder(folder.empty() ? "." : folder);
}

// ---- Reading

result<file_reader> file_reader::open(const fs::path& path) {
  file_reader out{path};
  std::error_code ignored;
  if (!out.in_ || fs::is_directory(path, ignored))
    return make_error(ec::invalid_argument,
                      "cannot read '" + path.string() + "'", "file");
  if (auto bad = out.read_headers())
    return bad;
  if (auto bad = out.read_manifest())
    return bad;
  return out;
}

result<bytes> file_reader::bytes_at(std::uint64_t at, std::uint64_t size) {
  bytes out(size);
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(at));
  in_.read(reinterpret_cast<char*>(out.data()),
           static_cast<std::streamsize>(size));
  if (!in_)
    return make_error(ec::store_corrupt,
                      "'" + path_.string() + "' is cut off: it ends within "
                          + std::to_string(size) + " bytes from byte "
                          + std::to_string(at) + " on");
  return out;
}

caf::error file_reader::wrong(const located& block,
                              const caf::error& why) const {
  return make_error(ec::store_corrupt,
                    "'" + path_.string() + "': the block at byte "
                        + std::to_string(block.at) + ": " + sentence_of(why));
}

std::string file_reader::name_of(std::size_t i) const {
  return "'" + path_.string() + "': block " + std::to_string(i) + " at byte "
         + std::to_string(blocks_[i].at);
}

caf::error file_reader::read_headers() {
  auto first = bytes_at(0, magic.size());
  if (!first || as_text(*first) != magic)
    return make_error(ec::invalid_argument,
                      "'" + path_.string()
                          + "' is no backup: it does not "
                            "begin with \"acgs-backup/1\"",
                      "file");
  crypto::sha256 sum;
  std::uint64_t at = magic.size();
  for (;;) {
    auto encoded = bytes_at(at, header_size);
    if (!encoded)
      return encoded.error();
    auto header = read_header(*encoded);
    if (!header)
      return wrong({{}, at}, header.error());
    if (!blocks_.empty() && header->kind < blocks_.back().header.kind)
      return wrong({*header, at},
                   make_error(ec::store_corrupt, "it stands out of its order"));
    blocks_.push_back({*header, at});
    at += header_size + header->size_stored;
    if (header->kind == block_kind::manifest)
      break;
    sum.add(*encoded);
  }
  headers_ = sum.finish();
  in_.seekg(0, std::ios::end);
  if (static_cast<std::uint64_t>(in_.tellg()) != at)
    return make_error(ec::store_corrupt, "'" + path_.string()
                                             + "' does not end where its "
                                               "manifest does, at byte "
                                             + std::to_string(at));
  return {};
}

caf::error file_reader::read_manifest() {
  auto last = blocks_.back();
  blocks_.pop_back();
  auto content = content_of(last);
  if (!content)
    return content.error();
  note_ = as_text(*content);
  auto note = merkle::parse_note(note_);
  if (!note)
    return wrong(last, make_error(ec::store_corrupt, note.error()));
  auto read = parse_manifest(note->text);
  if (!read)
    return wrong(last, read.error());
  manifest_ = std::move(*read);
  if (manifest_.blocks != blocks_.size() || manifest_.headers != headers_)
    return wrong(last, make_error(ec::store_corrupt,
                                  "the manifest is of other blocks than those "
                                  "before it"));
  return {};
}

result<bytes> file_reader::content_of(const located& block) {
  auto stored = bytes_at(block.at + header_size, block.header.size_stored);
  if (!stored)
    return stored.error();
  auto out = open_block(block.header, *stored);
  if (!out)
    return wrong(block, out.error());
  return out;
}

result<bytes> file_reader::read(std::size_t i) {
  return content_of(blocks_[i]);
}

result<merkle::verifier_key>
file_reader::signed_by(const crypto::key_history& keys) const {
  auto by = keys.signer_of(note_, manifest_.of.size);
  if (!by)
    return make_error(ec::store_corrupt, "'" + path_.string()
                                             + "': the manifest's signature "
                                               "does not verify: "
                                             + sentence_of(by.error()));
  return by;
}

result<std::string> file_reader::ring() {
  if (blocks_.empty() || blocks_.back().header.kind != block_kind::ring)
    return std::string{};
  auto content = content_of(blocks_.back());
  if (!content)
    return content.error();
  return std::string{as_text(*content)};
}

} // namespace acgs::backup
