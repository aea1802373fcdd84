// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real HTTP_GATEWAY on an ephemeral loopback port, with typed fakes for
// every actor that it asks. The fakes note what they are asked and answer what
// the test has put in; a test that asks over HTTP and reads the answer knows
// that the fakes have been asked.

#include "actors/http_gateway/http_gateway.hpp"
#include "runtime/auth/authenticator.hpp"
#include "runtime/metrics/registry.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/manual_clock.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace acgs::test {

/// What the fakes were asked and what they answer. Guarded by its mutex while
/// the gateway runs.
struct http_fakes {
  std::mutex mutex;

  std::vector<wire::decide_request> decisions;
  domain::verdict outcome = domain::verdict::allow;
  std::string result = R"({"allow":true})";
  std::string explanation{};
  std::string error_code{};
  std::string error_message{};
  std::string errors{};
  std::map<std::string, domain::verdict> outcomes{}; ///< by path
  std::optional<caf::error> refusal{};
  bool never_decides = false;
  std::set<std::string> refused_inputs{}; ///< of batches: cannot be recorded

  std::vector<candidate::decided> tried; ///< handed on to CANDIDATE

  std::vector<wire::command> commands;
  std::optional<caf::error> command_refusal{};

  std::vector<wire::entry> entries;
  std::vector<reader::query> queries;
  std::vector<reader::verify> verifications;
  std::vector<std::string> resources;
  std::string entry_caused_by = "anonymous";

  std::vector<identity::login> logins;
  std::vector<identity::refused> refused;
  std::vector<std::string> revoked;

  health_status health = health_status::healthy;
};

struct http_gateway_fixture {
  http_gateway_fixture();
  ~http_gateway_fixture();

  /// Makes the gateway anew with what `settings` says now.
  void start();

  /// Tells the gateway of `control` and waits until it goes by it.
  void publish();

  /// A token that counts from now on.
  std::string token(domain::role as, const std::string& subject = "alice");

  /// "Authorization: Bearer ...\r\n" for a new token.
  std::string bearer(domain::role as, const std::string& subject = "alice");

  /// Asks over a connection of its own.
  http_reply ask(std::string_view method, std::string_view target,
                 std::string_view body = {}, std::string_view fields = {});

  /// The latest question that POLICY was asked.
  wire::decide_request last_decision();

  struct quiet : caf::actor_system_config {
    quiet();
  };

  manual_clock clock;
  acgs::metrics::registry registry;
  id_maker ids;
  domain::control_state control;
  acgs::control::bundle_faults faults;
  http_fakes fakes;
  http_gateway::config settings;
  std::uint16_t port = 0;
  quiet cfg;
  caf::actor_system system{cfg};
  net::asio_loop loop{"http-test"};
  http_gateway_actor gateway;

private:
  void stop();

  struct keys;
  std::shared_ptr<keys> keys_;
};

} // namespace acgs::test
