// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The shipped config/acgs.yaml, written from the key table, so that the manual
// of the configuration cannot differ from what the loader takes.

#include "runtime/config/key.hpp"
#include "runtime/config/load.hpp"

#include <sstream>

namespace acgs::config {

namespace {

constexpr std::size_t column_max = 79;

/// Appends the text as comment lines of at most 79 columns.
void append_comment(std::string& out, const std::string& text) {
  std::istringstream words{text};
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && 4 + line.size() + 1 + word.size() > column_max) {
      out += "  # " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  out += "  # " + line + "\n";
}

constexpr std::string_view head = R"(# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# The configuration of a node. Every key stands here with its default.
# Each can also be set in the environment: ACGS_<SECTION>_<KEY>, lists and maps
# with commas (ACGS_HTTP_LISTEN=127.0.0.1:8181,[::1]:8181), maps with = as well
# (ACGS_LIMITS_REQUESTS_PER_SECOND_BY_ROLE=admin=0,agent=50).
# Check a change with: acgsd --config FILE --check-config
)";

} // namespace

std::string annotated() {
  std::string out{head};
  std::string section;
  for (auto& one : all_keys()) {
    auto dot = one.name.find('.');
    if (one.name.substr(0, dot) != section) {
      section = one.name.substr(0, dot);
      out += "\n" + section + ":\n";
    } else {
      out += "\n";
    }
    append_comment(out, one.meaning);
    append_comment(
        out, "Default: " + one.default_yaml + ". Expected: " + one.expected()
                 + (one.needs_restart ? "." : ". Can change at run time."));
    out += "  " + one.name.substr(dot + 1) + ": " + one.default_yaml + "\n";
  }
  return out;
}

} // namespace acgs::config
