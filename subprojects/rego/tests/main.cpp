// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The main function of unit tests.

#define BOOST_TEST_MODULE rego
#include <boost/test/unit_test.hpp>
