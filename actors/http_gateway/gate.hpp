// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands before each admin verb beside the table of roles: the policy
// `acgs.admin.allow`, and the record of its use. The policy sees
//   {"verb": ..., "command": ..., "subject": ..., "reason": ...}
// with `input.caller`; whatever it says is an entry before anything happens.

#include "actors/http_gateway/call.hpp"
#include "runtime/domain/command.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// What somebody is about to do. The verb is that of the route.
struct deed {
  std::string command; ///< "clear_cache"
  std::string subject; ///< what it is done to; may be empty
  std::string reason{};
};

/// Asks the policy, records the answer, and goes on where it allows. Else,
/// and where it could not be asked or recorded, the call fails.
void permit(const call_ptr& who, deed what, std::function<void()> then);

/// One command for CONTROL.
struct change {
  domain::command_kind kind = domain::command_kind::put_policy;
  std::string name;
  std::string body{};
};

/// Permits the deed and then has CONTROL carry the change out.
void carry_out(const call_ptr& who, deed what, change command,
               std::function<void(const control::applied&)> then);

/// The request's `X-ACGS-Reason`, or that of a JSON body {"reason": ...}.
/// Where there is none: "over HTTP".
std::string reason_of(const call& from);

} // namespace acgs::http_gateway
