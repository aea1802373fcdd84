// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns an outcome into a decision and the ledger entry about it. Input and
// result go beside the log, sealed; the entry holds commitments to them.
// Belongs to one evaluator.

#include "actors/evaluator/state.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/base/ids.hpp"

#include <functional>
#include <string>

namespace acgs::evaluator {

/// Seals one payload under a key of its own.
using sealer =
    std::function<domain::sealed_payload(domain::payload_kind, byte_view)>;

class recorder {
public:
  recorder(std::string node, const time_source& time, id_maker& ids,
           sealer seal);

  /// The decision for this request, ready for LEDGER.
  ledger::release make(const domain::decide_request& request,
                       const outcome& made, const snapshot& with);

private:
  std::string node_;
  const time_source& time_;
  id_maker& ids_;
  sealer seal_;
};

} // namespace acgs::evaluator
