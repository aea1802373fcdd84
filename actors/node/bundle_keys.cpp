// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/bundle_keys.hpp"

#include <fstream>
#include <iterator>

namespace acgs::node {

namespace {

constexpr std::size_t key_bytes_max = 64u << 10;

} // namespace

result<rego::bundle::verification>
read_bundle_keys(const config::policy_settings& from) {
  rego::bundle::verification out;
  out.scope = from.bundle_scope;
  for (const auto& [id, file] : from.bundle_keys) {
    std::ifstream in{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in || text.empty() || text.size() > key_bytes_max)
      return make_error(ec::invalid_argument,
                        "policy.bundle_keys: key '" + id + "': '" + file
                            + "' cannot be read; expected a public key or "
                              "certificate in PEM, or a secret, of at most "
                            + std::to_string(key_bytes_max) + " bytes");
    // Editors end a file with a line; a secret does not.
    while (text.ends_with('\n') || text.ends_with('\r'))
      text.pop_back();
    out.keys.push_back({id, text});
  }
  return out;
}

} // namespace acgs::node
