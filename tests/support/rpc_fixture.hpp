// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clients of RPC_GATEWAY before fakes of the other actors, as tests want them.

#include "tests/support/rpc_node.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace acgs::test {

struct rpc_fixture : rpc_node {
  rpc_fixture() { start(); }

  client::connection open(const std::string& with = {}) {
    auto out = connect(with);
    BOOST_REQUIRE_MESSAGE(out, sentence_of(out.error()));
    return std::move(*out);
  }

  static std::string result_of(client::connection& node,
                               const std::string& path) {
    client::question question;
    question.path = path;
    question.input = R"({"action":"read"})";
    auto out = node.decide(question);
    return out ? std::string{out->decision->result}
               : std::string{to_string_view(code_of(out.error()))};
  }

  bool noted(const std::string& what) {
    auto all = by->notes();
    return std::find(all.begin(), all.end(), what) != all.end();
  }
};

template <class T>
ec code_of_result(const result<T>& got) {
  return got ? ec::none : code_of(got.error());
}

inline client::change_options because(const char* reason) {
  return {reason, {}, 0};
}

} // namespace acgs::test
