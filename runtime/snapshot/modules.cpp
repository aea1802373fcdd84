// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/sha256.hpp"
#include "runtime/snapshot/snapshot.hpp"

namespace acgs {

digest
digest_of_modules(const std::map<std::string, domain::policy_module>& modules) {
  std::string list; // std::map is sorted by path
  for (const auto& [path, module] : modules) {
    list += path;
    list += '\0';
    list += to_hex(crypto::sha256_of(as_byte_view(*module.text)));
    list += '\n';
  }
  return crypto::sha256_of(as_byte_view(list));
}

} // namespace acgs
