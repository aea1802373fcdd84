// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a fuzzer calls: libFuzzer's entry point, with the bytes as a text. A
// target takes any text without a crash, an exception or a leak, and calls
// `contradiction` where it finds two answers that cannot both be right.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace rego::fuzz {

/// Defined by each target.
void try_input(std::string_view text);

/// Ends the run and shows why.
[[noreturn]] inline void contradiction(const std::string& what) {
  std::fprintf(stderr, "contradiction: %s\n", what.c_str());
  std::abort();
}

} // namespace rego::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  rego::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
