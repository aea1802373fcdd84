// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/checkpoint.hpp"

#include "merkle/base64.hpp"

#include "text.hpp"

namespace merkle {

std::string format_checkpoint(const checkpoint& what) {
  auto out = what.origin + '\n' + std::to_string(what.size) + '\n'
             + base64_encode(what.root) + '\n';
  for (const auto& line : what.extensions)
    out += line + '\n';
  return out;
}

result<checkpoint> parse_checkpoint(std::string_view text) {
  checkpoint out;
  auto origin = detail::take_line(text);
  if (!origin || origin->empty())
    return failure{"a checkpoint without an origin"};
  out.origin = *origin;
  auto line = detail::take_line(text);
  auto size = line ? detail::parse_decimal(*line) : std::nullopt;
  if (!size)
    return failure{"a checkpoint whose second line is not a tree size"};
  out.size = *size;
  line = detail::take_line(text);
  auto root = line ? detail::parse_hash(*line) : std::nullopt;
  if (!root)
    return failure{"a checkpoint whose third line is not a root hash"};
  out.root = *root;
  while (auto more = detail::take_line(text)) {
    if (more->empty())
      return failure{"a checkpoint with an empty extension line"};
    out.extensions.emplace_back(*more);
  }
  if (!text.empty())
    return failure{"a checkpoint that does not end in a newline"};
  return out;
}

result<checkpoint> open_checkpoint(std::string_view signed_note,
                                   const verifier_key& log) {
  auto parsed = parse_note(signed_note);
  if (!parsed)
    return failure{parsed.error()};
  if (auto by = verify_note(*parsed, {&log, 1}); !by)
    return failure{by.error()};
  auto out = parse_checkpoint(parsed->text);
  if (out && out->origin != log.name)
    return failure{"a checkpoint of origin '" + out->origin + "': expected '"
                   + log.name + "'"};
  return out;
}

} // namespace merkle
