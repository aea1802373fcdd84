// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/store/told_history.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/sha256.hpp"

namespace acgs::store {

caf::error told_history::hear(const domain::entry& of) {
  last_ = std::max(last_, of.revision);
  if (of.kind != domain::entry_kind::control
      && of.kind != domain::entry_kind::key)
    return {};
  auto detail = json::parse(of.detail);
  if (!detail)
    return detail.error();
  auto digest = detail->find("command_sha256");
  if (digest && digest->if_string())
    commands_.emplace(of.revision, *digest->if_string());
  return {};
}

bool told_history::is(std::uint64_t revision, byte_view command) const {
  auto told = commands_.find(revision);
  return told == commands_.end()
         || told->second == to_hex(crypto::sha256_of(command));
}

} // namespace acgs::store
