// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/log_resource.hpp"

#include <merkle/tile.hpp>

namespace acgs::shell {

result<std::string> log_resource(client::connection& node,
                                 const std::string& path) {
  auto whole = node.ledger().resource({}, path);
  if (whole || code_of(whole.error()) != ec::too_large)
    return whole;
  auto id = merkle::parse_bundle_path(path);
  if (!id)
    return whole;
  merkle::bytes out;
  for (unsigned i = 0; i < id->width; ++i) {
    client::entry_key which;
    which.index = id->index * merkle::tile_width + i;
    auto one = node.ledger().show(which, false);
    if (!one)
      return one.error();
    auto added = merkle::append_to_bundle(out, one->entry.entry.encoded());
    if (!added)
      return make_error(ec::store_corrupt, "entry "
                                               + std::to_string(which.index)
                                               + ": " + added.error());
  }
  return std::string{as_text(out)};
}

} // namespace acgs::shell
