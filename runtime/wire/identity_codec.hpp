// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part that decisions and entries share: who asked.

#include "runtime/domain/identity.hpp"
#include "schemas/decision.capnp.h"

namespace acgs::wire::detail {

void write_identity(const domain::identity_view& from,
                    schema::Identity::Builder to);

domain::identity_view read_identity(schema::Identity::Reader from);

/// An enumeration from outside; what is unknown becomes `fallback`.
template <class Enum>
Enum checked_enum(std::uint8_t value, std::size_t count, Enum fallback) {
  return value < count ? static_cast<Enum>(value) : fallback;
}

} // namespace acgs::wire::detail
