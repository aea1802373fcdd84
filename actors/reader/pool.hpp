// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Several READERs behind one handle: each question goes to the one that works
// on fewest, so that what takes long keeps nobody waiting as long as another is
// free. Reads nothing itself. Supervised by NODE, behind the readers.

#include "actors/reader/protocol.hpp"

#include <vector>

namespace acgs::reader {

/// One of a crashed reader's askers gets an error; the next question goes to
/// its successor.
reader_actor::behavior_type pool(reader_actor::pointer self,
                                 std::vector<actor_ref<reader_actor>> readers);

} // namespace acgs::reader
