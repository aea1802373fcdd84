// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the next word of a line may be: commands, options, and the live names
// that the node gives. Pure but for `names`, which is asked for no more than
// one kind.

#include "actors/shell/command.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::shell {

struct completions {
  std::size_t begin = 0;          ///< where the word begins in the line
  std::vector<std::string> words; ///< sorted; what fits the part typed so far
};

/// `line` reaches to the cursor.
completions
complete(std::string_view line,
         const std::function<std::vector<std::string>(kind)>& names);

/// The longest beginning that all have in common.
std::string common_beginning(const std::vector<std::string>& of);

/// The live names of a kind, from the node; none where it cannot be asked.
std::vector<std::string> live_names(kind of, client::connection& node);

} // namespace acgs::shell
