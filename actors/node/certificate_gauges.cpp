// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/certificate_gauges.hpp"

#include "actors/node/log.hpp"
#include "runtime/crypto/certificate.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace acgs::node {

namespace {

namespace fs = std::filesystem;

/// A chain of certificates is a few thousand bytes long.
constexpr std::size_t certificate_bytes_max = 1 << 20;

/// What tells whether a file is the one that was read.
struct file_mark {
  fs::file_time_type written{};
  std::uintmax_t bytes = 0;

  bool operator==(const file_mark&) const = default;
};

std::optional<file_mark> mark_of(const fs::path& path) {
  std::error_code failed;
  file_mark out{fs::last_write_time(path, failed), 0};
  if (!failed)
    out.bytes = fs::file_size(path, failed);
  return failed ? std::nullopt : std::optional{out};
}

result<wall_time> expiry_in(const fs::path& path) {
  std::string text(certificate_bytes_max, '\0');
  std::ifstream in{path, std::ios::binary};
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto facts = crypto::read_certificate(text);
  if (!facts)
    return std::move(facts.error());
  return facts->not_after;
}

/// One file and what it said when it was last read.
class watched_file {
public:
  watched_file(acgs::metrics::registry& in, const std::string& name,
               fs::path path)
      : path_{std::move(path)}, left_{in.make_gauge(
                                    "acgs_certificate_expiry_seconds",
                                    "Time until a certificate runs out",
                                    {{"certificate", name}})} {}

  void show(wall_time now) {
    auto mark = mark_of(path_);
    if (!read_ || mark != mark_)
      read(mark);
    auto left =
        expiry_ ? std::chrono::duration<double>{*expiry_ - now}.count() : 0.0;
    left_.set(left);
  }

private:
  void read(const std::optional<file_mark>& mark) {
    auto found = expiry_in(path_);
    expiry_ = found ? std::optional{*found} : std::nullopt;
    mark_ = mark;
    read_ = true;
    if (!found)
      logger.warning("a certificate cannot be read",
                     {{"event", "certificate_unreadable"},
                      {"path", path_.string()},
                      {"reason", sentence_of(found.error())}});
  }

  fs::path path_;
  acgs::metrics::gauge left_;
  bool read_ = false;
  std::optional<file_mark> mark_;
  std::optional<wall_time> expiry_;
};

/// Several may scrape at a time.
struct all_watched_files {
  std::mutex mutex;
  std::vector<watched_file> files;
};

} // namespace

certificate_files certificate_files_of(const config::settings& from) {
  auto folder = from.keys.dir / "tls";
  certificate_files out{{"node", folder / "node.pem"},
                        {"authority", folder / "ca.pem"},
                        {"admin", folder / "admin.pem"}};
  if (!from.http.tls_certificate.empty())
    out.emplace("http", from.http.tls_certificate);
  return out;
}

void show_certificates(acgs::metrics::registry& in, const time_source& time,
                       const certificate_files& files) {
  auto all = std::make_shared<all_watched_files>();
  for (const auto& [name, path] : files)
    all->files.emplace_back(in, name, path);
  in.before_collection([all, &time] {
    std::lock_guard guard{all->mutex};
    for (auto& file : all->files)
      file.show(time.now());
  });
}

} // namespace acgs::node
