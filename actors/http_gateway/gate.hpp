// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How calls over HTTP pass what stands before each admin verb: the policy
// `acgs.admin.allow`, and the record of its use (runtime/auth/admin_gate.hpp).

#include "actors/http_gateway/call.hpp"
#include "runtime/auth/admin_gate.hpp"
#include "runtime/domain/command.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// What the call is about to do, with the verb of its route.
auth::deed deed_of(const call& who, std::string command, std::string subject,
                   std::string reason = {});

/// Asks the policy, records the answer, and goes on where it allows. Else,
/// and where it could not be asked or recorded, the call fails.
void permit(const call_ptr& who, auth::deed what, std::function<void()> then);

/// Records that the table of roles refused the call's verb, and goes on. Where
/// it could not be recorded, the call fails.
void record_refusal(const call_ptr& who, const caf::error& why,
                    std::function<void()> then);

/// One command for CONTROL.
struct change {
  domain::command_kind kind = domain::command_kind::put_policy;
  std::string name;
  std::string body{};
  std::uint64_t expected_revision = 0; ///< 0: any
};

/// Permits the deed and then has CONTROL carry the change out.
void carry_out(const call_ptr& who, auth::deed what, change command,
               std::function<void(const control::applied&)> then);

/// The request's `X-ACGS-Reason`, or that of a JSON body {"reason": ...}.
/// Where there is none: "over HTTP". Fails with `invalid_argument` on a body
/// that is no JSON object, and on a reason that is no text.
result<std::string> reason_of(const call& from);

} // namespace acgs::http_gateway
