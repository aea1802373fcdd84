// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "schemas/gateway.capnp.h"

#include <boost/test/unit_test.hpp>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/async.h>

#include <string>

BOOST_AUTO_TEST_SUITE(gateway_schema_test)

using namespace acgs;

namespace {

/// Answers `authenticate` with a session for the right token only.
struct strict_gateway final : schema::Gateway::Server {
  struct no_session final : schema::Session::Server {
    kj::Promise<void> node(NodeContext context) override {
      context.getResults().initResult().initValue().setName("n1");
      return kj::READY_NOW;
    }
  };

  kj::Promise<void> authenticate(AuthenticateContext context) override {
    auto credential = context.getParams().getCredential();
    auto result = context.getResults().initResult();
    if (credential.isToken() && credential.getToken() == "right") {
      result.setValue(kj::heap<no_session>());
    } else {
      auto error = result.initError();
      error.setCode("unauthenticated");
      error.setField("token");
    }
    return kj::READY_NOW;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_result_that_was_never_filled_in_is_an_error) {
  capnp::MallocMessageBuilder message;
  auto result = message.initRoot<schema::Result<schema::Decided>>();
  BOOST_TEST(result.isError());
  BOOST_TEST(!result.isValue());
}

BOOST_AUTO_TEST_CASE(a_decision_survives_the_wire) {
  capnp::MallocMessageBuilder message;
  auto decided =
      message.initRoot<schema::Result<schema::Decided>>().initValue();
  decided.setIndex(7);
  decided.initDecision().setResult(R"({"allow":false})");
  auto words = capnp::messageToFlatArray(message);
  capnp::FlatArrayMessageReader reader{words.asPtr()};
  auto result = reader.getRoot<schema::Result<schema::Decided>>();
  BOOST_REQUIRE(result.isValue());
  BOOST_TEST(result.getValue().getIndex() == 7u);
  BOOST_TEST(std::string{result.getValue().getDecision().getResult().cStr()}
             == R"({"allow":false})");
}

BOOST_AUTO_TEST_CASE(lists_travel_in_results) {
  capnp::MallocMessageBuilder message;
  auto list =
      message.initRoot<schema::Result<capnp::List<schema::Actor>>>().initValue(
          2);
  list[1].setName("ledger");
  auto words = capnp::messageToFlatArray(message);
  capnp::FlatArrayMessageReader reader{words.asPtr()};
  auto result = reader.getRoot<schema::Result<capnp::List<schema::Actor>>>();
  BOOST_REQUIRE(result.isValue());
  BOOST_TEST(result.getValue().size() == 2u);
  BOOST_TEST((result.getValue()[1].getName() == "ledger"));
}

BOOST_AUTO_TEST_CASE(a_session_is_a_capability_or_a_refusal) {
  kj::EventLoop loop;
  kj::WaitScope scope{loop};
  schema::Gateway::Client gateway{kj::heap<strict_gateway>()};
  auto wrong = gateway.authenticateRequest();
  wrong.initCredential().setToken("wrong");
  auto refused = wrong.send().wait(scope);
  BOOST_REQUIRE(refused.getResult().isError());
  BOOST_TEST((refused.getResult().getError().getCode() == "unauthenticated"));
  auto right = gateway.authenticateRequest();
  right.initCredential().setToken("right");
  auto granted = right.send().wait(scope);
  BOOST_REQUIRE(granted.getResult().isValue());
  auto session = granted.getResult().getValue();
  auto node = session.nodeRequest().send().wait(scope);
  BOOST_TEST((node.getResult().getValue().getName() == "n1"));
}

BOOST_AUTO_TEST_SUITE_END()
