// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A transport for http.send that answers at once and keeps what was asked. One
// thread.

#include <rego/http.hpp>

#include <functional>
#include <vector>

namespace acgs::test {

class fake_carrier : public rego::http_transport {
public:
  static rego::http_response failing(rego::http_failure how) {
    rego::http_response out;
    out.failure = how;
    return out;
  }

  rego::http_response send(const rego::http_request& request) override {
    asked.push_back(request);
    if (meanwhile)
      return meanwhile(request);
    rego::http_response out;
    out.status = "200 OK";
    out.status_code = 200;
    out.headers = {{"Content-Type", "application/json"}};
    out.body = body;
    return out;
  }
  void pause(std::chrono::nanoseconds, const std::function<bool()>&) override {}

  std::vector<rego::http_request> asked;
  std::string body = "{}";
  /// In place of an answer.
  std::function<rego::http_response(const rego::http_request&)> meanwhile;
};

} // namespace acgs::test
