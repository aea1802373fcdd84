// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a fuzzer calls: libFuzzer's entry point, with the bytes as a text. A
// target must take any text without a crash, an exception or a leak; where it
// finds two answers that contradict one another, it calls `contradiction`.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace acgs::test {

/// Defined by each target.
void try_input(std::string_view text);

/// Ends the run: the code under test contradicts itself.
inline void contradiction() {
  std::abort();
}

} // namespace acgs::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  acgs::test::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
