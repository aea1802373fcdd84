// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/kj_loop.hpp"

#include "runtime/base/log.hpp"

#include <kj/debug.h>

#include <pthread.h>

#include <future>
#include <optional>

namespace acgs::net {

/// What both threads know of the loop. `here` and `stop` belong to the loop.
struct kj_loop::shared {
  kj::Own<const kj::Executor> executor;
  context* here = nullptr;
  kj::Own<kj::PromiseFulfiller<void>> stop;
};

namespace {

/// Sends what kj itself reports to our log: mostly peers that broke off.
class to_our_log final : public kj::ExceptionCallback {
public:
  void logMessage(kj::LogSeverity severity, const char* file, int line, int,
                  kj::String&& text) override {
    static const log::logger logger{"kj"};
    auto level = severity == kj::LogSeverity::FATAL ? log::level::error
                                                    : log::level::debug;
    logger.write(level, text.cStr(),
                 {{"event", "kj"}, {"file", file}, {"line", line}});
  }
};

caf::error translate(const kj::Exception& exception) {
  auto code = exception.getType() == kj::Exception::Type::DISCONNECTED
                  ? ec::unavailable
                  : ec::internal;
  return make_error(code, exception.getDescription().cStr());
}

} // namespace

kj_loop::kj_loop(caf::actor_system& system, std::string name,
                 kj_bridge_options options)
    : shared_{std::make_shared<shared>()} {
  std::promise<void> started;
  auto running = started.get_future();
  thread_ = std::thread{[&system, options, name = std::move(name),
                         shared = shared_, &started] {
    ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
    to_our_log reporting;
    auto failure = kj::runCatchingExceptions([&] {
      auto io = kj::setupAsyncIo();
      kj_bridge bridge{system, io.unixEventPort, io.provider->getTimer(),
                       options};
      context here{io, bridge};
      auto stop = kj::newPromiseAndFulfiller<void>();
      shared->here = &here;
      shared->stop = kj::mv(stop.fulfiller);
      shared->executor = kj::getCurrentThreadExecutor().addRef();
      started.set_value(); // from here on, nothing of the constructor is used
      stop.promise.wait(io.waitScope);
      shared->here = nullptr;
      shared->stop = nullptr;
    });
    KJ_IF_MAYBE (exception, failure) {
      if (shared->executor.get() == nullptr)
        started.set_exception(
            std::make_exception_ptr(kj::Exception(*exception)));
      else
        KJ_LOG(FATAL, "a kj loop ended", *exception);
    }
  }};
  try {
    running.get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

kj_loop::~kj_loop() {
  stop();
}

caf::error kj_loop::execute(kj::Function<void(context&)> task) {
  try {
    return shared_->executor->executeSync([&]() -> caf::error {
      if (!shared_->here)
        return make_error(ec::unavailable, "the loop has stopped");
      caf::error out;
      KJ_IF_MAYBE (exception,
                   kj::runCatchingExceptions([&] { task(*shared_->here); }))
        out = translate(*exception);
      return out;
    });
  } catch (const kj::Exception& exception) {
    return make_error(ec::unavailable, std::string{"the loop has stopped: "}
                                           + exception.getDescription().cStr());
  }
}

void kj_loop::stop() {
  std::lock_guard guard{stopping_};
  if (!thread_.joinable())
    return;
  // Fails only where the loop has ended already.
  [[maybe_unused]] auto ended =
      execute([this](context&) { shared_->stop->fulfill(); });
  thread_.join();
}

} // namespace acgs::net
