// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/asio_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <pthread.h>

namespace acgs::net {

namespace asio = boost::asio;

struct ticker::impl {
  impl(asio::io_context& context, std::chrono::nanoseconds p,
       std::function<void()> t)
      : timer{context}, period{p}, task{std::move(t)} {
    // Begun by `wait`, which needs the shared pointer.
  }

  asio::steady_timer timer;
  std::chrono::nanoseconds period;
  std::function<void()> task;
  bool ended = false;
};

namespace {

// The handler keeps the state alive, so that a task may end its own ticker.
void wait(const std::shared_ptr<ticker::impl>& state) {
  state->timer.expires_after(state->period);
  state->timer.async_wait([state](const boost::system::error_code& error) {
    if (error || state->ended)
      return;
    state->task();
    if (!state->ended)
      wait(state);
  });
}

} // namespace

ticker::ticker() = default;

ticker::ticker(std::shared_ptr<impl> state) : impl_{std::move(state)} {
  wait(impl_);
}

ticker::ticker(ticker&& other) noexcept = default;

ticker& ticker::operator=(ticker&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

ticker::~ticker() {
  if (!impl_)
    return;
  impl_->ended = true;
  impl_->timer.cancel();
}

struct asio_loop::impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{
      context.get_executor()};
  std::thread thread;
  std::thread::id id;
  std::mutex stopping;
};

asio_loop::asio_loop(std::string thread_name)
    : impl_{std::make_unique<impl>()} {
  thread_name.resize(std::min<std::size_t>(thread_name.size(), 15));
  impl_->thread = std::thread{[this] { impl_->context.run(); }};
  impl_->id = impl_->thread.get_id();
  pthread_setname_np(impl_->thread.native_handle(), thread_name.c_str());
}

asio_loop::~asio_loop() {
  stop();
}

void asio_loop::post(std::function<void()> task) {
  asio::post(impl_->context, std::move(task));
}

namespace {

/// Says "done" when it is destroyed, whether its task ran or was dropped.
struct completion {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  bool ran = false;

  void finish(bool did_run) {
    std::lock_guard guard{mutex};
    over = true;
    ran = ran || did_run;
    changed.notify_all();
  }
};

} // namespace

bool asio_loop::run(std::function<void()> task) {
  auto done = std::make_shared<completion>();
  std::unique_lock stopping{impl_->stopping};
  if (impl_->context.stopped())
    return false;
  post([task = std::move(task), done] {
    task();
    done->finish(true);
  });
  // `stop` waits for the mutex, so that the task is run before the end.
  std::unique_lock lock{done->mutex};
  done->changed.wait(lock, [&] { return done->over; });
  return done->ran;
}

ticker asio_loop::every(std::chrono::nanoseconds period,
                        std::function<void()> task) {
  return ticker{
      std::make_shared<ticker::impl>(impl_->context, period, std::move(task))};
}

void asio_loop::stop() {
  std::lock_guard guard{impl_->stopping};
  impl_->work.reset();
  impl_->context.stop();
  if (impl_->thread.joinable())
    impl_->thread.join();
}

bool asio_loop::on_thread() const {
  return std::this_thread::get_id() == impl_->id;
}

boost::asio::io_context& asio_loop::context() {
  return impl_->context;
}

} // namespace acgs::net
