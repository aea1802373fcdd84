// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/receipt.hpp"

#include "merkle/base64.hpp"

#include "text.hpp"

namespace merkle {

namespace {

constexpr std::string_view magic = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";

} // namespace

std::string format_receipt(const receipt& what) {
  std::string out{magic};
  out += '\n';
  if (what.extra)
    out.append(extra_word) += base64_encode(*what.extra) + '\n';
  out.append(index_word) += std::to_string(what.index) + '\n';
  for (const auto& sibling : what.path)
    out += base64_encode(sibling) + '\n';
  return out + '\n' + what.checkpoint;
}

result<receipt> parse_receipt(std::string_view text) {
  if (text.size() > 2 * max_note_size)
    return failure{"a receipt of more than 2 MiB"};
  if (auto line = detail::take_line(text); !line || *line != magic)
    return failure{"not a receipt: expected 'c2sp.org/tlog-proof@v1' first"};
  receipt out;
  auto line = detail::take_line(text);
  if (line && line->starts_with(extra_word)) {
    out.extra = base64_decode(line->substr(extra_word.size()));
    if (!out.extra)
      return failure{"a receipt whose extra data is not base64"};
    line = detail::take_line(text);
  }
  if (!line || !line->starts_with(index_word))
    return failure{"a receipt without an index line"};
  auto index = detail::parse_decimal(line->substr(index_word.size()));
  if (!index)
    return failure{"a receipt whose index is not a number"};
  out.index = *index;
  while ((line = detail::take_line(text)) && !line->empty()) {
    auto sibling = detail::parse_hash(*line);
    if (!sibling || out.path.size() == max_proof_length)
      return failure{"a receipt with a bad line in its proof"};
    out.path.push_back(*sibling);
  }
  if (!line)
    return failure{"a receipt without a checkpoint"};
  out.checkpoint = text;
  return out;
}

result<checkpoint> verify_receipt(const receipt& what, const hash& leaf,
                                  const verifier_key& log) {
  auto head = open_checkpoint(what.checkpoint, log);
  if (!head)
    return head;
  auto in =
      verify_inclusion(leaf, what.index, head->size, what.path, head->root);
  if (!in)
    return failure{in.error()};
  return head;
}

} // namespace merkle
