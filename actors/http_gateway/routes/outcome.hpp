// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `POST /v1/decisions/{id}/outcome`: what became of a decision, as the one who
// asked for it reports later. An entry of its own that refers to the decision;
// its detail goes beside the log as a sealed payload.

#include "actors/http_gateway/router.hpp"

namespace acgs::http_gateway {

void record_outcome(const call_ptr& who);

} // namespace acgs::http_gateway
