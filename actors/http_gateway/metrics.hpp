// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What HTTP_GATEWAY counts. A request's endpoint is its route's pattern, never
// its path, so that the number of series is that of the routes. Lives on the
// gateway's loop.

#include "actors/http_gateway/router.hpp"
#include "runtime/metrics/registry.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace acgs::http_gateway {

class metrics {
public:
  metrics(acgs::metrics::registry& in, const std::vector<route>& table);

  /// A request was answered. `route_index` is that of the table; nothing
  /// where it came to no route.
  void answered(std::optional<std::size_t> route_index, http::method verb,
                unsigned status, std::chrono::nanoseconds took);

  void authenticated() { attempts_ok_.increment(); }
  void refused_credential();
  void handshake_unfinished() { unfinished_.increment(); }
  void rate_limited() { rate_limited_.increment(); }
  /// A Host or Origin that must not reach us.
  void refused_origin() { foreign_.increment(); }
  void connections(std::size_t open) {
    connections_.set(static_cast<double>(open));
  }

  /// Bytes of bodies that are held.
  void bodies(std::size_t bytes) { bodies_.set(static_cast<double>(bytes)); }

  /// All requests answered, and those of them with a status of 500 or above.
  std::uint64_t requests() const { return requests_; }
  std::uint64_t failures() const { return failures_count_; }

private:
  struct series {
    std::map<unsigned, acgs::metrics::counter> by_status;
    std::optional<acgs::metrics::histogram> took;
  };

  series& series_of(std::optional<std::size_t> route_index, http::method verb);
  acgs::metrics::counter& counter_of(std::optional<std::size_t> route_index,
                                     http::method verb, unsigned status);

  acgs::metrics::registry& registry_;
  std::vector<std::string> endpoints_;
  std::vector<series> by_route_;
  std::map<http::method, series> without_route_;
  acgs::metrics::counter attempts_ok_;
  acgs::metrics::counter attempts_refused_;
  acgs::metrics::counter failures_;
  acgs::metrics::counter events_;
  acgs::metrics::counter unfinished_;
  acgs::metrics::counter foreign_;
  acgs::metrics::counter rate_limited_;
  acgs::metrics::gauge connections_;
  acgs::metrics::gauge bodies_;
  std::uint64_t requests_ = 0;
  std::uint64_t failures_count_ = 0;
};

} // namespace acgs::http_gateway
