// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Decisions over HTTP from one thread, in a closed or an open loop.
//
// usage: http_load PORT PATH [CONNECTIONS [SECONDS [RATE [TOKEN]]]]
//   PATH   of decisions; "GET /path" asks for something else
//   RATE   requests a second in all; 0: closed loop, as fast as answered
// Prints one line of results; exit code 1 where a request was not answered
// with 200.

#include "tests/bench/load.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

using namespace acgs::bench;

struct options {
  std::uint16_t port = 0;
  std::string path;
  unsigned connections = 64;
  unsigned seconds = 5;
  double rate = 0;
  std::string token;
};

void need(bool condition, const char* what) {
  if (!condition)
    throw std::runtime_error{what};
}

struct connection {
  int fd = -1;
  time_point due{};
  std::string received;
};

int connect_to(std::uint16_t port) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  need(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0,
       "cannot connect");
  int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/// Bytes of the complete response at the front; 0 where there is none yet.
std::size_t response_length(std::string_view text) {
  auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos)
    return 0;
  constexpr std::string_view name = "ontent-Length: ";
  auto at = text.substr(0, head).find(name);
  need(at != std::string_view::npos, "a response without Content-Length");
  auto length = std::strtoull(text.data() + at + name.size(), nullptr, 10);
  auto all = head + 4 + length;
  return text.size() >= all ? all : 0;
}

class load {
public:
  explicit load(options with)
      : with_{std::move(with)}, poll_{::epoll_create1(EPOLL_CLOEXEC)},
        timer_{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)},
        plan_{with_.rate, std::chrono::seconds{with_.seconds}} {
    bool gets = with_.path.starts_with("GET ");
    head_ = (gets ? "" : "POST ") + with_.path
            + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(with_.port)
            + "\r\nContent-Type: application/json\r\n";
    if (!with_.token.empty())
      head_ += "Authorization: Bearer " + with_.token + "\r\n";
    open_.resize(with_.connections);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      open_[i].fd = connect_to(with_.port);
      watch(open_[i].fd, i);
      idle_.push_back(i);
    }
    watch(timer_, open_.size());
  }

  int run() {
    plan_ = schedule{with_.rate, std::chrono::seconds{with_.seconds}};
    send_due();
    // What is under way when the time is over still counts.
    auto last = plan_.end() + std::chrono::seconds{5};
    while (clock::now() < last
           && (!plan_.over(clock::now()) || idle_.size() < open_.size()))
      step();
    for (auto i = idle_.size(); i < open_.size(); ++i)
      results_.failed();
    return results_.report(with_.seconds);
  }

private:
  void watch(int fd, std::size_t index) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    need(::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
  }

  void step() {
    epoll_event events[64];
    int count = ::epoll_wait(poll_, events, 64, 100);
    for (int i = 0; i < count; ++i)
      if (auto index = events[i].data.u64; index < open_.size())
        receive(index);
      else
        drain_timer();
    send_due();
  }

  void drain_timer() {
    std::uint64_t ignored = 0;
    if (::read(timer_, &ignored, sizeof ignored) < 0)
      return; // set again meanwhile
  }

  void send_due() {
    while (!idle_.empty()) {
      auto due = plan_.take(clock::now());
      if (!due)
        break;
      send(idle_.back(), *due);
      idle_.pop_back();
    }
    if (plan_.is_open())
      set_timer();
  }

  void set_timer() {
    auto now = clock::now();
    if (now < wake_at_)
      return; // it is set
    wake_at_ = std::max(plan_.next_due(), now + tick);
    auto wait = (wake_at_ - now).count();
    itimerspec when{};
    when.it_value.tv_sec = wait / 1'000'000'000;
    when.it_value.tv_nsec = wait % 1'000'000'000;
    ::timerfd_settime(timer_, 0, &when, nullptr);
  }

  void send(std::size_t index, time_point due) {
    auto& to = open_[index];
    std::string body;
    if (!head_.starts_with("GET "))
      body = R"({"input":)" + numbered_input(plan_.sent()) + "}";
    auto text = head_ + "Content-Length: " + std::to_string(body.size())
                + "\r\n\r\n" + body;
    to.due = due;
    need(::send(to.fd, text.data(), text.size(), MSG_NOSIGNAL)
             == static_cast<ssize_t>(text.size()),
         "a request could not be sent whole");
  }

  void receive(std::size_t index) {
    auto& from = open_[index];
    char part[8192];
    auto size = ::read(from.fd, part, sizeof part);
    need(size > 0, "the node closed a connection");
    from.received.append(part, static_cast<std::size_t>(size));
    if (response_length(from.received) == 0)
      return;
    results_.answered(from.due, from.received.compare(9, 3, "200") == 0);
    from.received.clear();
    idle_.push_back(index);
  }

  options with_;
  int poll_;
  int timer_;
  time_point wake_at_{};
  schedule plan_;
  results results_;
  std::string head_;
  std::vector<connection> open_;
  std::vector<std::size_t> idle_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: http_load PORT PATH [CONNECTIONS [SECONDS "
                         "[RATE [TOKEN]]]]\n");
    return 2;
  }
  options with;
  with.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  with.path = argv[2];
  if (argc > 3)
    with.connections = static_cast<unsigned>(std::atoi(argv[3]));
  if (argc > 4)
    with.seconds = static_cast<unsigned>(std::atoi(argv[4]));
  if (argc > 5)
    with.rate = std::atof(argv[5]);
  if (argc > 6)
    with.token = argv[6];
  try {
    return load{std::move(with)}.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "http_load: %s\n", error.what());
    return 3;
  }
}
