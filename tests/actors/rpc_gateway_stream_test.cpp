// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/gated_stream.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(rpc_gateway_stream_test)

using acgs::rpc_gateway::gated_stream;

namespace {

/// A gate of 8 bytes before one end of a pipe.
struct fixture {
  kj::EventLoop loop;
  kj::WaitScope scope{loop};
  kj::TwoWayPipe pipe = kj::newTwoWayPipe();
  gated_stream stream{kj::mv(pipe.ends[0]), 8};
  char buffer[32] = {};

  kj::Promise<void> sent(const std::string& text) {
    return pipe.ends[1]
        ->write(text.data(), text.size())
        .eagerlyEvaluate(nullptr);
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(reads_so_much_before_it_is_open, fixture) {
  std::string text = "0123456789abcdef";
  auto sending = sent(text);
  BOOST_TEST(stream.tryRead(buffer, 1, 3).wait(scope) == 3u);
  auto rest = stream.tryRead(buffer + 3, 13, 29);
  BOOST_TEST(!rest.poll(scope));
  BOOST_TEST(!sending.poll(scope));
  BOOST_TEST(std::string(buffer) == "01234567");
  stream.open();
  BOOST_TEST(rest.wait(scope) == 13u);
  BOOST_TEST(std::string(buffer) == text);
}

BOOST_FIXTURE_TEST_CASE(reads_nothing_more_where_all_is_taken, fixture) {
  auto sending = sent("0123456789");
  BOOST_TEST(stream.tryRead(buffer, 8, 32).wait(scope) == 8u);
  auto more = stream.tryRead(buffer + 8, 1, 24);
  BOOST_TEST(!more.poll(scope));
  stream.open();
  BOOST_TEST(more.wait(scope) == 2u);
}

BOOST_FIXTURE_TEST_CASE(tells_the_end_before_the_bound, fixture) {
  auto sending = sent("0123");
  auto all = stream.tryRead(buffer, 16, 32);
  BOOST_TEST(!all.poll(scope));
  pipe.ends[1]->shutdownWrite();
  BOOST_TEST(all.wait(scope) == 4u);
}

BOOST_FIXTURE_TEST_CASE(writes_from_the_beginning, fixture) {
  auto writing = stream.write("answer", 6).eagerlyEvaluate(nullptr);
  BOOST_TEST(pipe.ends[1]->tryRead(buffer, 6, 6).wait(scope) == 6u);
  writing.wait(scope);
  BOOST_TEST(std::string(buffer) == "answer");
}

BOOST_AUTO_TEST_SUITE_END()
