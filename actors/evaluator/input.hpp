// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the policies see of a request: its input, with `input.caller` as the
// gateway knows it. Whatever the client put there is outranked.

#include "runtime/domain/decision.hpp"

#include <rego/value.hpp>

#include <string>

namespace acgs::evaluator {

/// The JSON text that is evaluated and recorded: the request's input, an
/// object of which gets (last, so that it wins over one of the client's) the
/// member "caller": {subject, role, tenant, method}. No input at all becomes
/// an object with that member alone. Text that is no JSON stays none.
std::string effective_input(const domain::decide_request& request);

/// The member of that name of an object; undefined for anything else.
rego::value member(const rego::value& of, std::string_view key);

/// Whom the request is about: the first of `agent_id`, `agent.id`,
/// `agent.agent_id`, `context.agent.id`, `context.agent.agent_id`,
/// `context.agent_id`, `evolution_request.agent_id` that is a text, else the
/// caller. At most 128 bytes of it.
std::string agent_of(const rego::value& input,
                     const domain::identity_view& caller);

} // namespace acgs::evaluator
