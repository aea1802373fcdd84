// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `audit export`: the ledger as JSON lines or CSV, which are for reading, or
// as a tree of tiles, which anyone can verify. Entries come a bundle of 256 at
// a time, each from a read transaction of its own: writing goes on, and a long
// log takes no more memory than a short one.

#include "actors/shell/command.hpp"

namespace acgs::shell {

std::vector<parameter> export_parameters();

int audit_export(invocation& in, client::connection& node);

/// Reads an option that is a time (RFC 3339), where it is there. Fails with
/// `invalid_argument`, naming it.
caf::error read_time(invocation& in, const char* key, std::int64_t& to);

/// One line of CSV (RFC 4180) of what a row holds, or of its names. Text that
/// a spreadsheet would take for a formula gets a ' before it.
std::string csv_line(const row& of);
std::string csv_names(const row& of);

} // namespace acgs::shell
