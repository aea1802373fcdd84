// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"
#include "runtime/crypto/tls_files.hpp"
#include "tests/support/rpc_node.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <thread>

#include <capnp/serialize.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <random>

BOOST_AUTO_TEST_SUITE(rpc_gateway_wire_test)

using namespace acgs;

namespace {

/// A plain socket to the gateway, for bytes that no client would send.
class raw_socket {
public:
  explicit raw_socket(const std::filesystem::path& path)
      : fd_{::socket(AF_UNIX, SOCK_STREAM, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    BOOST_REQUIRE(
        ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address)
        == 0);
  }
  ~raw_socket() { ::close(fd_); }

  void send(const void* from, std::size_t size) {
    [[maybe_unused]] auto sent = ::send(fd_, from, size, MSG_NOSIGNAL);
  }

  /// Says that nothing more comes, and reads until the gateway hangs up.
  bool is_hung_up_on(bool shut) {
    if (shut)
      ::shutdown(fd_, SHUT_WR);
    char buffer[4096];
    for (;;) {
      auto got = ::read(fd_, buffer, sizeof buffer);
      if (got == 0 || (got < 0 && errno == ECONNRESET))
        return true;
      if (got < 0 && errno != EINTR)
        return false;
    }
  }

private:
  int fd_;
};

struct fixture : test::rpc_node {
  std::unique_ptr<client::link> link_to(const std::string& token = {}) {
    client::options options;
    options.address = address();
    auto out = client::link::open(options);
    BOOST_REQUIRE(out);
    auto error = (*out)->authenticate(token);
    BOOST_REQUIRE_MESSAGE(!error, sentence_of(error));
    return std::move(*out);
  }

  void require_alive() {
    auto node = connect();
    BOOST_REQUIRE(node);
    BOOST_TEST(static_cast<bool>(node->node()));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile, fixture)

BOOST_AUTO_TEST_CASE(random_bytes_end_their_own_connection_only) {
  start();
  std::mt19937 random{7};
  for (int round = 0; round < 50; ++round) {
    std::vector<unsigned char> bytes(8 + random() % 4000);
    for (auto& each : bytes)
      each = static_cast<unsigned char>(random());
    raw_socket socket{gateway->socket()};
    socket.send(bytes.data(), bytes.size());
    BOOST_REQUIRE(socket.is_hung_up_on(true));
  }
  require_alive();
}

BOOST_AUTO_TEST_CASE(a_message_beyond_the_bound_is_not_waited_for) {
  start();
  raw_socket socket{gateway->socket()};
  std::uint32_t header[2] = {0, (8u << 20) / 8 + 1}; // one segment, in words
  socket.send(header, sizeof header);
  BOOST_TEST(socket.is_hung_up_on(false));
  raw_socket many{gateway->socket()};
  std::uint32_t segments[2] = {0xFFFFFFFE, 1};
  many.send(segments, sizeof segments);
  BOOST_TEST(many.is_hung_up_on(false));
  require_alive();
}

BOOST_AUTO_TEST_CASE(mutilated_messages_end_their_own_connection_only) {
  start();
  capnp::MallocMessageBuilder builder;
  auto deep = builder.initRoot<schema::Question>();
  deep.setPath("acgs/main/decision");
  auto words = capnp::messageToFlatArray(builder);
  auto good = words.asBytes();
  std::mt19937 random{11};
  for (int round = 0; round < 100; ++round) {
    std::vector<kj::byte> bytes(good.begin(), good.end());
    for (int k = 0; k < 4; ++k)
      bytes[8 + random() % (bytes.size() - 8)] =
          static_cast<kj::byte>(random());
    bytes.resize(1 + random() % bytes.size());
    raw_socket socket{gateway->socket()};
    socket.send(bytes.data(), bytes.size());
    BOOST_REQUIRE(socket.is_hung_up_on(true));
  }
  require_alive();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(bounds, fixture)

BOOST_AUTO_TEST_CASE(a_client_that_waited_long_enough_is_told_so) {
  start();
  by->policy_silent = true;
  auto link = link_to();
  auto policy = link->policy();
  BOOST_REQUIRE(policy);
  link->set_timeout(std::chrono::milliseconds{1});
  auto late = link->ask((*policy)->decideRequest(), [](auto) { return true; });
  BOOST_REQUIRE(!late);
  BOOST_TEST((code_of(late.error()) == ec::timed_out));
  BOOST_TEST(sentence_of(late.error())
             == "no answer within 1 ms; the effect is unknown");
}

BOOST_AUTO_TEST_CASE(more_calls_than_may_wait_are_refused_at_once) {
  settings.within.calls_max = 4;
  start();
  by->policy_silent = true;
  auto link = link_to();
  auto policy = link->policy();
  BOOST_REQUIRE(policy);
  kj::Vector<capnp::RemotePromise<schema::Policy::DecideResults>> waiting;
  for (int i = 0; i < 4; ++i)
    waiting.add((*policy)->decideRequest().send());
  auto refused =
      link->ask((*policy)->decideRequest(), [](auto) { return true; });
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::overloaded));
}

BOOST_AUTO_TEST_CASE(calls_of_a_connection_that_is_closed_do_not_linger) {
  start();
  by->policy_silent = true;
  {
    auto link = link_to();
    auto policy = link->policy();
    BOOST_REQUIRE(policy);
    auto waiting = (*policy)->decideRequest().send();
    // The next answer comes after the call before it was let in.
    auto list = link->ask((*policy)->listRequest(), [](auto) { return true; });
    BOOST_TEST(static_cast<bool>(list));
    BOOST_TEST(gateway->load().calls == 1u);
  }
  while (gateway->load().connections > 0)
    std::this_thread::yield();
  BOOST_TEST(gateway->load().calls == 0u);
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_bound_are_turned_away) {
  settings.within.connections_max = 1;
  settings.within.silent_at_least = std::chrono::hours{1};
  start();
  raw_socket first{gateway->socket()};
  while (gateway->load().connections == 0)
    std::this_thread::yield();
  raw_socket second{gateway->socket()};
  BOOST_TEST(second.is_hung_up_on(false));
  auto third = connect();
  BOOST_REQUIRE(!third);
  BOOST_TEST(sentence_of(third.error()).find("rpc.sessions_max")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_silent_stranger_keeps_nobody_out) {
  settings.within.connections_max = 1;
  settings.within.silent_at_least = {};
  start();
  raw_socket silent{gateway->socket()};
  while (gateway->load().connections == 0)
    std::this_thread::yield();
  BOOST_TEST(static_cast<bool>(connect()));
  BOOST_TEST(silent.is_hung_up_on(false));
}

BOOST_AUTO_TEST_CASE(idle_agents_keep_no_admin_out) {
  settings.within.connections_max = 1;
  settings.within.silent_at_least = {};
  start();
  auto agent = connect(token(domain::role::agent));
  BOOST_REQUIRE(bool{agent});
  // A thread has one loop, and so one client.
  auto locked = std::async(std::launch::async, [this] {
    client::change_options why;
    why.reason = "an emergency";
    auto admin = connect();
    return admin && admin->admin().set_lockdown(true, why);
  });
  BOOST_TEST(locked.get());
  auto out = agent->node();
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_large_input_passes_and_one_too_large_does_not) {
  start();
  {
    auto node = connect();
    BOOST_REQUIRE(node);
    client::question question;
    question.path = "acgs/main/decision";
    question.input = std::string(7u << 20, ' ');
    auto passed = node->decide(question);
    BOOST_TEST(static_cast<bool>(passed));
    question.input = std::string(9u << 20, ' ');
    auto refused = node->decide(question);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  }
  require_alive();
}

BOOST_AUTO_TEST_CASE(a_drained_gateway_lets_nothing_in) {
  start();
  auto node = connect();
  BOOST_REQUIRE(node);
  gateway->drain();
  auto out = node->node();
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tls, fixture)

BOOST_AUTO_TEST_CASE(a_certificate_of_our_authority_is_an_identity) {
  auto now = system_clock().now();
  auto files = crypto::ensure_tls_files(folder.path() / "tls", "n1",
                                        {"localhost", "127.0.0.1"}, now);
  BOOST_REQUIRE(files);
  settings.tcp = {"127.0.0.1",        0,         true, files->authority,
                  files->certificate, files->key};
  start();
  client::options options;
  options.address = "127.0.0.1:" + std::to_string(gateway->port());
  options.authority = files->authority;
  options.certificate = folder.path() / "tls" / "admin.pem";
  options.key = folder.path() / "tls" / "admin.key";
  {
    auto node = client::connection::open(options);
    BOOST_REQUIRE_MESSAGE(node, sentence_of(node.error()));
    auto who = node->identity();
    BOOST_REQUIRE(who);
    BOOST_TEST((who->method == domain::auth_method::certificate));
    BOOST_TEST(who->subject.starts_with("cert:"));
    BOOST_TEST(who->address == "127.0.0.1");
  }
  auto strange = crypto::ensure_tls_files(folder.path() / "other", "n2",
                                          {"localhost"}, now);
  BOOST_REQUIRE(strange);
  options.certificate = folder.path() / "other" / "admin.pem";
  options.key = folder.path() / "other" / "admin.key";
  auto refused = client::connection::open(options);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_renewed_certificate_counts_at_once_and_cuts_nobody_off) {
  // Made long ago: only what was renewed is accepted by a client of today.
  auto now = system_clock().now();
  auto then = now - std::chrono::days{340};
  auto ensure = [&](wall_time at) {
    auto made = crypto::ensure_tls_files(folder.path() / "tls", "n1",
                                         {"localhost", "127.0.0.1"}, at);
    BOOST_REQUIRE(made);
    return *made;
  };
  auto files = ensure(then);
  settings.tcp = {"127.0.0.1",       0,         true,         files.authority,
                  files.certificate, files.key, files.expires};
  auto renewals = 0;
  settings.tcp.renew = [&]() -> result<wall_time> {
    ++renewals;
    return ensure(now).expires;
  };
  start();
  client::options options;
  options.address = "127.0.0.1:" + std::to_string(gateway->port());
  options.authority = files.authority;
  options.certificate = folder.path() / "tls" / "admin.pem";
  options.key = folder.path() / "tls" / "admin.key";
  auto before = client::connection::open(options);
  BOOST_REQUIRE_MESSAGE(before, sentence_of(before.error()));
  BOOST_REQUIRE(!gateway->renew_certificate());
  BOOST_REQUIRE(!gateway->renew_certificate());
  BOOST_TEST(renewals == 2);
  BOOST_TEST(static_cast<bool>(before->identity()));
  // A thread has one connection.
  std::string problem;
  std::thread other{[&] {
    auto after = client::connection::open(options);
    auto who =
        after ? after->identity() : result<domain::identity>{after.error()};
    if (!who)
      problem = sentence_of(who.error());
  }};
  other.join();
  BOOST_TEST(problem == "");
  auto left = gateway->load().certificate_left;
  BOOST_REQUIRE(left.has_value());
  auto expected = ensure(now).expires - settings.time->now();
  BOOST_TEST((*left <= expected && *left > expected - std::chrono::minutes{5}));
}

BOOST_AUTO_TEST_CASE(a_client_refuses_a_node_of_another_authority) {
  auto now = system_clock().now();
  auto files =
      crypto::ensure_tls_files(folder.path() / "tls", "n1", {"localhost"}, now);
  auto strange = crypto::ensure_tls_files(folder.path() / "other", "n2",
                                          {"localhost"}, now);
  BOOST_REQUIRE(files && strange);
  settings.tcp = {"127.0.0.1",        0,         true, files->authority,
                  files->certificate, files->key};
  start();
  client::options options;
  options.address = "127.0.0.1:" + std::to_string(gateway->port());
  options.authority = strange->authority;
  options.certificate = folder.path() / "tls" / "admin.pem";
  options.key = folder.path() / "tls" / "admin.key";
  auto refused = client::connection::open(options);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  options.certificate.clear();
  auto incomplete = client::connection::open(options);
  BOOST_REQUIRE(!incomplete);
  BOOST_TEST(field_of(incomplete.error()) == "cert");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
