// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// READER, the actor: reads, and never on the thread that syncs. NODE spawns
// several behind one handle (pool.hpp). Asks SIGNER where a receipt or a
// checkpoint is wanted of what is committed and not signed yet. A verification
// or a long search goes on in steps, between which others are answered.

#include "actors/reader/protocol.hpp"
#include "actors/signer/protocol.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "runtime/store/archived.hpp"
#include "runtime/store/store.hpp"

#include <functional>
#include <memory>

namespace acgs::reader {

struct config {
  std::shared_ptr<store::environment> ledger;
  std::shared_ptr<store::environment> index;
  std::string origin;
  crypto::log_keys keys; ///< of this origin's checkpoints
  actor_ref<signer_actor> signer;
  std::shared_ptr<const store::archived_log> archive{}; ///< may be none
  /// Gives "keys" or "vkey" of a log that this node wrote before, by origin.
  std::function<result<std::string>(const std::string&, const std::string&)>
      older_keys{};
};

/// READER's own message to itself: the next step of what takes long.
struct go_on {
  using local_message = void;
};

using self_actor = reader_actor::extend<caf::reacts_to<go_on>>;

self_actor::behavior_type reader(self_actor::pointer self, config cfg);

} // namespace acgs::reader
