// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the path of a document to the reference that Rego knows it by.

#include <string>
#include <string_view>

namespace acgs::evaluator {

/// "acgs/main/decision" becomes `data.acgs.main.decision`; a name that is no
/// plain identifier stands in brackets and quotes, a whole number in brackets
/// alone, as OPA's REST API has it. Within a part, "~1" is a slash and "~0" a
/// tilde. Empty parts are passed over; an empty path is `data`.
std::string reference_of(std::string_view path);

} // namespace acgs::evaluator
