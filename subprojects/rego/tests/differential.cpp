// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// differential [CASES [FIRST]]: compares the optimised machine with plain code
// on random policies number FIRST to FIRST + CASES - 1 (100000 from 1 on). Ends
// with 1 and shows the case where one differs; 2 for a bad argument.

#include <charconv>
#include <cstdio>
#include <cstring>

#include "differential_cases.hpp"

namespace {

bool read(const char* text, uint32_t& to) {
  auto* end = text + std::strlen(text);
  auto r = std::from_chars(text, end, to);
  return r.ec == std::errc() && r.ptr == end;
}

} // namespace

int main(int count, char** args) {
  uint32_t cases = 100000, first = 1;
  if (count > 3 || (count > 1 && !read(args[1], cases))
      || (count > 2 && !read(args[2], first))) {
    std::fputs("usage: differential [CASES [FIRST]]\n", stderr);
    return 2;
  }
  size_t answers = 0;
  for (uint32_t i = 0; i < cases; ++i) {
    auto c = differential::make_case(first + i);
    auto r = differential::compare(c);
    answers += r.answered;
    if (!r.same) {
      std::printf("case %u differs\n%s", first + i,
                  differential::show(c, r).c_str());
      return 1;
    }
  }
  std::printf("%u cases, %zu answers, no difference\n", cases, answers);
  return 0;
}
