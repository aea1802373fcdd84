// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/decision.hpp"
#include "runtime/wire/entry.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(wire_test)

using namespace acgs;

namespace {

wire::entry sample_entry() {
  domain::entry entry;
  entry.kind = domain::entry_kind::decision;
  entry.time_nanos = 42;
  entry.request_id = "r-1";
  entry.agent = "agent_1";
  entry.outcome = domain::verdict::deny;
  entry.caller.subject = "alice";
  entry.caller.role_ = domain::role::admin;
  domain::commitment covered;
  covered.value.fill(std::byte{7});
  entry.commitments = {covered};
  return wire::entry{entry};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_request_reads_as_it_was_written) {
  wire::decide_request sent;
  {
    std::string path = "acgs/main/decision";
    domain::identity caller;
    caller.subject = "bob";
    domain::decide_request request;
    request.path = path;
    request.input = R"({"action":"x"})";
    request.caller = caller;
    sent = wire::decide_request{request};
  }
  BOOST_TEST(sent->path == "acgs/main/decision");
  BOOST_TEST(sent->input == R"({"action":"x"})");
  BOOST_TEST(sent->caller.subject == "bob");
  BOOST_TEST(sent->request_id.empty());
}

BOOST_AUTO_TEST_CASE(an_entry_survives_encoding_and_decoding) {
  auto entry = sample_entry();
  auto again = wire::entry::decode(entry.encoded());
  BOOST_REQUIRE(again);
  BOOST_TEST((*again)->agent == "agent_1");
  BOOST_TEST((*again)->caller.subject == "alice");
  BOOST_TEST(((*again)->caller.role_ == domain::role::admin));
  BOOST_TEST((*again)->commitments.size() == 1u);
}

BOOST_AUTO_TEST_CASE(hostile_bytes_are_refused_or_read_but_never_crash) {
  auto entry = sample_entry();
  bytes good(entry.encoded().begin(), entry.encoded().end());
  std::mt19937 random{1};
  for (int i = 0; i < 20000; ++i) {
    auto bad = good;
    for (int k = 0; k < 3; ++k)
      bad[random() % bad.size()] = static_cast<std::byte>(random());
    if (random() % 4 == 0)
      bad.resize(random() % bad.size());
    auto out = wire::entry::decode(bad);
    if (!out)
      BOOST_REQUIRE(!sentence_of(out.error()).empty());
  }
}

BOOST_AUTO_TEST_CASE(refuses_empty_odd_and_oversized_bytes) {
  BOOST_TEST(!wire::entry::decode({}));
  bytes odd(9);
  BOOST_TEST(!wire::entry::decode(odd));
  bytes large(wire::message_bytes_max + 8);
  auto out = wire::entry::decode(large);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
