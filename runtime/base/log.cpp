// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The log over spdlog: its logger and level filter, our own sink. The line is
// formatted by us before spdlog sees it, so its pattern is the bare text.

#include "runtime/base/log.hpp"

#include "runtime/base/rotating_file.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

namespace acgs::log {

namespace {

std::atomic<std::uint64_t> lost{0};

class file_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit file_sink(const options& from)
      : file_{from.file, from.file_bytes_max, from.file_backups} {}

  caf::error reopen() {
    std::lock_guard guard{mutex_};
    return file_.reopen();
  }

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!file_.append({message.payload.data(), message.payload.size()}))
      lost.fetch_add(1, std::memory_order_relaxed);
  }
  void flush_() override {}

  rotating_file file_;
};

class stream_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit stream_sink(std::FILE* stream) : stream_{stream} {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    auto size = message.payload.size();
    if (std::fwrite(message.payload.data(), 1, size, stream_) != size
        || std::fflush(stream_) != 0)
      lost.fetch_add(1, std::memory_order_relaxed);
  }
  void flush_() override {}

  std::FILE* stream_;
};

spdlog::level::level_enum to_spdlog(level value) {
  switch (value) {
  case level::debug:
    return spdlog::level::debug;
  case level::info:
    return spdlog::level::info;
  case level::warning:
    return spdlog::level::warn;
  case level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// The process's log. The level stands apart from spdlog's loggers, so that a
/// line below it costs one atomic load.
class process_log {
public:
  process_log()
      : logger_{std::make_shared<spdlog::logger>(
          "acgs", std::make_shared<stream_sink>(stderr))} {
    logger_.load()->set_level(spdlog::level::trace);
  }

  caf::error start(const options& from) {
    auto least = from.least;
    std::shared_ptr<file_sink> file;
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (from.file.empty()) {
      sink = std::make_shared<stream_sink>(stdout);
    } else {
      file = std::make_shared<file_sink>(from);
      if (auto error = file->reopen())
        return error;
      sink = file;
    }
    auto fresh = std::make_shared<spdlog::logger>("acgs", std::move(sink));
    fresh->set_level(spdlog::level::trace);
    logger_.store(std::move(fresh));
    std::lock_guard guard{mutex_};
    file_ = std::move(file);
    least_ = least;
    return {};
  }

  caf::error reopen() {
    std::lock_guard guard{mutex_};
    return file_ ? file_->reopen() : caf::error{};
  }

  void write(level level_, const std::string& line) {
    logger_.load()->log(to_spdlog(level_), spdlog::string_view_t{line});
  }

  std::atomic<level> least_{level::warning};

private:
  std::atomic<std::shared_ptr<spdlog::logger>> logger_;
  std::mutex mutex_; // guards file_
  std::shared_ptr<file_sink> file_;
};

process_log& the_log() {
  // Never destroyed: threads may still log while the process ends.
  static auto* instance = new process_log;
  return *instance;
}

} // namespace

caf::error start(const options& options) {
  return the_log().start(options);
}

caf::error reopen() {
  return the_log().reopen();
}

void set_level(level least) {
  the_log().least_ = least;
}

level current_level() {
  return the_log().least_;
}

std::uint64_t lines_lost() {
  return lost.load(std::memory_order_relaxed);
}

void logger::write(level level_, std::string_view message, fields extra) const {
  auto& log = the_log();
  if (level_ < log.least_.load(std::memory_order_relaxed))
    return;
  log.write(level_,
            format_line(system_clock().now(), level_, name_, message, extra));
}

} // namespace acgs::log
