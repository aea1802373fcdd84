// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Clients that do their worst over a raw socket: each gets a clear refusal or
// loses its connection, and the node goes on.

#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <random>
#include <thread>

BOOST_AUTO_TEST_SUITE(http_gateway_hostile_test)

using namespace acgs;
using namespace std::chrono_literals;
using namespace std::string_literals;
using acgs::test::http_client;
using domain::role;

namespace {

constexpr auto get_me = "GET /auth/me HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A gateway that lets three calls through at once and then hardly any.
struct rated : test::http_gateway_fixture {
  static constexpr int burst = 3;

  rated() {
    settings.limits.fallback = {0.001, burst};
    start();
  }

  /// How many of that many calls with the field are let through.
  int let_through(int calls, const std::string& field = {}) {
    int out = 0;
    for (int i = 0; i < calls; ++i)
      out += ask("GET", "/auth/me", "", field).status == 200;
    return out;
  }
};

struct hostile : test::http_gateway_fixture {
  /// The status of the first answer to the bytes, or 0 where the connection
  /// ends without one.
  int outcome(std::string_view bytes, bool ends = true) {
    http_client client{port};
    try {
      client.send(bytes);
    } catch (const std::runtime_error&) {
      // It was closed while we were still sending.
    }
    if (ends)
      client.end_sending();
    auto reply = client.try_read();
    return reply ? reply->status : 0;
  }

  void goes_on() { BOOST_REQUIRE(ask("GET", "/health").status == 200); }
};

/// A refusal in words, or none but the end of the connection.
bool is_refusal(int status) {
  return status == 0 || status / 100 == 4 || status == 501 || status == 505;
}

std::string post(std::string_view fields, std::string_view body,
                 std::string_view target = "/v1/data/app/allow") {
  return "POST " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n"
         + std::string{fields} + "\r\n" + std::string{body};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_rate_of_a_caller, rated)

BOOST_AUTO_TEST_CASE(counts_over_all_connections_of_an_address) {
  BOOST_TEST(let_through(10) == burst); // a connection, and so a port, each
}

BOOST_AUTO_TEST_CASE(is_not_widened_by_what_a_client_says_of_itself) {
  int out = 0;
  for (int i = 0; i < 20; ++i) {
    auto other = "10.0.0." + std::to_string(i);
    for (auto& field :
         {"X-Forwarded-For: " + other, "Forwarded: for=" + other,
          "X-Real-IP: " + other, "X-Request-ID: r" + std::to_string(i),
          "User-Agent: u" + std::to_string(i)})
      out += let_through(1, field + "\r\n");
  }
  BOOST_TEST(out == burst);
}

BOOST_AUTO_TEST_CASE(holds_on_one_connection_and_for_pipelined_requests) {
  http_client client{port};
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += get_me;
  client.send(all);
  int out = 0;
  for (int i = 0; i < 10; ++i) {
    auto status = client.read().status;
    BOOST_TEST((status == 200 || status == 429));
    out += status == 200;
  }
  BOOST_TEST(out == burst);
}

BOOST_AUTO_TEST_CASE(is_that_of_the_subject_however_the_token_is_sent) {
  auto one = token(role::agent, "alice");
  auto other = token(role::agent, "alice");
  int out = 0;
  for (auto& field :
       {"Authorization: Bearer " + one, "authorization: bearer " + one,
        "AUTHORIZATION: BEARER " + one, "Authorization: bEaReR " + other,
        "Authorization: Bearer " + other, "Authorization: Bearer " + one})
    out += let_through(2, field + "\r\n");
  BOOST_TEST(out == burst);
  // Another's is untouched, and so is that of strangers at the same address.
  BOOST_TEST(let_through(10, bearer(role::agent, "bob")) == burst);
  BOOST_TEST(let_through(10) == burst);
}

BOOST_AUTO_TEST_CASE(is_ones_own_when_all_call_at_once) {
  std::vector<std::string> fields;
  for (auto* subject : {"alice", "bob", "carol"})
    fields.push_back(bearer(role::agent, subject));
  std::vector<std::atomic<int>> out(fields.size());
  {
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < 2 * fields.size(); ++i)
      callers.emplace_back([&, who = i % fields.size()] {
        for (int call = 0; call < 10; ++call)
          out[who] +=
              http_client{port}.ask("GET", "/auth/me", "", fields[who]).status
              == 200;
      });
    for (auto& one : callers)
      one.join();
  }
  for (auto& one : out)
    BOOST_TEST(one == burst);
}

BOOST_AUTO_TEST_CASE(holds_for_whoever_guesses_tokens) {
  int refused = 0, told_to_wait = 0;
  for (int i = 0; i < 10; ++i) {
    auto status =
        ask("GET", "/auth/me", "",
            "Authorization: Bearer guess" + std::to_string(i) + "\r\n")
            .status;
    refused += status == 401;
    told_to_wait += status == 429;
  }
  BOOST_TEST(refused == burst);
  BOOST_TEST(told_to_wait == 10 - burst);
}

BOOST_AUTO_TEST_CASE(holds_for_paths_that_lead_nowhere) {
  int out = 0;
  for (int i = 0; i < 10; ++i)
    out += ask("GET", "/nowhere/" + std::to_string(i)).status == 404;
  BOOST_TEST(out == burst);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(bytes_from_strangers, hostile)

BOOST_AUTO_TEST_CASE(that_two_programs_could_read_differently_are_refused) {
  for (auto& bytes : {
           post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "{}"),
           post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "),
           post("Content-Length: 2, 2\r\n", "{}"),
           post("Content-Length: +2\r\n", "{}"),
           post("Content-Length: 0x2\r\n", "{}"),
           post("Content-Length: 2 \x0b\r\n", "{}"),
           post("Content-Length : 2\r\n", "{}"),
           post("Content-Length: 18446744073709551618\r\n", "{}"),
           post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
           post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
           post("Transfer-Encoding:\x01"
                "chunked\r\n",
                "0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n"),
           post("Content-Length: 2\r\n folded: 1\r\n", "{}"),
           post("Host: elsewhere\r\nContent-Length: 2\r\n", "{}"),
           "POST /v1/data/app/allow HTTP/1.1\nHost: localhost\n\n"s,
           "GET /health HTTP/1.1\r\n\r\n"s,
       })
    BOOST_TEST(is_refusal(outcome(bytes)), bytes);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(in_chunks_that_are_broken_are_refused) {
  for (auto* body :
       {"x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n",
        "2\r\n{}xx0\r\n\r\n", "10000000000000002\r\n{}\r\n0\r\n\r\n",
        "2 \r\n{}\r\n0\r\n\r\n", "\r\n{}\r\n0\r\n\r\n", "ffffffff\r\n{}"})
    BOOST_TEST(
        is_refusal(outcome(post("Transfer-Encoding: chunked\r\n", body))),
        body);
  goes_on();
}

BOOST_AUTO_TEST_CASE(that_are_cut_off_anywhere_are_refused) {
  auto whole =
      post("Content-Length: 14\r\nX-Other: y\r\n", R"({"input":"abc"})");
  auto chunked =
      post("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\nT: x\r\n\r\n");
  for (auto& bytes : {whole.substr(0, whole.size() - 1), chunked})
    for (std::size_t size = 1; size < bytes.size(); ++size)
      BOOST_TEST(outcome(bytes.substr(0, size)) == 400, bytes.substr(0, size));
  goes_on();
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(without_end_are_bounded) {
  BOOST_TEST(outcome("GET /" + std::string(9000, 'a')
                     + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
             == 414);
  BOOST_TEST(outcome("GET /" + std::string(100'000, 'a'), false) / 100 == 4);
  BOOST_TEST(outcome(post("X: " + std::string(20'000, 'x') + "\r\n", ""))
             == 431);
  std::string fields;
  for (int i = 0; i < 200; ++i)
    fields += "X-" + std::to_string(i) + ": y\r\n";
  BOOST_TEST(outcome(post(fields, "")) == 431);
  BOOST_TEST(outcome(post("Content-Length: 99999999\r\n", "")) == 413);
  BOOST_TEST(outcome(std::string(100'000, '\r'), false) / 100 == 4);
  std::string path = "/v1/data";
  for (int i = 0; i < 500; ++i)
    path += "/a";
  BOOST_TEST(outcome(post("Content-Length: 2\r\n", "{}", path)) == 400);
  goes_on();
}

BOOST_AUTO_TEST_CASE(that_hide_something_in_a_target_or_a_field_are_refused) {
  for (auto& target :
       {"/v1/data/a\0/allow"s, "/v1/data/a%00/allow"s, "/v1/data/%/allow"s,
        "/v1/data/%4/allow"s, "/v1/data/%gg/allow"s, "/v1/data/%ff/allow"s,
        "/v1/data/%c0%ae/allow"s, "/v1/data/%2e%2e/allow"s,
        "/v1/data/a b/allow"s, "/v1/data/a\x7f/allow"s,
        "/v1/data/app/allow?pretty=%"s, "/v1/data/app/allow?pretty=%00"s,
        "v1/data/app/allow"s, "*"s, "http://evil.example/v1/data/app/allow"s})
    BOOST_TEST(outcome(post("Content-Length: 2\r\n", "{}", target)) / 100 == 4,
               target);
  for (auto& field : {"X-A: b\0c\r\n"s, "X-\0A: b\r\n"s, "X-A\r\n"s, ": b\r\n"s,
                      "X A: b\r\n"s, "X-A: b\rc\r\n"s, "X-\xc3\xa9: b\r\n"s})
    BOOST_TEST(outcome(post(field + "Content-Length: 2\r\n", "{}")) / 100 == 4,
               field);
  for (auto& body : {"{\"a\0\":1}"s, "{\"a\":\"\0\"}"s, "{}\0"s,
                     "\xef\xbb\xbf{}"s, "{\"a\":\"\xc3\"}"s})
    BOOST_TEST(
        outcome(post("Content-Length: " + std::to_string(body.size()) + "\r\n",
                     body))
            == 400,
        body);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(of_other_protocols_are_turned_away) {
  for (auto& bytes :
       {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s, "\x16\x03\x01\x02\0\x01\0"s,
        "GET /health\r\n\r\n"s, "GET /health HTTP/9.9\r\nHost: a\r\n\r\n"s,
        "SSH-2.0-OpenSSH_9.2\r\n\r\n"s, "\0\0\0\0\x01\0\0\0"s,
        "\r\n\r\n\r\n"s}) {
    auto status = outcome(bytes);
    BOOST_TEST(is_refusal(status), bytes << " got " << status);
  }
  goes_on();
}

BOOST_AUTO_TEST_CASE(that_come_too_slowly_are_not_waited_for) {
  http_client slow{port};
  slow.send(post("Content-Length: 100\r\nExpect: 100-continue\r\n", ""));
  BOOST_TEST(slow.read(true).status == 100);
  for (int i = 0; i < 3; ++i) {
    slow.send("{"); // a byte now and then does not help
    clock.advance(10s);
    goes_on();
  }
  clock.advance(1s);
  BOOST_TEST(slow.read().status == 408);
  BOOST_TEST(slow.at_end());
}

BOOST_AUTO_TEST_CASE(changed_at_random_do_no_harm) {
  auto good = post("Content-Length: 21\r\nX-Request-ID: r-1\r\n",
                   R"({"input":{"a":[1,2]}})");
  std::minstd_rand random{7};
  for (int round = 0; round < 300; ++round) {
    auto bytes = good;
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      auto at = random() % bytes.size();
      switch (random() % 3) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes.erase(at, 1 + random() % 8);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % bytes.size(), 8));
      }
    }
    auto status = outcome(bytes);
    BOOST_TEST((status < 500 || status == 501 || status == 505),
               round << " got " << status);
  }
  goes_on();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
