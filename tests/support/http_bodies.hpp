// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What tests look at in the JSON of an HTTP reply.

#include "runtime/base/json.hpp"
#include "tests/support/http_client.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace acgs::test {

inline json::value body_of(const http_reply& from) {
  auto body = json::parse(from.body);
  BOOST_REQUIRE_MESSAGE(body, from.body);
  return *body;
}

/// The text of a member; empty where there is none.
inline std::string text_at(const json::value& from, const char* key) {
  const auto* found = from.find(key);
  const auto* text = found ? found->if_string() : nullptr;
  return text ? *text : "";
}

} // namespace acgs::test
