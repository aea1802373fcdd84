// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Random small policies: the optimised code must answer as the plain code does.
// The program `differential` beside it runs as many as one likes.

#include <boost/test/unit_test.hpp>

#include "differential_cases.hpp"

BOOST_AUTO_TEST_SUITE(differential_test)

BOOST_AUTO_TEST_CASE(optimised_code_answers_as_plain_code_does) {
  size_t answers = 0;
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    auto c = differential::make_case(seed);
    auto r = differential::compare(c);
    BOOST_REQUIRE_MESSAGE(r.same, "seed " << seed << "\n"
                                          << differential::show(c, r));
    answers += r.answered;
  }
  // Most of the policies have to be ones that compile and answer.
  BOOST_TEST(answers > 1200u);
}

BOOST_AUTO_TEST_SUITE_END()
