// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/output_file.hpp"

#include "runtime/base/write_all.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace acgs::shell {

namespace fs = std::filesystem;

namespace {

bool is_same(const struct ::stat& a, const struct ::stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// As many as the kernel follows.
constexpr int links_max = 40;

/// Where a name leads to at last, which may be nothing yet.
fs::path behind_links(fs::path path) {
  std::error_code failed;
  for (int i = 0; i < links_max && fs::is_symlink(path, failed); ++i)
    path = path.parent_path() / fs::read_symlink(path, failed);
  return path;
}

/// The standard output or error where `there` is what it leads to: /dev/stdout
/// names no file of its own, and what the shell redirected stays as it is.
int standard_stream_of(const struct ::stat& there) {
  struct ::stat stream;
  for (auto each : {STDOUT_FILENO, STDERR_FILENO})
    if (::fstat(each, &stream) == 0 && is_same(stream, there))
      return each;
  return -1;
}

/// Whether the path has come to what the kernel sees; a link of /proc may be
/// to a file that has no name any more.
bool leads_to(const fs::path& path, const struct ::stat& there) {
  struct ::stat found;
  return ::lstat(path.c_str(), &found) == 0 && is_same(found, there);
}

/// What nothing can be written to, in words.
const char* why_not(const struct ::stat& there) {
  return S_ISDIR(there.st_mode)    ? "a folder"
         : S_ISSOCK(there.st_mode) ? "a socket"
                                   : nullptr;
}

} // namespace

result<output_file> output_file::open(const fs::path& path, ::mode_t mode,
                                      std::string field) {
  output_file out{path.string(), std::move(field)};
  struct ::stat there;
  auto exists = ::stat(path.c_str(), &there) == 0;
  if (!exists && errno != ENOENT)
    return out.failed(errno);
  auto target = behind_links(path);
  auto stream = exists ? standard_stream_of(there) : -1;
  if (stream >= 0)
    out.file_ = ::fcntl(stream, F_DUPFD_CLOEXEC, 0);
  else if (auto why = exists ? why_not(there) : nullptr)
    return make_error(ec::invalid_argument,
                      "'" + out.name_ + "' is " + why + "; expected a file",
                      out.field_);
  else if (exists && (!S_ISREG(there.st_mode) || !leads_to(target, there)))
    out.file_ = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
  else if (out.open_beside(target, exists ? there.st_mode & mode : mode);
           exists && out.file_ >= 0
           && ::fchmod(out.file_, there.st_mode & mode) != 0) // no umask
    return out.failed(errno);
  if (out.file_ < 0)
    return out.failed(errno);
  return out;
}

void output_file::open_beside(const fs::path& target, ::mode_t mode) {
  auto part = target;
  part += ".part";
  // What was cut off left it behind. A name of somebody else's is not used.
  if (::unlink(part.c_str()) != 0 && errno != ENOENT)
    return;
  file_ = ::open(part.c_str(),
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (file_ < 0)
    return;
  target_ = target;
  part_ = std::move(part);
}

output_file::output_file(output_file&& other) noexcept
    : name_{std::move(other.name_)}, field_{std::move(other.field_)},
      target_{std::move(other.target_)}, part_{std::move(other.part_)},
      file_{std::exchange(other.file_, -1)} {
  // The other has nothing to remove any more.
}

output_file::~output_file() {
  if (file_ < 0)
    return;
  if (!target_.empty() && is_ours())
    ::unlink(part_.c_str());
  ::close(file_);
}

/// Whether the part is still the file that was opened: who writes the same
/// file at the same time has taken its name.
bool output_file::is_ours() const {
  struct ::stat opened;
  return ::fstat(file_, &opened) == 0 && leads_to(part_, opened);
}

caf::error output_file::failed(int why) const {
  return make_error(ec::store_io,
                    "cannot write '" + name_ + "': " + std::strerror(why),
                    field_);
}

caf::error output_file::write(std::string_view text) {
  return write_all(file_, as_byte_view(text)) ? caf::error{} : failed(errno);
}

caf::error output_file::finish() {
  if (target_.empty())
    return ::close(std::exchange(file_, -1)) == 0 ? caf::error{}
                                                  : failed(errno);
  if (::fsync(file_) != 0)
    return failed(errno);
  if (!is_ours())
    return make_error(ec::store_io,
                      "cannot write '" + name_
                          + "': another program writes it as well",
                      field_);
  if (::rename(part_.c_str(), target_.c_str()) != 0)
    return failed(errno);
  ::close(std::exchange(file_, -1));
  return {};
}

caf::error write_output(const fs::path& path, std::string_view text,
                        ::mode_t mode, std::string field) {
  auto to = output_file::open(path, mode, std::move(field));
  if (!to)
    return std::move(to.error());
  if (auto bad = to->write(text))
    return bad;
  return to->finish();
}

} // namespace acgs::shell
