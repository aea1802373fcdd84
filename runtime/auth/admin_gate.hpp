// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands before each admin verb beside the table of roles: the question
// to the policy `acgs.admin.allow`, and the entry about its use. Both gateways
// ask and record by this, whatever protocol the command came over. The policy
// sees
//   {"verb": ..., "command": ..., "subject": ..., "reason": ...}
// with `input.caller`; whatever it says is an entry before anything happens.
// What the table of roles refuses is an entry as well.

#include "runtime/auth/permissions.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/domain/identity.hpp"
#include "runtime/wire/decision.hpp"
#include "runtime/wire/entry.hpp"

#include <string>
#include <string_view>

namespace acgs::auth {

/// The document that is asked before an admin verb is carried out.
inline constexpr std::string_view admin_path = "acgs/admin/allow";

/// What somebody is about to do with an admin verb.
struct deed {
  verb what = verb::decide;
  std::string command;   ///< "clear_cache"
  std::string subject{}; ///< what it is done to; may be empty
  std::string reason{};
  std::string request_id{};
};

/// Where and when it happens.
struct occasion {
  std::string_view node;
  wall_time now{};
};

/// The question to POLICY.
wire::decide_request admin_question(const deed& of, const domain::identity& who,
                                    std::int64_t received_nanos);

/// Nothing where the policy allows it; else `forbidden`, naming who and what.
caf::error admin_verdict(const deed& on, const domain::identity& who,
                         const domain::decision& decision);

/// The entry about what the policy said. Its type is "admin." and the command.
wire::entry admin_entry(const deed& of, const domain::identity& who,
                        const domain::decision& decision, occasion at);

/// The entry about what was refused before the policy was asked, by the table
/// of roles or in lockdown, for the sentence `why`.
wire::entry refusal_entry(const deed& of, const domain::identity& who,
                          std::string_view why, occasion at);

/// Whether a refusal of the verb is recorded: of those that change the node,
/// where the caller is known and may not.
bool records_refusal(verb of, const caf::error& why);

} // namespace acgs::auth
