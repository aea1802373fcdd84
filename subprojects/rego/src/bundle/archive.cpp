// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// tar.gz in and out, over libarchive, in memory. The archive is hostile: every
// entry is looked at before a byte of it is inflated, and whatever is neither a
// regular file nor a folder ends the reading.

#include <locale.h>

#include <algorithm>
#include <memory>
#include <set>

#include "builtins/utf8.hpp"
#include "bundle/libarchive.hpp"
#include "bundle/support.hpp"

namespace rego::bundle {

namespace {

using reader = std::unique_ptr<archive, decltype(&::archive_read_free)>;
using writer = std::unique_ptr<archive, decltype(&::archive_write_free)>;
using entry = std::unique_ptr<archive_entry, decltype(&::archive_entry_free)>;

/// Only where `load_libarchive` gave it.
const libarchive& la() {
  return *load_libarchive();
}

error not_loaded() {
  return refusal("", "bundles are read and written with libarchive, which is "
                     "not installed");
}

/// libarchive turns names into the locale's encoding. For this thread that is
/// UTF-8 while this lives, whatever the process was started with.
class utf8_names {
public:
  utf8_names() : own_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (own_)
      before_ = uselocale(own_);
  }
  ~utf8_names() {
    if (!own_)
      return;
    uselocale(before_);
    freelocale(own_);
  }
  utf8_names(const utf8_names&) = delete;
  utf8_names& operator=(const utf8_names&) = delete;
  explicit operator bool() const { return own_ != nullptr; }

private:
  locale_t own_;
  locale_t before_ = nullptr;
};

std::string reason_of(archive* a) {
  auto* text = la().archive_error_string(a);
  return text ? text : "unknown reason";
}

error beyond(std::string_view file, const std::string& what, size_t max) {
  return refusal(file, what + "; at most " + std::to_string(max)
                           + " are "
                             "taken");
}

bool is_plain(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\';
  });
}

/// The name as a relative path; an error where it is none.
result<std::string> relative(const char* name, const bounds& within) {
  if (!name)
    return refusal("", "a name that is not UTF-8");
  std::string_view path(name);
  while (path.starts_with("./"))
    path.remove_prefix(2);
  if (path.starts_with('/'))
    path.remove_prefix(1);
  if (path.empty() || path.size() > within.path_bytes)
    return refusal(shown(name), "a name of " + std::to_string(path.size())
                                    + " bytes; expected 1 to "
                                    + std::to_string(within.path_bytes));
  if (!is_valid_utf8(path) || !is_plain(path))
    return refusal(shown(name), "a name with backslashes or control "
                                "characters, or that is not UTF-8");
  for (auto& step : steps_of(path))
    if (step.empty() || step == "." || step == "..")
      return refusal(shown(name), "a name that does not stay in its place; "
                                  "expected steps other than \".\" and \"..\", "
                                  "joined by single slashes");
  return std::string(path);
}

/// What of an archive was taken so far.
struct taken {
  std::set<std::string> names;
  size_t entries = 0;
  size_t bytes = 0;
};

result<std::string> inflate(archive* a, const std::string& path,
                            size_t archive_bytes, const bounds& within,
                            taken& so_far) {
  constexpr size_t free_bytes = size_t{1} << 20;
  std::string out;
  char part[64 * 1024];
  for (;;) {
    auto n = la().archive_read_data(a, part, sizeof part);
    if (n < 0)
      return refusal(path, "cannot be read: " + reason_of(a));
    if (n == 0)
      return out;
    auto size = static_cast<size_t>(n);
    out.append(part, size);
    so_far.bytes += size;
    if (out.size() > within.file_bytes)
      return beyond(path, "a file of more bytes than allowed",
                    within.file_bytes);
    if (so_far.bytes > within.total_bytes)
      return beyond(path, "more bytes in all files than allowed",
                    within.total_bytes);
    if (so_far.bytes > free_bytes
        && (so_far.bytes - free_bytes) / within.ratio > archive_bytes)
      return beyond(path,
                    "more bytes inflated for each of the archive than "
                    "allowed",
                    within.ratio);
  }
}

/// The error that keeps an entry from being looked into, if any.
std::optional<error> check_entry(archive_entry* e, const std::string& path,
                                 const bounds& within) {
  auto type = la().archive_entry_filetype(e);
  if (la().archive_entry_hardlink(e) || la().archive_entry_symlink(e)
      || (type != AE_IFREG && type != AE_IFDIR))
    return refusal(path, "a link, device or other special file; expected "
                         "regular files and folders");
  auto size = la().archive_entry_size(e);
  if (size < 0 || (type == AE_IFDIR && size != 0))
    return refusal(path, "a size that cannot be");
  if (static_cast<uint64_t>(size) > within.file_bytes)
    return beyond(path, "a file of " + std::to_string(size) + " bytes",
                  within.file_bytes);
  if (la().archive_entry_sparse_count(e) > 0
      || la().archive_entry_is_encrypted(e))
    return refusal(path, "a sparse or encrypted file");
  return std::nullopt;
}

result<reader> open(std::string_view bytes) {
  reader a(la().archive_read_new(), la().archive_read_free);
  if (!a || la().archive_read_support_filter_gzip(a.get()) != ARCHIVE_OK
      || la().archive_read_support_format_tar(a.get()) != ARCHIVE_OK)
    return refusal("", "no memory to read an archive with");
  if (la().archive_read_open_memory(a.get(), bytes.data(), bytes.size())
      != ARCHIVE_OK)
    return refusal("", "not a tar.gz: " + reason_of(a.get()));
  return a;
}

/// One entry into `out`; false at the end.
result<bool> next(archive* a, size_t archive_bytes, const bounds& within,
                  taken& so_far, file_list& out) {
  archive_entry* e = nullptr;
  auto got = la().archive_read_next_header(a, &e);
  if (got == ARCHIVE_EOF)
    return false;
  if (got != ARCHIVE_OK)
    return refusal("", "not a tar.gz: " + reason_of(a));
  // Folders count too: they cost as much to look at.
  if (++so_far.entries > 2 * within.files || out.size() >= within.files)
    return beyond("", "more files than allowed", within.files);
  if (la().archive_entry_filetype(e) == AE_IFDIR
      && la().archive_entry_size(e) == 0 && !la().archive_entry_hardlink(e))
    return true;
  auto path = relative(la().archive_entry_pathname(e), within);
  if (!path)
    return path.error_list();
  if (auto wrong = check_entry(e, *path, within))
    return *wrong;
  if (!so_far.names.insert(*path).second)
    return refusal(*path, "the name stands in the archive twice");
  auto bytes = inflate(a, *path, archive_bytes, within, so_far);
  if (!bytes)
    return bytes.error_list();
  out.push_back({std::move(*path), std::move(*bytes)});
  return true;
}

la_ssize_t append(archive*, void* to, const void* from, size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(from), size);
  return static_cast<la_ssize_t>(size);
}

bool add(archive* a, const file& f) {
  entry e(la().archive_entry_new(), la().archive_entry_free);
  if (!e)
    return false;
  la().archive_entry_set_pathname(e.get(), ("/" + f.path).c_str());
  la().archive_entry_set_filetype(e.get(), AE_IFREG);
  la().archive_entry_set_perm(e.get(), 0600);
  la().archive_entry_set_size(e.get(), static_cast<la_int64_t>(f.bytes.size()));
  return la().archive_write_header(a, e.get()) == ARCHIVE_OK
         && la().archive_write_data(a, f.bytes.data(), f.bytes.size())
                == static_cast<la_ssize_t>(f.bytes.size());
}

} // namespace

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> out;
  if (path.empty())
    return out;
  for (;;) {
    auto slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == path.npos)
      return out;
    path.remove_prefix(slash + 1);
  }
}

std::string shown(std::string_view text) {
  std::string out;
  for (auto c : text.substr(0, 100))
    out += c >= 0x20 && c < 0x7f ? c : '?';
  return text.size() > 100 ? out + "..." : out;
}

result<file_list> unpack(std::string_view bytes, const bounds& within) {
  if (bytes.size() > within.archive_bytes)
    return beyond("",
                  "an archive of " + std::to_string(bytes.size()) + " bytes",
                  within.archive_bytes);
  // The gzip filter would pass an archive that is not compressed.
  if (!bytes.starts_with("\x1f\x8b"))
    return refusal("", "not a tar.gz: it does not begin as gzip does");
  if (!load_libarchive())
    return not_loaded();
  utf8_names names;
  if (!names)
    return refusal("", "no memory to read an archive with");
  auto a = open(bytes);
  if (!a)
    return a.error_list();
  taken so_far;
  file_list out;
  for (;;) {
    auto more = next(a->get(), bytes.size(), within, so_far, out);
    if (!more)
      return more.error_list();
    if (!*more)
      break;
  }
  std::sort(out.begin(), out.end(),
            [](auto& x, auto& y) { return x.path < y.path; });
  return out;
}

result<std::string> pack(file_list files) {
  if (!load_libarchive())
    return not_loaded();
  std::sort(files.begin(), files.end(),
            [](auto& x, auto& y) { return x.path < y.path; });
  utf8_names names;
  std::string out;
  writer a(la().archive_write_new(), la().archive_write_free);
  bool ok =
      names && a && la().archive_write_add_filter_gzip(a.get()) == ARCHIVE_OK
      && la().archive_write_set_filter_option(a.get(), "gzip", "timestamp",
                                              nullptr)
             == ARCHIVE_OK
      && la().archive_write_set_format_pax_restricted(a.get()) == ARCHIVE_OK
      && la().archive_write_set_bytes_in_last_block(a.get(), 1) == ARCHIVE_OK
      && la().archive_write_open(a.get(), &out, nullptr, append, nullptr)
             == ARCHIVE_OK;
  for (auto& f : files)
    ok = ok && add(a.get(), f);
  ok = ok && la().archive_write_close(a.get()) == ARCHIVE_OK;
  if (!ok)
    return refusal("", "the archive cannot be written: "
                           + (a ? reason_of(a.get()) : "no memory"));
  return out;
}

} // namespace rego::bundle
