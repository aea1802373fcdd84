// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_offline.hpp"

#include "actors/shell/environment.hpp"
#include "actors/shell/progress.hpp"

#include <merkle/log_audit.hpp>
#include <merkle/receipt.hpp>

#include <fstream>

namespace acgs::shell {

namespace {

/// A full bundle of entries of the greatest length.
constexpr std::uintmax_t resource_bytes_max =
    std::uintmax_t{merkle::tile_width} * (merkle::max_entry_size + 2);

int verify_tree(invocation& in, const std::filesystem::path& folder,
                const merkle::verifier_key& key) {
  auto note = read_file((folder / "checkpoint").string());
  if (!note)
    return in.fail(note.error());
  auto head = merkle::open_checkpoint(*note, key);
  if (!head)
    return not_verified(in, "the checkpoint: " + head.error());
  progress shown{in.out(), "verified", head->size};
  auto found = merkle::audit_log(
      *head,
      [&](const std::string& path) { return read_resource(folder, path); },
      [&](std::uint64_t done) { shown.at(done); });
  row out{{"verified", boolean(found.problem.empty())},
          {"checked", number(found.checked)},
          {"tree_size", number(head->size)},
          {"root", hex(byte_view{head->root})},
          {"signed_by", text(key.name)}};
  if (found.first_wrong)
    out.emplace_back("first_wrong", number(*found.first_wrong));
  if (!found.problem.empty())
    out.emplace_back("problem", text(found.problem));
  in.out().record(out);
  return found.problem.empty() ? 0 : 1;
}

int verify_receipt(invocation& in, const std::string& file,
                   const merkle::verifier_key& key) {
  auto content = read_file(file);
  if (!content)
    return in.fail(content.error());
  auto parsed = merkle::parse_receipt(*content);
  if (!parsed)
    return not_verified(in, parsed.error());
  if (!parsed->extra)
    return not_verified(in, "the receipt does not carry its entry");
  auto leaf = merkle::hasher{}.leaf(*parsed->extra);
  auto checked = merkle::verify_receipt(*parsed, leaf, key);
  if (!checked)
    return not_verified(in, "entry " + std::to_string(parsed->index) + ": "
                                + checked.error());
  in.out().record({{"verified", boolean(true)},
                   {"index", number(parsed->index)},
                   {"leaf_hash", hex(byte_view{leaf})},
                   {"tree_size", number(checked->size)},
                   {"signed_by", text(key.name)}});
  return 0;
}

} // namespace

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

int not_verified(invocation& in, const std::string& why) {
  in.out().record({{"verified", boolean(false)}, {"problem", text(why)}});
  return 1;
}

std::optional<merkle::bytes> read_resource(const std::filesystem::path& folder,
                                           const std::string& path) {
  std::error_code failed;
  auto size = std::filesystem::file_size(folder / path, failed);
  if (failed || size > resource_bytes_max)
    return std::nullopt;
  std::ifstream from{folder / path, std::ios::binary};
  merkle::bytes out(size);
  from.read(reinterpret_cast<char*>(out.data()),
            static_cast<std::streamsize>(size));
  if (!from || from.gcount() != static_cast<std::streamsize>(size))
    return std::nullopt;
  return out;
}

int verify_offline(invocation& in) {
  if (!in.has("vkey"))
    return in.fail(make_error(ec::invalid_argument,
                              "what is offline is verified by the log's "
                              "verifier key, known from elsewhere",
                              "vkey"));
  auto key = verifier_key_of(in.value("vkey"));
  if (!key)
    return in.fail(key.error());
  std::error_code ignored;
  auto path = in.value("offline");
  if (std::filesystem::is_directory(path, ignored))
    return verify_tree(in, path, *key);
  return verify_receipt(in, path, *key);
}

} // namespace acgs::shell
