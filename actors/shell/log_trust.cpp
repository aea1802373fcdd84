// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/log_trust.hpp"

#include "actors/shell/environment.hpp"
#include "runtime/crypto/key_document.hpp"

namespace acgs::shell {

result<merkle::verifier_key> verifier_key_of(const std::string& word) {
  auto key = word;
  std::error_code ignored;
  if (std::filesystem::exists(word, ignored)) {
    auto content = read_file(word);
    if (!content)
      return content.error();
    key = std::move(*content);
  }
  while (key.ends_with('\n'))
    key.pop_back();
  auto parsed = merkle::parse_verifier_key(key);
  if (!parsed)
    return make_error(ec::invalid_argument,
                      "'" + word
                          + "' is neither a verifier key nor a file that "
                            "holds one: "
                          + parsed.error(),
                      "vkey");
  return std::move(*parsed);
}

result<std::string> list_given(invocation& in) {
  return in.has("keys") ? read_file(in.value("keys")) : std::string{};
}

result<crypto::key_history> keys_from(const merkle::verifier_key& trusted,
                                      const std::string& document) {
  std::vector<std::string> statements;
  caf::error wrong;
  if (!document.empty()) {
    auto read = crypto::statements_in(document);
    if (read)
      statements = std::move(*read);
    else
      wrong = read.error();
  }
  if (!wrong) {
    auto keys = crypto::key_history::follow(trusted, std::move(statements));
    if (keys)
      return keys;
    wrong = keys.error();
  }
  return make_error(ec::invalid_argument,
                    "the list of keys: " + sentence_of(wrong), "keys");
}

result<crypto::key_history> keys_at(client::connection& node,
                                    const merkle::verifier_key& trusted) {
  auto document = node.ledger().resource({}, "keys");
  if (!document && code_of(document.error()) != ec::not_found
      && code_of(document.error()) != ec::invalid_argument)
    return document.error();
  return keys_from(trusted, document ? *document : std::string{});
}

result<crypto::believed_checkpoint>
check_receipt(const merkle::receipt& what, const merkle::hash& leaf,
              const crypto::key_history& keys) {
  auto found = keys.open(what.checkpoint);
  if (!found)
    return found;
  if (found->by_revoked)
    return make_error(ec::invalid_argument,
                      "the key " + crypto::key_record_name(found->by)
                          + " was revoked: have a new receipt made for this "
                            "entry");
  auto checked = merkle::verify_receipt(what, leaf, found->by);
  if (!checked)
    return make_error(ec::invalid_argument, checked.error());
  return found;
}

} // namespace acgs::shell
