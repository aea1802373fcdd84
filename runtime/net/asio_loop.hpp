// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Asio io_context on a thread of its own: the HTTP gateway's loop. Owned
// by NODE, which makes it before what runs on it and destroys it afterwards.
// Everything handed to `post`, `every` and the context runs on that one
// thread, one after the other, so that what lives on the loop needs no lock.
// Asio's own headers stay out of here: they cost seconds a file.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace acgs::net {

/// Ends a repeated call when it is destroyed, on the loop's thread or after
/// the loop has stopped. An empty one does nothing.
class ticker {
public:
  struct impl;

  ticker();
  explicit ticker(std::shared_ptr<impl> state);
  ticker(ticker&& other) noexcept;
  ticker& operator=(ticker&& other) noexcept;
  ~ticker();

private:
  std::shared_ptr<impl> impl_;
};

class asio_loop {
public:
  /// Starts the thread. Its name is cut to the 15 bytes that Linux shows.
  explicit asio_loop(std::string thread_name);

  /// As `stop`.
  ~asio_loop();

  asio_loop(const asio_loop&) = delete;
  asio_loop& operator=(const asio_loop&) = delete;

  /// Runs the task on the loop, soon; never inside this call. Any thread. A
  /// task posted after `stop` is destroyed unrun when the loop is.
  void post(std::function<void()> task);

  /// Runs the task on the loop and returns when it has run, from any thread
  /// but the loop's own; false where the loop had stopped before.
  bool run(std::function<void()> task);

  /// Calls `task` on the loop once a period until the ticker is destroyed.
  /// On the loop's thread only.
  ticker every(std::chrono::nanoseconds period, std::function<void()> task);

  /// Ends the thread after the handler that is running now. Any thread but
  /// the loop's own; a second call does nothing.
  void stop();

  /// Whether the caller is on the loop's thread.
  bool on_thread() const;

  /// For what speaks Asio itself (`runtime/net/*.cpp`).
  boost::asio::io_context& context();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace acgs::net
