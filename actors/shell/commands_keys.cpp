// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// keys ...

#include "actors/shell/environment.hpp"
#include "actors/shell/output_file.hpp"
#include "runtime/crypto/key_history.hpp"

#include <merkle/verifier_key.hpp>

namespace acgs::shell {

namespace {

/// "name+0123abcd" of a verifier key, by which it is revoked.
std::string record_of(const std::string& verifier_key) {
  auto key = merkle::parse_verifier_key(verifier_key);
  return key ? crypto::key_record_name(*key) : std::string{};
}

std::string state_of(const client::key& key) {
  return key.active ? "active" : key.revoked ? "revoked" : "retired";
}

int keys_list(invocation& in) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  return show(in, node->keys(), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got) {
      row one{{"purpose", text(each.purpose)},
              {"name", text(each.name)},
              {"active", boolean(each.active)},
              {"state", text(state_of(each))},
              {"key", text(record_of(each.verifier_key))},
              {"created", time(each.created_nanos)}};
      // Up to this size of the log its checkpoints are believed.
      one.emplace_back("last_size", each.active || each.purpose != "checkpoint"
                                        ? text("")
                                        : number(each.last_size));
      one.emplace_back("ended",
                       each.active ? text("") : time(each.ended_nanos));
      one.emplace_back("verifier_key", text(each.verifier_key));
      one.emplace_back("reason", text(each.reason));
      rows.push_back(std::move(one));
    }
    in.out().list(rows);
    return 0;
  });
}

int show_change(invocation& in, const result<client::key_change>& got) {
  return show(in, result<client::key_change>{got}, [&](const auto& done) {
    in.out().record({{"key", text(done.key)},
                     {"successor", text(done.successor)},
                     {"revision", number(done.revision)},
                     {"index", number(done.index)}});
    return 0;
  });
}

int keys_rotate(invocation& in) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  auto purpose = in.has("purpose") ? in.value("purpose") : "checkpoint";
  return show_change(in, node->signing_keys().rotate(purpose, in.change()));
}

int keys_revoke(invocation& in) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  return show_change(in,
                     node->signing_keys().revoke(in.value("key"), in.change()));
}

int keys_export(invocation& in) {
  auto* node = in.node();
  if (!node)
    return in.failed();
  auto got = node->signing_keys().document();
  if (!got)
    return in.fail(got.error());
  auto path = in.value("output");
  if (path.empty()) {
    in.out().document(*got);
    return 0;
  }
  in.out().flush(); // it may lead to where the output does
  auto bad = write_output(path, *got);
  return bad ? in.fail(bad) : 0;
}

} // namespace

std::vector<command> key_commands() {
  const std::vector<std::string> purposes{"checkpoint", "token", "bundle"};
  return {
      {"keys list",
       "Lists the signing keys, past ones too, by their public parts",
       "acgs keys list",
       {},
       false,
       keys_list},
      {"keys rotate",
       "Has a new key follow the one that signs; what the old one signed stays "
       "good",
       "acgs keys rotate checkpoint --reason 'yearly' --yes",
       {{"purpose", "checkpoint (where absent), token or bundle", kind::choice,
         false, false, false, purposes},
        {"--reason", "why, for the record"}},
       true,
       keys_rotate},
      {"keys revoke",
       "Takes back the belief in a key; one that still signs is rotated first",
       "acgs keys revoke 0123abcd --reason 'laptop stolen' --yes",
       {{"key", "its name and id, or the id, as keys list shows it", kind::key,
         true},
        {"--reason", "why, for the record", kind::free, true}},
       true,
       keys_revoke},
      {"keys export",
       "Writes the keys and the log's statements about them, for verifying "
       "offline",
       "acgs keys export -o log.keys",
       {{"-o,--output", "file to write it to", kind::file}},
       false,
       keys_export},
  };
}

} // namespace acgs::shell
