// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What control state has yet to learn of this node's signing keys. Pure. A key
// is called by its C2SP name and hash, "name+0123abcd", so that each of those
// that followed one another under one name has a record of its own.

#include "actors/signer/protocol.hpp"
#include "runtime/domain/control_state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acgs::control {

/// Name and body of a command of the kind `key_event`.
struct key_event {
  std::string name;
  std::string body;
  std::string reason; ///< that SIGNER was given; empty where there was none
};

/// The events that lead from what `known` says to what SIGNER lists, in order:
/// keys that are new, keys that followed others, keys that sign no more or are
/// gone, and keys that were revoked.
std::vector<key_event> key_events(const domain::control_state& known,
                                  const signer::key_list& listed);

/// The event in the body of such a command, "created"; empty where there is
/// none.
std::string event_of(std::string_view body);

} // namespace acgs::control
