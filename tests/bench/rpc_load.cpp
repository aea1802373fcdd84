// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Decisions over Cap'n Proto RPC on one connection, in a closed or an open
// loop.
//
// usage: rpc_load ADDRESS PATH [IN_FLIGHT [SECONDS [RATE]]]
//   ADDRESS   unix:FILE of the node's socket
//   RATE      requests a second; 0: closed loop, as fast as answered
// Prints one line of results; exit code 1 where a request got an error.

#include "runtime/client/link.hpp"
#include "tests/bench/load.hpp"

#include <kj/async-unix.h>

#include <cstdlib>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

using namespace acgs;
using namespace acgs::bench;

struct options {
  std::string address;
  std::string path;
  unsigned in_flight = 64;
  unsigned seconds = 5;
  double rate = 0;
};

class load final : kj::TaskSet::ErrorHandler {
public:
  load(options with, client::link& over, schema::Policy::Client asked)
      : with_{std::move(with)}, over_{over}, asked_{kj::mv(asked)},
        free_{with_.in_flight}, timer_{::timerfd_create(CLOCK_MONOTONIC,
                                                        TFD_NONBLOCK
                                                            | TFD_CLOEXEC)},
        due_{over_.io().unixEventPort, timer_,
             kj::UnixEventPort::FdObserver::OBSERVE_READ},
        plan_{with_.rate, std::chrono::seconds{with_.seconds}}, tasks_{*this} {}

  int run() {
    plan_ = schedule{with_.rate, std::chrono::seconds{with_.seconds}};
    send_due();
    ticks().wait(over_.io().waitScope);
    // What is under way when the time is over still counts.
    tasks_.onEmpty().wait(over_.io().waitScope);
    return results_.report(with_.seconds);
  }

private:
  void taskFailed(kj::Exception&& exception) override {
    if (shown_++ < 3)
      std::fprintf(stderr, "rpc_load: %s\n", exception.getDescription().cStr());
    results_.failed();
    ++free_;
  }

  void send_due() {
    for (; free_ > 0; --free_)
      if (auto due = plan_.take(clock::now()))
        send(*due);
      else
        break;
  }

  void send(time_point due) {
    auto request = asked_.decideRequest();
    auto question = request.initQuestion();
    question.setPath(client::terminated(with_.path));
    question.setInput(client::terminated(numbered_input(plan_.sent())));
    tasks_.add(request.send().then([this, due](auto response) {
      results_.answered(due, response.getResult().isValue());
      ++free_;
      send_due();
    }));
  }

  /// Wakes up whenever a request is due, in a closed loop at the end only.
  kj::Promise<void> ticks() {
    auto now = clock::now();
    if (plan_.over(now))
      return kj::READY_NOW;
    auto next = plan_.is_open() ? plan_.next_due() : plan_.end();
    auto wait = std::max<std::int64_t>((next - now).count(), tick.count());
    itimerspec when{};
    when.it_value.tv_sec = wait / 1'000'000'000;
    when.it_value.tv_nsec = wait % 1'000'000'000;
    ::timerfd_settime(timer_, 0, &when, nullptr);
    return due_.whenBecomesReadable().then([this] {
      std::uint64_t expired = 0;
      if (::read(timer_, &expired, sizeof expired) > 0)
        send_due();
      return ticks();
    });
  }

  options with_;
  client::link& over_;
  schema::Policy::Client asked_;
  unsigned free_;
  kj::AutoCloseFd timer_;
  kj::UnixEventPort::FdObserver due_; // destroyed before its descriptor
  schedule plan_;
  results results_;
  unsigned shown_ = 0;
  kj::TaskSet tasks_;
};

int fail(const caf::error& error) {
  std::fprintf(stderr, "rpc_load: %s\n", sentence_of(error).c_str());
  return 3;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: rpc_load ADDRESS PATH [IN_FLIGHT [SECONDS "
                         "[RATE]]]\n");
    return 2;
  }
  options with;
  with.address = argv[1];
  with.path = argv[2];
  if (argc > 3)
    with.in_flight = static_cast<unsigned>(std::atoi(argv[3]));
  if (argc > 4)
    with.seconds = static_cast<unsigned>(std::atoi(argv[4]));
  if (argc > 5)
    with.rate = std::atof(argv[5]);
  client::options to;
  to.address = with.address;
  auto link = client::link::open(to);
  if (!link)
    return fail(link.error());
  if (auto error = (*link)->authenticate({}))
    return fail(error);
  auto policy = (*link)->policy();
  if (!policy)
    return fail(policy.error());
  return load{std::move(with), **link, **policy}.run();
}
