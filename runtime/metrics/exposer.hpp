// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Serves `/metrics` on a port of its own, by prometheus-cpp's HTTP server and
// its two threads, so that a node whose gateways are stuck can still be seen.
// Block the signals that the process waits for before making one.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Exposer;
} // namespace prometheus

namespace acgs::metrics {

class registry;

class exposer {
public:
  /// Ends within milliseconds, and a scrape that is under way.
  ~exposer();
  exposer(const exposer&) = delete;
  exposer& operator=(const exposer&) = delete;

  /// Listens on the address ("127.0.0.1", "::1") and port (0: any) and serves
  /// the registry. Where the port is busy, the next free of the `tries` ports
  /// from it on is taken. A request whose Host is neither localhost, an
  /// address nor one of the names gets 403. Fails with `unavailable`, naming
  /// them.
  static result<std::unique_ptr<exposer>>
  start(const registry& what, const std::string& address, std::uint16_t port,
        unsigned tries, const std::vector<std::string>& hosts = {});

  /// The port that was taken.
  std::uint16_t port() const { return port_; }

private:
  exposer(std::unique_ptr<prometheus::Exposer> server, std::string address,
          std::uint16_t port);

  std::unique_ptr<prometheus::Exposer> server_;
  std::string address_;
  std::uint16_t port_;
};

} // namespace acgs::metrics
