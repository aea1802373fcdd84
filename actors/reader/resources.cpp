// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/reader/resources.hpp"

#include <merkle/receipt.hpp>
#include <merkle/tile.hpp>

namespace acgs::reader {

namespace {

std::string text_of(byte_view view) {
  return std::string{as_text(view)};
}

caf::error beyond(std::string_view path) {
  return make_error(ec::not_found,
                    "the log is not that long: " + std::string{path});
}

result<std::string> tile_bytes(store::log_view& log, const merkle::tile_id& id,
                               std::string_view path) {
  auto stored = log.tile(id.level, id.index);
  auto wanted = id.width * sizeof(merkle::hash);
  if (id.level > 7 || !stored || stored->size() < wanted)
    return beyond(path);
  return text_of(stored->first(wanted));
}

result<std::string> bundle_bytes(store::log_view& log,
                                 const merkle::bundle_id& id,
                                 std::string_view path) {
  auto size = log.head().size;
  if (id.index > size / merkle::tile_width
      || id.index * merkle::tile_width + id.width > size)
    return beyond(path);
  merkle::bytes out;
  auto failed = log.for_each_entry(id.index * merkle::tile_width, id.width,
                                   [&](std::uint64_t, byte_view entry) {
                                     return static_cast<bool>(
                                         merkle::append_to_bundle(out, entry));
                                   });
  if (failed)
    return failed;
  return text_of(out);
}

} // namespace

result<std::string> tile_resource(store::log_view& log, std::string_view path) {
  if (path.starts_with("tile/entries/")) {
    auto id = merkle::parse_bundle_path(path);
    if (!id)
      return make_error(ec::invalid_argument, id.error());
    return bundle_bytes(log, *id, path);
  }
  auto id = merkle::parse_tile_path(path);
  if (!id)
    return make_error(ec::invalid_argument, id.error());
  return tile_bytes(log, *id, path);
}

result<std::string> make_receipt(store::log_view& log, std::uint64_t index,
                                 const std::string& signed_checkpoint) {
  auto size = size_of_checkpoint(signed_checkpoint);
  auto entry = log.entry(index);
  if (!entry)
    return entry.error();
  auto path =
      merkle::prove_inclusion(index, size, [&](const merkle::tile_id& id) {
        return log.tile_copy(id.level, id.index);
      });
  if (!path)
    return make_error(ec::not_found, path.error());
  merkle::receipt out;
  out.extra = bytes{entry->begin(), entry->end()};
  out.index = index;
  out.path = std::move(*path);
  out.checkpoint = signed_checkpoint;
  return merkle::format_receipt(out);
}

std::uint64_t size_of_checkpoint(const std::string& signed_checkpoint) {
  auto note = merkle::parse_note(signed_checkpoint);
  if (!note)
    return 0;
  auto head = merkle::parse_checkpoint(note->text);
  return head ? head->size : 0;
}

} // namespace acgs::reader
