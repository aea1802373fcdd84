// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// http.send against a transport that answers from a list, on a clock that moves
// when it is told to. One thread.

#include <deque>
#include <string>
#include <vector>

#include "rego/engine.hpp"
#include "rego/http_cache.hpp"

namespace support {

/// The world's clock: 2023-11-14 22:13:20 UTC at first.
struct driven_clock {
  static constexpr int64_t second = 1'000'000'000;
  int64_t now = 1'700'000'000 * second;
  void pass(int64_t seconds) { now += seconds * second; }
};

inline rego::http_response
answer(int code, std::vector<rego::http_header> headers, std::string body) {
  rego::http_response out;
  out.status = std::to_string(code) + " X";
  out.status_code = code;
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

/// Answers in order, the last one again and again, and keeps what was asked.
class fake_transport : public rego::http_transport {
public:
  explicit fake_transport(driven_clock& clock) : clock_(clock) {}

  rego::http_response send(const rego::http_request& r) override {
    asked.push_back(r);
    clock_.now += takes_ns;
    if (cancels)
      cancels->store(true);
    if (answers.empty())
      return answer(200, {}, "");
    auto out = answers.front();
    if (answers.size() > 1)
      answers.pop_front();
    return out;
  }
  void pause(std::chrono::nanoseconds time,
             const std::function<bool()>&) override {
    pauses.push_back(time.count() / 1'000'000);
    clock_.now += time.count();
  }

  std::deque<rego::http_response> answers;
  std::vector<rego::http_request> asked;
  std::vector<int64_t> pauses; // ms
  int64_t takes_ns = 0;
  std::atomic<bool>* cancels = nullptr;

private:
  driven_clock& clock_;
};

inline rego::http_response json_answer(std::string body,
                                       std::vector<rego::http_header> more = {},
                                       int code = 200) {
  more.push_back({"Content-Type", "application/json"});
  return answer(code, std::move(more), std::move(body));
}

inline rego::http_response failing(rego::http_failure how, std::string why) {
  rego::http_response out;
  out.failure = how;
  out.message = std::move(why);
  return out;
}

/// A world in which the hosts a.example and b.example are allowed.
struct world {
  driven_clock clock;
  std::shared_ptr<fake_transport> net = std::make_shared<fake_transport>(clock);
  rego::environment env = make();
  rego::evaluate_options options = {.strict_builtin_errors = true};
  bool nondeterministic = false; // of the last answer

  rego::environment make() {
    rego::environment out;
    out.now_ns = [this] { return clock.now; };
    out.monotonic_ns = [this] { return clock.now; };
    out.http.transport = net;
    out.http.hosts = {"A.example", "b.example", "[::1]"};
    return out;
  }

  /// JSON of the query's document, "undefined", or its errors.
  std::string ask(const std::string& module) {
    auto p = rego::compile({{"test.rego", "package test\n" + module}});
    if (!p)
      return rego::to_string(p.error_list());
    auto q = rego::prepare(*p, "data.test.p", {.entry = true});
    auto d = rego::load_data("{}");
    rego::evaluator e(env);
    auto a = e.evaluate(**q, **d, rego::value(), options);
    nondeterministic = a.nondeterministic;
    if (!a.errors.empty())
      return a.errors[0].code + ": " + a.errors[0].message;
    return a.defined() ? rego::to_json(a.result) : "undefined";
  }

  /// What http.send says to a request with these further members, of which
  /// `part` is shown: ".body".
  std::string send(const std::string& more = "", const std::string& part = "",
                   const std::string& url = "http://a.example/x") {
    return ask("p := http.send({\"method\": \"get\", \"url\": \"" + url + "\""
               + (more.empty() ? "" : ", " + more) + "})" + part);
  }
};

/// "Name: value" of what was sent, or nothing.
inline std::string sent(const rego::http_request& r, const std::string& name) {
  for (auto& h : r.headers)
    if (h.name == name)
      return h.value;
  return "-";
}

} // namespace support
