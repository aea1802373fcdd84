// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder of keys: read, or made where it is empty, and changed. Blocking.
// It holds `ring.json` and the private parts that the ring names:
// `checkpoint.key` and so on at first, `checkpoint-<id>.key` of those that
// followed. A new private part is synced before the ring names it; a file that
// the ring does not name is left over from a change that did not come about, or
// of a key that signs no more, and is removed at the next start.

#include "actors/signer/config.hpp"
#include "actors/signer/state.hpp"

namespace acgs::signer {

/// The ring's file in the folder of keys.
inline constexpr const char* ring_name = "ring.json";

/// All keys. Fails as `crypto::load_key` does: a key that cannot be read is
/// never replaced by a new one; and with `store_corrupt` where ring and files
/// contradict one another.
result<opened_keys> open_keys(const config& with);

/// Makes a planned change durable. Where that fails, it may still have come
/// about if `unknown` is set: only reading the folder again tells.
caf::error store_change(const config& with, const planned_change& what,
                        bool& unknown);

/// `ring.json` as it is on disk now. Any thread: it is replaced as a whole.
/// Fails as `crypto::read_private_file` does.
result<std::string> read_ring_text(const std::filesystem::path& folder);

} // namespace acgs::signer
