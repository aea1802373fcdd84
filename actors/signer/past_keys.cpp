// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/past_keys.hpp"

#include "actors/signer/key_files.hpp"
#include "runtime/crypto/key_document.hpp"

#include <algorithm>

namespace acgs::signer {

result<std::string> read_past_keys(const std::filesystem::path& folder,
                                   const std::string& origin,
                                   const std::string& path) {
  auto text = read_ring_text(folder);
  if (!text)
    return text.error();
  auto known = parse_ring(*text);
  if (!known)
    return known.error();
  auto at = std::find_if(
      known->past.begin(), known->past.end(),
      [&](const past_log& each) { return each.key.name == origin; });
  if (at == known->past.end())
    return make_error(ec::not_found,
                      "no keys are known of a log of origin '" + origin + "'");
  if (path == "vkey")
    return merkle::format_verifier_key(at->key) + '\n';
  auto history = crypto::key_history::follow(at->key, at->statements);
  if (!history)
    return make_error(ec::store_corrupt, "the keys of the log " + origin + ": "
                                             + sentence_of(history.error()));
  return crypto::format_key_document(origin, *history);
}

} // namespace acgs::signer
