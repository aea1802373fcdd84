// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Several READERs behind one handle: each question goes to the one that works
// on fewest, so that what takes long keeps nobody waiting as long as another is
// free. Reads nothing itself. Supervised by NODE, behind the readers.
//
// Probed, it probes all readers and answers at once by what it knows of them:
// one that has kept a probe for `silence_max` is stuck, and so is one that was
// never there for as long. Sooner it may just be starting, beside the pool. A
// log that was found not to verify is degraded until all of it does.
//
// Before a question is handed on, LEDGER makes readable what it acknowledged,
// so that whoever got a verdict finds its entry. Where LEDGER does not answer
// in `publish_timeout`, the question is answered from what can be read.

#include "actors/ledger/protocol.hpp"
#include "actors/reader/protocol.hpp"
#include "runtime/base/clock.hpp"

#include <chrono>
#include <vector>

namespace acgs::reader {

inline constexpr std::chrono::seconds publish_timeout{1};
inline constexpr std::chrono::seconds silence_max{2};

/// One of a crashed reader's askers gets an error; the next question goes to
/// its successor.
reader_actor::behavior_type pool(reader_actor::pointer self,
                                 std::vector<actor_ref<reader_actor>> readers,
                                 actor_ref<ledger_actor> ledger,
                                 const time_source* clock);

} // namespace acgs::reader
