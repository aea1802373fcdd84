// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/keys.hpp"

#include "actors/signer/key_files.hpp"

#include <utility>

namespace acgs::node {

result<public_keys>
read_public_keys(const config::settings& settings, const std::string& origin,
                 std::shared_ptr<const crypto::key_lock> lock) {
  signer::config where;
  where.folder = settings.keys.dir;
  where.origin = origin;
  where.lock = lock;
  auto held = signer::open_keys(where);
  if (!held)
    return held.error();
  auto core = signer::state::open(std::move(*held));
  if (!core)
    return core.error();
  public_keys out;
  out.lock = std::move(lock);
  out.log.publish(core->history());
  out.token = token_keys_of(core->history());
  return out;
}

std::vector<auth::token_key> token_keys_of(const crypto::key_history& all) {
  std::vector<auth::token_key> out;
  for (const auto& each : all.keys())
    if (each.purpose == "token" && !each.revoked)
      out.push_back({each.key.key});
  return out;
}

} // namespace acgs::node
