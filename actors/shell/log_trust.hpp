// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of a log's keys to believe, for whoever trusts one of them: the word
// on the command line, and the statements of a list of keys (a node's, an
// exported tree's or a file).

#include "actors/shell/command.hpp"
#include "runtime/crypto/key_history.hpp"

#include <merkle/receipt.hpp>

#include <filesystem>

namespace acgs::shell {

/// The key that a word stands for: a file that holds one, or the key itself.
/// Fails with `invalid_argument`, naming "vkey".
result<merkle::verifier_key> verifier_key_of(const std::string& word);

/// The list that --keys names; empty without it. Fails as `read_file` does.
result<std::string> list_given(invocation& in);

/// The keys that `trusted` leads to by the list in `document`, which may be
/// empty: then it is that key alone. Fails with `invalid_argument`, naming
/// "keys".
result<crypto::key_history> keys_from(const merkle::verifier_key& trusted,
                                      const std::string& document);

/// The same by the list at a node; a node that gives none has had one key.
result<crypto::key_history> keys_at(client::connection& node,
                                    const merkle::verifier_key& trusted);

/// The receipt's checkpoint and who signed it, once it proves that `leaf` is in
/// the log. A revoked key is not believed: whoever stole it may have signed any
/// checkpoint.
result<crypto::believed_checkpoint>
check_receipt(const merkle::receipt& what, const merkle::hash& leaf,
              const crypto::key_history& keys);

} // namespace acgs::shell
