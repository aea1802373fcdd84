// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_offline.hpp"

#include "actors/shell/environment.hpp"
#include "actors/shell/log_trust.hpp"
#include "actors/shell/progress.hpp"
#include "runtime/archive/writer.hpp"
#include "runtime/base/regular_file.hpp"

#include <merkle/log_audit.hpp>
#include <merkle/proof.hpp>
#include <merkle/receipt.hpp>

#include <algorithm>
#include <fstream>

namespace acgs::shell {

namespace {

/// A full bundle of entries of the greatest length.
constexpr std::uintmax_t resource_bytes_max =
    std::uintmax_t{merkle::tile_width} * (merkle::max_entry_size + 2);

/// A text of a folder that somebody handed in: whatever stands there is not
/// waited for.
result<std::string> read_part(const std::filesystem::path& file) {
  constexpr std::size_t bytes_max = 8u << 20;
  auto text = read_regular_file(file, bytes_max + 1);
  if (!text)
    return make_error(ec::invalid_argument,
                      "cannot read '" + file.string()
                          + "': " + sentence_of(text.error()),
                      "file");
  if (text->size() > bytes_max)
    return make_error(ec::too_large, "'" + file.string() + "' is too long",
                      "file");
  return text;
}

/// The keys to believe: the list that is named, else the tree's own.
result<crypto::key_history> keys_for(invocation& in,
                                     const merkle::verifier_key& trusted,
                                     const std::filesystem::path& beside) {
  std::error_code ignored;
  auto file = in.has("keys") ? std::filesystem::path{in.value("keys")} : beside;
  if (!in.has("keys")
      && (file.empty() || !std::filesystem::exists(file, ignored)))
    return keys_from(trusted, {});
  auto document = in.has("keys") ? read_file(file.string()) : read_part(file);
  return document ? keys_from(trusted, *document)
                  : result<crypto::key_history>{document.error()};
}

/// The hashes of a tile of the exported tree, which may have grown since.
std::optional<merkle::bytes> tile_of(const std::filesystem::path& folder,
                                     merkle::tile_id id, std::uint64_t size) {
  for (auto width : {id.width, merkle::tile_width,
                     merkle::tile_width_at(id.level, id.index, size)}) {
    id.width = width;
    if (auto found =
            width ? read_resource(folder, merkle::tile_path(id)) : std::nullopt)
      return found;
  }
  return std::nullopt;
}

/// Who stole a key that was revoked may have signed any tree. It is believed
/// only of one that a later key signed as well, when it followed.
bool is_forgeable(const crypto::believed_checkpoint& what,
                  const crypto::key_history& keys) {
  auto same = [&](const crypto::key_change& each) {
    return each.size == what.head.size && each.root == what.head.root;
  };
  return what.by_revoked
         && std::none_of(keys.changes().begin(), keys.changes().end(), same);
}

/// Each tree at which a key followed another was this tree as it was then.
/// The problem, or nothing.
std::string check_changes(const std::filesystem::path& folder,
                          const crypto::key_history& keys, std::uint64_t size) {
  for (const auto& each : keys.changes()) {
    if (each.size > size)
      continue; // after this was exported
    auto root = merkle::root_from_tiles(
        each.size, [&](const auto& id) { return tile_of(folder, id, size); });
    if (!root || *root != each.root)
      return "the change of keys at size " + std::to_string(each.size)
             + " is not of this tree";
  }
  return {};
}

/// What is wrong with the payloads of an archive, or nothing.
std::string problem_of_payloads(const std::filesystem::path& folder,
                                const archive::description& what,
                                std::uint64_t size) {
  if (what.size > size)
    return "the archive claims more entries than its checkpoint";
  auto bad = archive::check_payloads(folder, what);
  return bad ? sentence_of(bad) : std::string{};
}

int verify_tree(invocation& in, const std::filesystem::path& folder,
                const merkle::verifier_key& trusted) {
  auto note = read_part(folder / "checkpoint");
  if (!note)
    return in.fail(note.error());
  auto keys = keys_for(in, trusted, folder / "keys");
  if (!keys)
    return not_verified(in, sentence_of(keys.error()));
  auto believed = keys->open(*note);
  if (!believed)
    return not_verified(in, "the checkpoint: " + sentence_of(believed.error()));
  if (is_forgeable(*believed, *keys))
    return not_verified(in, "the checkpoint is by the key "
                                + crypto::key_record_name(believed->by)
                                + ", which was revoked: have the node sign "
                                  "another one, by GET /ledger/checkpoint/"
                                + std::to_string(believed->head.size)
                                + ", and put it in its place");
  const auto& head = believed->head;
  auto part = archive::read_description(folder, archive::description_name);
  if (!part)
    return not_verified(in, sentence_of(part.error()));
  // What is said to lie elsewhere is not passed over in silence.
  auto first = *part ? std::min((*part)->first, head.size) : 0;
  progress shown{in.out(), "verified", head.size};
  auto found = merkle::audit_log(
      head,
      [&](const std::string& path) { return read_resource(folder, path); },
      [&](std::uint64_t done) { shown.at(done); }, first);
  if (found.problem.empty() && *part)
    found.problem = problem_of_payloads(folder, **part, head.size);
  if (found.problem.empty())
    found.problem = check_changes(folder, *keys, head.size);
  row out{{"verified", boolean(found.problem.empty())},
          {"checked", number(found.checked)},
          {"tree_size", number(head.size)},
          {"root", hex(byte_view{head.root})},
          {"signed_by", text(believed->by.name)},
          {"key", text(crypto::key_record_name(believed->by))}};
  if (first > 0 && found.problem.empty())
    out.emplace_back("by_hash_alone", number(head.size - found.checked));
  if (found.first_wrong)
    out.emplace_back("first_wrong", number(*found.first_wrong));
  if (!found.problem.empty())
    out.emplace_back("problem", text(found.problem));
  in.out().record(out);
  return found.problem.empty() ? 0 : 1;
}

int verify_receipt(invocation& in, const std::string& file,
                   const merkle::verifier_key& trusted) {
  auto content = read_file(file);
  if (!content)
    return in.fail(content.error());
  auto keys = keys_for(in, trusted, {});
  if (!keys)
    return not_verified(in, sentence_of(keys.error()));
  auto parsed = merkle::parse_receipt(*content);
  if (!parsed)
    return not_verified(in, parsed.error());
  if (!parsed->extra)
    return not_verified(in, "the receipt does not carry its entry");
  auto leaf = merkle::hasher{}.leaf(*parsed->extra);
  auto checked = check_receipt(*parsed, leaf, *keys);
  if (!checked)
    return not_verified(in, "entry " + std::to_string(parsed->index) + ": "
                                + sentence_of(checked.error()));
  in.out().record({{"verified", boolean(true)},
                   {"index", number(parsed->index)},
                   {"leaf_hash", hex(byte_view{leaf})},
                   {"tree_size", number(checked->head.size)},
                   {"signed_by", text(checked->by.name)},
                   {"key", text(crypto::key_record_name(checked->by))}});
  return 0;
}

} // namespace

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
