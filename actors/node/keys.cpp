// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/keys.hpp"

#include "actors/signer/key_files.hpp"

#include <utility>

namespace acgs::node {

result<public_keys> read_public_keys(const config::settings& settings,
                                     const std::string& origin) {
  signer::config where;
  where.folder = settings.keys.dir;
  where.origin = origin;
  auto held = signer::open_keys(where);
  if (!held)
    return held.error();
  public_keys out;
  for (const auto& each : signer::state{std::move(*held)}.list().keys) {
    if (each.serves == signer::purpose::checkpoint) {
      auto read = merkle::parse_verifier_key(each.verifier_key);
      if (!read)
        return make_error(ec::internal, "SIGNER's verifier key '"
                                            + each.verifier_key
                                            + "' cannot be read");
      out.checkpoint.push_back(std::move(*read));
    } else if (each.serves == signer::purpose::token) {
      auto read = auth::read_verifier_key(each.verifier_key);
      if (!read)
        return read.error();
      out.token.push_back(*read);
    }
  }
  return out;
}

} // namespace acgs::node
