// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/auth/constitution_pin.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(constitution_pin_test)

using namespace acgs;
using namespace acgs::auth;

namespace {

constexpr auto hash = "cdd01ef066bc6cf2";

std::string holding(std::string_view value) {
  return R"({"constitutional_hash":)" + std::string{value} + '}';
}

std::string within(std::string_view part, std::string_view value) {
  return R"({"action":"a",")" + std::string{part} + "\":" + holding(value)
         + '}';
}

void is_refused(const std::string& input, std::string_view field) {
  auto got = pins_of_input(input);
  BOOST_REQUIRE_MESSAGE(!got, input);
  BOOST_TEST((code_of(got.error()) == ec::invalid_argument), input);
  BOOST_TEST(field_of(got.error()) == field, input);
  BOOST_TEST(sentence_of(got.error()).starts_with(field), input);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_pin)

BOOST_AUTO_TEST_CASE(is_read_from_every_place_where_clients_write_it) {
  auto top = pins_of_input(holding(R"("cdd01ef066bc6cf2")"));
  BOOST_REQUIRE((top && top->size() == 1));
  BOOST_TEST(top->front().name == hash);
  BOOST_TEST(top->front().field == "constitutional_hash");
  for (std::string part : {"context", "evolution_request", "data_request"}) {
    auto got = pins_of_input(within(part, R"("cdd01ef066bc6cf2")"));
    BOOST_REQUIRE((got && got->size() == 1));
    BOOST_TEST(got->front().name == hash);
    BOOST_TEST(got->front().field == part + ".constitutional_hash");
  }
  auto deep = pins_of_input(
      R"({"context":{"agent":{"constitutional_hash":"cdd01ef066bc6cf2"}}})");
  BOOST_REQUIRE((deep && deep->size() == 1));
  BOOST_TEST(deep->front().name == hash);
  BOOST_TEST(deep->front().field == "context.agent.constitutional_hash");
  is_refused(R"({"context":{"agent":{"constitutional_hash":7}}})",
             "context.agent.constitutional_hash");
}

BOOST_AUTO_TEST_CASE(may_hide_behind_escapes) {
  auto got = pins_of_input(
      R"({"c\u006fntext":{"constitutional\u005fhash":"cdd01ef066bc6cf2"}})");
  BOOST_REQUIRE((got && got->size() == 1));
  BOOST_TEST(got->front().name == hash);
}

BOOST_AUTO_TEST_CASE(of_another_type_is_an_error_that_names_it) {
  for (auto* odd :
       {"null", "7", "true", "{}", R"(["cdd01ef066bc6cf2"])", R"("")",
        R"("\u0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"
        R"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")"}) {
    is_refused(holding(odd), "constitutional_hash");
    for (std::string part : {"context", "evolution_request", "data_request"})
      is_refused(within(part, odd), part + ".constitutional_hash");
  }
}

BOOST_AUTO_TEST_CASE(may_be_one_of_many_and_counts_once) {
  auto got = pins_of_input(R"({"constitutional_hash":"aaaaaaaaaaaaaaaa",)"
                           R"("context":{"constitutional_hash":)"
                           R"("bbbbbbbbbbbbbbbb"},"data_request":)"
                           R"({"constitutional_hash":"aaaaaaaaaaaaaaaa"}})");
  BOOST_REQUIRE((got && got->size() == 3));
  BOOST_TEST((*got)[1].field == "context.constitutional_hash");
  BOOST_TEST(names_of(*got) == "aaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbb");
  BOOST_TEST(names_of({}) == "");
}

BOOST_AUTO_TEST_CASE(with_a_space_is_no_name) {
  for (auto* odd : {R"(" ")", R"("cdd01ef066bc6cf2 ")", R"("a b")"})
    is_refused(holding(odd), "constitutional_hash");
}

BOOST_AUTO_TEST_CASE(is_none_where_nothing_insists_on_one) {
  for (auto* input :
       {"", "{}", "7", "null", R"(["constitutional_hash"])",
        R"({"context":"constitutional_hash"})",
        R"({"message":{"constitutional_hash":"of somebody else's"}})",
        R"({"context":{"notes":{"constitutional_hash":7}}})"}) {
    auto got = pins_of_input(input);
    BOOST_REQUIRE_MESSAGE(bool{got}, input);
    BOOST_TEST(got->empty(), input);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
