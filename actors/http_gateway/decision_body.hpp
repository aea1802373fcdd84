// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a client sends to have something decided, and what it gets back, as
// text. Pure. Inputs and results pass through as they are: nothing between the
// client and the policy changes a digit.

#include "actors/ledger/protocol.hpp"
#include "runtime/auth/constitution_pin.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/domain/constitution_names.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::http_gateway {

/// How a client wraps what it sends, and therefore gets its answer.
enum class wrapping : std::uint8_t {
  opa,  ///< {"input": ...} in, {"result": ...} out
  bare, ///< the input itself in, the result itself out
};

struct decision_body {
  wrapping how = wrapping::opa;
  std::string_view input;       ///< JSON text; empty: no input
  auth::constitution_pins pins; ///< of the input, and beside it
};

/// Reads a body. `bare_too`: a body without `input` is itself the input, as
/// the runbooks' services take it; else OPA's rule holds and there is none, as
/// where the input, or the body, is null. Fails with `invalid_argument` or
/// `too_large`, also where the input, or a member beside it, insists on a
/// constitution by anything but its name, and, of the runbooks, as
/// `check_unmixed`.
result<decision_body> read_decision_body(std::string_view body, bool bare_too);

/// The same for an input that `check_text` has passed and that stands alone:
/// of a query, or the whole body of OPA's default decision.
result<decision_body> read_input(std::string_view input, wrapping how);

/// The member `input` as JSON text; empty where it is null or there is none,
/// which is the same to OPA.
std::string_view input_among(const std::vector<json::member>& members);

/// Fails with `invalid_argument`, naming them, where members that a request for
/// one of the node's own decisions consists of stand beside `wrapper`: what it
/// wraps would be decided, and they be passed over, so that a reader may take
/// the permission for theirs.
caf::error check_unmixed(const std::vector<json::member>& members,
                         std::string_view wrapper);

/// What is said around a result.
struct decision_answer {
  wrapping how = wrapping::opa;
  /// The route of the runbooks: the fields of the contract go into the result,
  /// and until when a permission holds that states its `valid_seconds`:
  /// `expires_at`, or the `valid_until` of an approval and its `approval_id`.
  bool enrich = false;
  /// What clients call the constitution that the result calls by its digits;
  /// null: the same.
  const domain::constitution_names* names = nullptr;
  std::string_view last_step{};  ///< of the path: names a bare scalar
  std::string_view metrics{};    ///< JSON, or empty
  std::string_view provenance{}; ///< JSON, or empty
  bool warns_of_input = false;   ///< as OPA does of a body without an input
};

/// The body of the answer to a decision that did not end in an error.
std::string write_decision(const ledger::released& from,
                           const decision_answer& as);

} // namespace acgs::http_gateway
