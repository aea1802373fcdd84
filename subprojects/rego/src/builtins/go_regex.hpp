// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Go's regular expressions on RE2, which has the same syntax and semantics but
// for details that are evened out here. Compiled ones are kept by the context;
// an RE2 is safe for concurrent use.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"

namespace re2 {
class RE2;
}

namespace rego {

/// A pattern compiled or Go's message on what is wrong with it.
struct go_regex {
  std::unique_ptr<re2::RE2> re;
  std::string error;
  int groups = 0;      // capturing groups
  uint64_t weight = 0; // of the compiled program: work for a byte, at most
  size_t memory = 0;   // of the program and of states made while searching
  ~go_regex();

  /// Bytes that it takes, at most.
  size_t footprint() const { return 1024 + error.size() + memory; }
};

// RE2 takes time with the product of program and text at worst, and nothing
// stops it on the way. So each call below is let in by what it may take: it
// throws bound_reached where that is more than is left of the evaluation's
// time, or too much for any one call.

/// The pattern compiled, to own.
go_regex* new_regex(call_context& c, std::string_view pattern);

/// The same from the context's cache where it is there.
std::shared_ptr<go_regex> compile_regex(call_context& c,
                                        std::string_view pattern);

/// The whole text matches? (The pattern need not be anchored.)
bool regex_full_match(call_context& c, const go_regex& r,
                      std::string_view text);
/// Some part of the text matches?
bool regex_match(call_context& c, const go_regex& r, std::string_view text);

/// Group i of a match is the bytes [2i, 2i + 1), -1 where it took no part.
using regex_groups = std::vector<int64_t>;

/// Calls f for at most `most` (-1: all) successive matches, as Go's FindAll
/// finds them.
void regex_each(call_context& c, const go_regex& r, std::string_view text,
                int64_t most,
                const std::function<void(const regex_groups&)>& f);

/// Group number of a name, or -1.
int regex_group(const go_regex& r, const std::string& name);

/// Go's regexp.QuoteMeta.
std::string regex_quote(std::string_view text);

} // namespace rego
