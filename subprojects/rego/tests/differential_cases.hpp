// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random small policies with inputs and data, each made from a number alone,
// and the comparison of what the optimised machine answers, what it does with
// code that was written to bytes and loaded, and what code with events for a
// tracer does, with what plain code without index, joins, memory or early exit
// does.

#include <cstdint>
#include <string>

namespace differential {

struct small_case {
  std::string module;
  std::string input;
  std::string data;
};

small_case make_case(uint32_t seed);

struct comparison {
  // JSON of data.test.p, or the error's code.
  std::string plain, fast, traced, loaded;
  bool same = false;
  bool answered = false; // no error
};

comparison compare(const small_case& c);

/// The case and both answers, for a person.
std::string show(const small_case& c, const comparison& r);

} // namespace differential
