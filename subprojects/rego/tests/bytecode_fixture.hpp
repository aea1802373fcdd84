// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A policy written and loaded again, for tests that compare what it answers.

#include "rego/bytecode.hpp"

namespace support {

/// The query of `path` on a policy that went through bytes; the error where it
/// did not come back.
inline rego::result<rego::prepared_ptr> through_bytes(const rego::policy_ptr& p,
                                                      const std::string& path) {
  auto bytes = rego::write_bytecode(p, {path});
  if (!bytes)
    return bytes.error_list();
  auto loaded = rego::load_bytecode(*bytes);
  if (!loaded)
    return loaded.error_list();
  return loaded->query(path);
}

} // namespace support
