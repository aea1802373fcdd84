// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SIGNER, the actor: signs bytes by purpose, and has keys follow one another.
// Starts before LEDGER and stops after it. A restart reads the folder again.

#include "actors/signer/config.hpp"
#include "actors/signer/protocol.hpp"

namespace acgs::signer {

/// Opens or makes the keys; where that fails the actor ends with the reason.
signer_actor::behavior_type signer(signer_actor::pointer self, config cfg);

} // namespace acgs::signer
