// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/eval_partial.hpp"

#include "cli/text.hpp"

namespace rego::cli {

namespace {

std::string lines_of(const std::string& body) {
  return body.empty() ? "true" : body;
}

} // namespace

std::string partial_source(const partial_result& r) {
  std::string out;
  size_t n = 0;
  for (auto& q : r.queries)
    out += "# Query " + std::to_string(++n) + "\n" + lines_of(q) + "\n\n";
  n = 0;
  for (auto& m : r.support)
    out += "# Module " + std::to_string(++n) + "\n" + m.text;
  return out;
}

std::string partial_table(const partial_result& r) {
  if (r.queries.empty())
    return "undefined\n";
  std::vector<std::vector<std::string>> rows;
  auto add = [&](std::string name, const std::string& text) {
    size_t begin = 0;
    while (begin < text.size()) {
      auto end = std::min(text.find('\n', begin), text.size());
      rows.push_back({name, text.substr(begin, end - begin)});
      name.clear();
      begin = end + 1;
    }
  };
  size_t n = 0;
  for (auto& q : r.queries)
    add("Query " + std::to_string(++n), lines_of(q));
  n = 0;
  for (auto& m : r.support)
    add("Support " + std::to_string(++n), m.text);
  return table_text({}, rows);
}

} // namespace rego::cli
