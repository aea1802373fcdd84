// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Ledger entries from disk or from a peer: what decodes can be read whole.

#include "runtime/wire/entry.hpp"
#include "tests/fuzz/target.hpp"

void acgs::test::try_input(std::string_view text) {
  auto decoded = acgs::wire::entry::decode(acgs::as_byte_view(text));
  if (!decoded)
    return;
  auto again = acgs::wire::entry{**decoded};
  if (again->detail != (*decoded)->detail
      || again->commitments.size() != (*decoded)->commitments.size())
    contradiction();
}
