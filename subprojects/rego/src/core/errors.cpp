// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Errors as text and as JSON.

#include <algorithm>

#include "core/unicode.hpp"
#include "rego/build.hpp"
#include "rego/error.hpp"
#include "rego/json.hpp"

namespace rego {

std::string_view bound_message(bound b) {
  switch (b) {
  case bound::instructions:
    return "the instruction limit is reached";
  case bound::time:
    return "the time limit is reached";
  case bound::memory:
    return "the memory limit is reached";
  case bound::depth:
    return "calls or values are nested too deeply";
  case bound::output:
    return "the limit of the result's size is reached";
  case bound::number:
    return "a number has more than 30103 digits";
  case bound::pattern:
    return "a pattern may take longer than there is time";
  case bound::cancelled:
    return "caller cancelled query execution";
  default:
    return "";
  }
}

error bound_error(bound b) {
  return {"eval_cancel_error", std::string(bound_message(b)), "", 0, 0, b};
}

std::string to_string(const error& e) {
  std::string out;
  if (!e.file.empty())
    out += e.file + ":" + std::to_string(e.row) + ": ";
  else if (e.row > 0)
    out += std::to_string(e.row) + ":" + std::to_string(e.col) + ": ";
  out += e.code + ": " + e.message;
  if (e.details)
    for (auto& line : e.details->lines)
      out += "\n\t" + line;
  if (!e.line)
    return out;
  auto tabs =
      std::min(e.line->text.find_first_not_of('\t'), e.line->text.size());
  auto indent = e.line->index > tabs ? e.line->index - tabs : 0;
  return out + "\n\t" + e.line->text.substr(tabs) + "\n\t"
         + std::string(indent, ' ') + "^";
}

std::string to_string(const errors& list) {
  if (list.size() == 1)
    return "1 error occurred: " + to_string(list[0]);
  auto out = std::to_string(list.size()) + " errors occurred:";
  for (auto& e : list)
    out += "\n" + to_string(e);
  return out;
}

namespace {

/// What errors quote may be no UTF-8, which JSON would not be any more then.
value quoted(arena& a, std::string_view text) {
  return make_string(a, repair_utf8(text));
}

} // namespace

value errors_value(arena& a, const errors& list) {
  array_builder out(a);
  for (auto& e : list) {
    object_builder o(a);
    o.add("code", make_string(a, e.code));
    o.add("message", quoted(a, e.message));
    if (e.row > 0 || !e.file.empty()) {
      object_builder at(a);
      at.add("file", quoted(a, e.file));
      at.add("row", value::integer(e.row));
      at.add("col", value::integer(e.col));
      o.add("location", at.finish());
    }
    if (e.line) {
      object_builder details(a);
      details.add("line", quoted(a, e.line->text));
      details.add("idx", value::integer(static_cast<int64_t>(e.line->index)));
      o.add("details", details.finish());
    }
    if (e.details)
      if (auto told = parse_json(a, e.details->json))
        o.add("details", *told);
    out.push(o.finish());
  }
  return out.array();
}

std::string errors_json(const errors& list, const json_style& s) {
  arena a;
  object_builder root(a);
  root.add("errors", errors_value(a, list));
  return to_json(root.finish(), s);
}

} // namespace rego
