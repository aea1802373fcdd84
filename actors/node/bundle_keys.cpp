// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/bundle_keys.hpp"

#include "runtime/base/regular_file.hpp"

#include <utility>

namespace acgs::node {

namespace {

constexpr std::size_t key_bytes_max = 64u << 10;

} // namespace

result<rego::bundle::verification>
read_bundle_keys(const config::policy_settings& from) {
  rego::bundle::verification out;
  out.scope = from.bundle_scope;
  for (const auto& [id, file] : from.bundle_keys) {
    auto read = read_regular_file(file, key_bytes_max + 1);
    if (!read || read->empty() || read->size() > key_bytes_max)
      return make_error(ec::invalid_argument,
                        "policy.bundle_keys: key '" + id + "': '" + file
                            + "' cannot be read"
                            + (read ? "" : ": " + sentence_of(read.error()))
                            + "; expected a public key or certificate in PEM, "
                              "or a secret, of 1 to "
                            + std::to_string(key_bytes_max) + " bytes");
    auto& text = *read;
    // Editors end a file with a line; a secret does not.
    while (text.ends_with('\n') || text.ends_with('\r'))
      text.pop_back();
    out.keys.push_back({id, std::move(text)});
  }
  return out;
}

} // namespace acgs::node
