// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of built-ins.

#include <boost/test/unit_test.hpp>

#include "builtins/builtin.hpp"

BOOST_AUTO_TEST_SUITE(builtins_test)

BOOST_AUTO_TEST_CASE(a_declaration_gives_the_number_of_arguments) {
  auto& t = rego::builtin_table::instance();
  BOOST_TEST(t.find("opa.runtime")->arity == 0);
  BOOST_TEST(t.find("graphql.parse")->arity == 2);
  BOOST_TEST(t.find("net.cidr_contains_matches")->arity == 2);
  BOOST_TEST(t.find("io.jwt.encode_sign")->arity == 3);
  BOOST_TEST(!t.find("no.such.function"));
}

BOOST_AUTO_TEST_SUITE_END()
