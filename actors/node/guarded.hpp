// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A circuit breaker before each host that policies may reach: a host that does
// not answer costs an evaluator its time only until the breaker opens. Used
// from any thread.

#include "actors/breaker/shared.hpp"

#include <rego/http.hpp>

#include <map>
#include <memory>
#include <string>

namespace acgs::node {

/// By the host as it stands in a request: small letters, no brackets.
using host_breakers =
    std::map<std::string, std::shared_ptr<breaker::shared_breaker>>;

/// One breaker "egress.<host>" a host; `like` says all else of each.
host_breakers make_host_breakers(const std::vector<std::string>& hosts,
                                 const breaker::setup& like);

/// A carrier that asks the host's breaker first. An answer is a success
/// whatever it says, but for 429, a throttling, and 5xx, a failure;
/// `Retry-After` in seconds is believed.
std::shared_ptr<rego::http_transport>
guarded(std::shared_ptr<rego::http_transport> carrier, host_breakers by);

} // namespace acgs::node
