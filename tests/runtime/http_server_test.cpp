// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/body_room.hpp"
#include "runtime/net/http/server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

BOOST_AUTO_TEST_SUITE(http_server_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::http_client;

namespace {

/// A server that echoes; "/later" waits until the test answers it.
struct fixture {
  fixture() { start({}); }

  ~fixture() {
    loop.run([this] {
      waiting.clear();
      server.reset();
    });
    loop.stop();
  }

  void start(http::server_options options) {
    options.listen = {{"127.0.0.1", 0}};
    loop.run([&, this] {
      server.reset();
      auto made = http::server::start(
          loop, clock, std::move(options),
          {.handle = [this](http::exchange one) { handle(std::move(one)); },
           .refuse =
               [](const http::refusal& why, const http::peer&) {
                 return http::response{.status = why.status,
                                       .body = why.sentence};
               }});
      BOOST_REQUIRE(made);
      server = std::move(*made);
      port = server->addresses().at(0).port;
    });
  }

  void handle(http::exchange one) {
    const auto& asked = one.asked();
    if (asked.path == "/later") {
      std::lock_guard guard{mutex};
      waiting.push_back(std::move(one));
      arrived.notify_all();
      return;
    }
    if (asked.path == "/drop")
      return;
    http::response out;
    out.body.append(http::to_string_view(asked.verb))
        .append(" ")
        .append(asked.path)
        .append(" ")
        .append(asked.body);
    out.close = asked.path == "/close";
    one.respond(std::move(out));
  }

  /// Waits until a request for "/later" has come.
  void wait_for_request() {
    std::unique_lock lock{mutex};
    arrived.wait(lock, [this] { return !waiting.empty(); });
  }

  void answer_one() {
    loop.run([this] {
      std::unique_lock lock{mutex};
      auto one = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      one.respond({.body = "late"});
    });
  }

  http::server_counts counts() {
    http::server_counts out;
    loop.run([&] { out = server->counts(); });
    return out;
  }

  /// Lets time pass for a server that has nothing left to do. A response is
  /// read by the client before the server has noted that it was sent.
  void pass(std::chrono::nanoseconds time) {
    loop.run([] {});
    loop.run([] {});
    clock.advance(time);
    loop.run([this] { server->sweep(); });
  }

  test::manual_clock clock;
  net::asio_loop loop{"test"};
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<http::exchange> waiting;
  std::unique_ptr<http::server> server;
  std::uint16_t port = 0;
};

constexpr auto get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server, fixture)

BOOST_AUTO_TEST_CASE(answers_requests_of_one_connection_in_turn) {
  http_client client{port};
  for (int i = 0; i < 3; ++i) {
    auto reply = client.ask("POST", "/a", "body");
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(reply.body == "POST /a body");
    BOOST_TEST(reply.fields["connection"] == "keep-alive");
  }
  BOOST_TEST(counts().accepted == 1u);
}

BOOST_AUTO_TEST_CASE(answers_pipelined_requests_in_order) {
  http_client client{port};
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n"
              "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
              "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy");
  wait_for_request();
  answer_one();
  BOOST_TEST(client.read().body == "late");
  BOOST_TEST(client.read().body == "GET /2 ");
  BOOST_TEST(client.read().body == "POST /3 xy");
}

BOOST_AUTO_TEST_CASE(leaves_the_body_out_for_head) {
  http_client client{port};
  auto reply = client.ask("HEAD", "/a");
  BOOST_TEST(reply.fields["content-length"] == "8");
  BOOST_TEST(client.ask("GET", "/b").body == "GET /b ");
}

BOOST_AUTO_TEST_CASE(closes_when_asked_to) {
  http_client client{port};
  auto reply = client.ask("GET", "/a", {}, "Connection: close\r\n");
  BOOST_TEST(reply.fields["connection"] == "close");
  BOOST_TEST(client.at_end());
  http_client other{port};
  BOOST_TEST(other.ask("GET", "/close").fields["connection"] == "close");
  BOOST_TEST(other.at_end());
}

BOOST_AUTO_TEST_CASE(answers_503_where_nobody_answers) {
  http_client client{port};
  BOOST_TEST(client.ask("GET", "/drop").status == 503);
  BOOST_TEST(client.ask("GET", "/b").status == 200);
}

BOOST_AUTO_TEST_CASE(says_continue_to_those_who_wait_for_it) {
  http_client client{port};
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\n");
  BOOST_TEST(client.read(true).status == 100);
  client.send("xy");
  BOOST_TEST(client.read().body == "POST /a xy");
}

BOOST_AUTO_TEST_CASE(refuses_smuggling_and_ends_the_connection) {
  for (auto* text :
       {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
        "Content-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "FFFFFFFFFFFFFFFFFF\r\nabc",
        "\x16\x03\x01\x02", "{"}) {
    http_client client{port};
    client.send(text);
    BOOST_TEST_CONTEXT(text) {
      auto reply = client.read();
      BOOST_TEST(reply.status == 400);
      BOOST_TEST(reply.fields["connection"] == "close");
      BOOST_TEST(client.at_end());
    }
  }
  BOOST_TEST(http_client{port}.ask("GET", "/").status == 200);
}

BOOST_AUTO_TEST_CASE(lets_the_client_read_why_its_body_was_refused) {
  start({.bounds = {.body_bytes = 1000}});
  http_client client{port};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  client.send(std::string(1001, 'x'));
  client.end_sending();
  auto reply = client.read();
  BOOST_TEST(reply.status == 413);
  BOOST_TEST(reply.body
             == "the body has 1001 bytes; at most 1000 are taken "
                "(http.body_bytes_max)");
  BOOST_TEST(client.at_end());
}

BOOST_AUTO_TEST_CASE(bounds_what_all_bodies_together_take) {
  constexpr auto body = acgs::http::body_room::free_bytes + 1000;
  start({.bodies_bytes_max = 1500});
  auto head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: "
              + std::to_string(body) + "\r\n\r\n";
  http_client first{port};
  first.send(head);
  BOOST_TEST(first.read(true).status == 100);
  first.send(std::string(body - 1, 'x'));
  while (counts().body_bytes < 999)
    http_client{port}.ask("GET", "/"); // until all of it has been read
  http_client second{port};
  second.send(head + std::string(body, 'x'));
  BOOST_TEST(second.read(true).status == 100);
  BOOST_TEST(second.read().status == 503);
  BOOST_TEST(second.at_end());
  BOOST_TEST(counts().without_room == 1u);
  BOOST_TEST(http_client{port}.ask("POST", "/", "small").status == 200);
  first.send("x");
  BOOST_TEST(first.read().status == 200);
  BOOST_TEST(http_client{port}.ask("POST", "/", std::string(body, 'x')).status
             == 200);
  while (counts().body_bytes > 0)
    http_client{port}.ask("GET", "/"); // until it was forgotten
}

BOOST_AUTO_TEST_CASE(refuses_a_truncated_request) {
  for (auto [text, part] :
       {std::pair{
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
            "body"},
        std::pair{"POST / HTTP/1.1\r\nHo", "head"}}) {
    http_client client{port};
    client.send(text);
    client.end_sending();
    auto reply = client.read();
    BOOST_TEST(reply.status == 400);
    BOOST_TEST(reply.body
               == "the request's " + std::string{part}
                      + " ended before it was whole");
    BOOST_TEST(client.at_end());
  }
  BOOST_TEST(http_client{port}.ask("GET", "/").status == 200);
}

BOOST_AUTO_TEST_CASE(ends_idle_connections_after_their_time) {
  http_client client{port};
  client.ask("GET", "/");
  pass(59s);
  BOOST_TEST(client.ask("GET", "/").status == 200);
  pass(60s);
  BOOST_TEST(!client.try_read());
}

BOOST_AUTO_TEST_CASE(ends_a_request_that_trickles_in) {
  http_client head{port};
  head.ask("GET", "/");
  head.send("GET / HTTP/1.1\r\nHo");
  http_client body{port};
  body.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
            "Content-Length: 10\r\n\r\n");
  BOOST_TEST(body.read(true).status == 100);
  http_client(port).ask("GET", "/"); // by now the first half has been read
  body.send("x");
  pass(11s);
  BOOST_TEST(head.read().status == 408);
  BOOST_TEST(head.at_end());
  pass(20s);
  auto reply = body.read();
  BOOST_TEST(reply.status == 408);
  BOOST_TEST(reply.body == "the request's body did not come in time");
  BOOST_TEST(counts().timed_out == 2u);
}

BOOST_AUTO_TEST_CASE(counts_the_time_of_a_request_from_its_first_byte) {
  http_client slow{port};
  slow.send("POST / HTTP/1.1\r\nHo");
  http_client(port).ask("GET", "/"); // by now the first half has been read
  pass(9s);
  slow.send("st: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
  BOOST_TEST(slow.read(true).status == 100);
  pass(20s);
  BOOST_TEST(counts().timed_out == 0u);
  pass(2s);
  BOOST_TEST(slow.read().status == 408);
}

BOOST_AUTO_TEST_CASE(waits_for_a_handler_without_limit_of_its_own) {
  http_client client{port};
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_for_request();
  pass(1h);
  answer_one();
  BOOST_TEST(client.read().body == "late");
}

BOOST_AUTO_TEST_CASE(turns_away_beyond_the_bound) {
  start({.connections_max = 2});
  http_client one{port};
  http_client two{port};
  one.ask("GET", "/");
  two.ask("GET", "/");
  {
    http_client three{port};
    auto reply = three.read();
    BOOST_TEST(reply.status == 503);
    BOOST_TEST(reply.fields["retry-after"] == "1");
  }
  BOOST_TEST(counts().turned_away == 1u);
  BOOST_TEST(one.ask("GET", "/").status == 200);
}

BOOST_AUTO_TEST_CASE(gives_the_place_of_who_is_awaited_longest_away) {
  start({.connections_max = 3});
  http_client slow{port};
  slow.send("GET / HTTP/1.1\r\n");
  http_client busy{port};
  busy.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_for_request();
  http_client idle{port};
  idle.ask("GET", "/");
  pass(1s);
  http_client fourth{port};
  BOOST_TEST(fourth.ask("GET", "/").status == 200);
  BOOST_TEST(slow.at_end());
  http_client fifth{port};
  BOOST_TEST(fifth.ask("GET", "/").status == 200);
  BOOST_TEST(idle.at_end());
  // The others have not been awaited for long, or wait themselves.
  BOOST_TEST(http_client{port}.read().status == 503);
  BOOST_TEST(counts().turned_away == 3u);
  answer_one();
  BOOST_TEST(busy.read().body == "late");
}

BOOST_AUTO_TEST_CASE(drains_what_is_under_way) {
  http_client idle{port};
  idle.ask("GET", "/");
  http_client late{port};
  late.ask("GET", "/");
  http_client busy{port};
  busy.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  busy.send(get);
  wait_for_request();
  std::promise<void> drained;
  loop.run([&] { server->drain([&] { drained.set_value(); }); });
  BOOST_TEST(!test::listens_anywhere());
  auto last = late.ask("GET", "/");
  BOOST_TEST(last.status == 200);
  BOOST_TEST(last.fields["connection"] == "close");
  BOOST_TEST(late.at_end());
  late.end_sending();
  pass(250ms);
  BOOST_TEST(!idle.try_read());
  answer_one();
  auto reply = busy.read();
  BOOST_TEST(reply.body == "late");
  BOOST_TEST(reply.fields["connection"] == "close");
  BOOST_TEST(busy.at_end());
  busy.end_sending();
  drained.get_future().get();
}

BOOST_AUTO_TEST_CASE(survives_its_end_with_requests_under_way) {
  http_client client{port};
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_for_request();
  loop.run([this] { server.reset(); });
  BOOST_TEST(!client.try_read());
  answer_one(); // goes nowhere
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(listening)

struct bare {
  result<std::unique_ptr<http::server>> start(http::server_options options) {
    result<std::unique_ptr<http::server>> out{ec::none};
    loop.run([&] {
      out = http::server::start(loop, clock, std::move(options),
                                {[](http::exchange) {},
                                 [](const http::refusal&, const http::peer&) {
                                   return http::response{};
                                 }});
    });
    return out;
  }
  test::manual_clock clock;
  net::asio_loop loop{"test"};
};

BOOST_FIXTURE_TEST_CASE(takes_the_next_port_when_one_is_busy, bare) {
  auto first = start({.listen = {{"127.0.0.1", 0}}});
  BOOST_REQUIRE(first);
  auto taken = (*first)->addresses().at(0).port;
  auto second = start({.listen = {{"127.0.0.1", taken}}});
  BOOST_REQUIRE(second);
  BOOST_TEST((*second)->addresses().at(0).port > taken);
  auto strict = start({.listen = {{"127.0.0.1", taken}}, .ports_to_try = 1});
  BOOST_REQUIRE(!strict);
  BOOST_TEST((code_of(strict.error()) == ec::unavailable));
  BOOST_TEST(sentence_of(strict.error()).find(std::to_string(taken))
             != std::string::npos);
  loop.run([&] {
    first->reset();
    second->reset();
  });
}

BOOST_FIXTURE_TEST_CASE(listens_on_several_addresses, bare) {
  auto made = start({.listen = {{"127.0.0.1", 0}, {"127.0.0.2", 0}}});
  BOOST_REQUIRE(made);
  BOOST_TEST((*made)->addresses().size() == 2u);
  http_client second{(*made)->addresses().at(1).port, "127.0.0.2"};
  BOOST_TEST(second.ask("GET", "/").status == 503); // nobody answers
  loop.run([&] { made->reset(); });
}

BOOST_FIXTURE_TEST_CASE(refuses_other_addresses_without_tls, bare) {
  for (auto* host : {"0.0.0.0", "192.0.2.1", "::", "nonsense"}) {
    auto made = start({.listen = {{host, 0}}});
    BOOST_REQUIRE(!made);
    BOOST_TEST((code_of(made.error()) == ec::invalid_argument));
    BOOST_TEST(sentence_of(made.error()).find(host) != std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(names_a_tls_file_that_cannot_be_used, bare) {
  auto made = start({.listen = {{"127.0.0.1", 0}},
                     .tls = {.certificate = "/nonexistent/cert.pem",
                             .key = "/nonexistent/key.pem"}});
  BOOST_REQUIRE(!made);
  BOOST_TEST(sentence_of(made.error()).find("/nonexistent/cert.pem")
             != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
