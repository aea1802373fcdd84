// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes the value out of a result, or ends the test with its sentence.

#include "runtime/base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

namespace acgs::test {

template <class T>
T must(result<T> from) {
  if (!from)
    BOOST_FAIL(sentence_of(from.error()));
  return std::move(*from);
}

} // namespace acgs::test
