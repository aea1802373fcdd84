// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/archived.hpp"

#include "runtime/store/keys.hpp"

#include <algorithm>

namespace acgs::store {

namespace {

constexpr std::size_t encoded_size = 8 + sizeof(digest) + 8 + 8;

} // namespace

archived_log::~archived_log() = default;

bytes encode_archived(const archived_part& part) {
  bytes out;
  auto add = [&](byte_view view) {
    out.insert(out.end(), view.begin(), view.end());
  };
  add(to_key(part.size));
  add(part.root);
  add(to_key(part.told_by));
  add(to_key(part.revision));
  return out;
}

result<archived_part> decode_archived(byte_view encoded) {
  if (encoded.size() != encoded_size)
    return make_error(ec::store_corrupt, "the record of what was archived has "
                                             + std::to_string(encoded.size())
                                             + " bytes; expected "
                                             + std::to_string(encoded_size));
  archived_part out;
  out.size = to_number(encoded);
  std::copy_n(encoded.begin() + 8, sizeof(digest), out.root.begin());
  out.told_by = to_number(encoded.subspan(8 + sizeof(digest)));
  out.revision = to_number(encoded.subspan(16 + sizeof(digest)));
  return out;
}

caf::error archived_error(std::uint64_t index, const archived_part& part) {
  return make_error(
      ec::not_found,
      "entry " + std::to_string(index) + " was archived: the entries before "
          + std::to_string(part.size) + " are in an archive, as entry "
          + std::to_string(part.told_by) + " tells",
      "entry");
}

} // namespace acgs::store
