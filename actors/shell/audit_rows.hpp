// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An entry as a row: what fits a line, and all of it.

#include "actors/shell/output.hpp"
#include "runtime/client/values.hpp"

namespace acgs::shell {

/// Which entry a word means: an index where it is a number, else the entry of a
/// decision id.
client::entry_key key_of(const std::string& word);

/// What fits a line. `whole` tells all.
row summary(const client::located_entry& from);
row whole(const client::located_entry& from);

/// All of it with what it commits to, what became of it, and whether that was
/// shredded, by whom and why.
row detailed(const client::entry_detail& from);

/// The same three cells of an entry that was shredded, or empty ones.
row shredding_cells(const std::optional<client::shredding>& from);

} // namespace acgs::shell
