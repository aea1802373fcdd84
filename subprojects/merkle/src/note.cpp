// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/note.hpp"

#include "merkle/base64.hpp"
#include "merkle/cosignature.hpp"

#include "text.hpp"

#include <algorithm>

namespace merkle {

namespace {

constexpr std::string_view dash = "\xe2\x80\x94 ";

result<note_signature> parse_line(std::string_view line) {
  failure bad{"not a signature line: expected an em dash, a name and base64"};
  if (!line.starts_with(dash))
    return bad;
  line.remove_prefix(dash.size());
  auto space = line.find(' ');
  if (space == line.npos || !detail::is_key_name(line.substr(0, space)))
    return bad;
  auto decoded = base64_decode(line.substr(space + 1));
  if (!decoded || decoded->size() < 5)
    return bad;
  note_signature out{std::string{line.substr(0, space)}, 0, {}};
  for (std::size_t i = 0; i < 4; ++i)
    out.key_id =
        out.key_id << 8 | std::to_integer<std::uint32_t>((*decoded)[i]);
  out.signature.assign(decoded->begin() + 4, decoded->end());
  return out;
}

bool verifies(const verifier_key& key, const note& what,
              const note_signature& by) {
  if (key.type == signature_type::cosignature)
    return verify_cosignature(key, what.text, by.signature);
  return verify_ed25519(key.key, as_bytes(what.text), by.signature);
}

} // namespace

result<std::string> format_note(const note& what) {
  if (!what.text.ends_with('\n') || !detail::is_note_text(what.text))
    return failure{"a note's text must be UTF-8 and end in a newline"};
  if (what.signatures.empty())
    return failure{"a note needs a signature"};
  auto out = what.text + '\n';
  for (const auto& by : what.signatures) {
    if (!detail::is_key_name(by.name) || by.signature.empty())
      return failure{"a signature needs a key name and its bytes"};
    bytes blob;
    for (int shift = 24; shift >= 0; shift -= 8)
      blob.push_back(static_cast<std::byte>(by.key_id >> shift));
    blob.insert(blob.end(), by.signature.begin(), by.signature.end());
    out.append(dash).append(by.name) += ' ';
    out += base64_encode(blob) + '\n';
  }
  return out;
}

result<note> parse_note(std::string_view text) {
  if (text.size() > max_note_size)
    return failure{"a note of more than 1 MiB"};
  if (!detail::is_note_text(text))
    return failure{"a note must be UTF-8 without control characters"};
  auto gap = text.rfind("\n\n");
  if (gap == text.npos)
    return failure{"a note without an empty line before its signatures"};
  note out{std::string{text.substr(0, gap + 1)}, {}};
  auto rest = text.substr(gap + 2);
  while (auto line = detail::take_line(rest)) {
    if (out.signatures.size() == max_note_signatures)
      return failure{"a note with more than 100 signatures"};
    auto by = parse_line(*line);
    if (!by)
      return failure{by.error()};
    out.signatures.push_back(std::move(*by));
  }
  if (!rest.empty())
    return failure{"a note that does not end in a newline"};
  if (out.signatures.empty())
    return failure{"a note without a signature"};
  return out;
}

result<std::vector<verifier_key>>
verify_note(const note& what, std::span<const verifier_key> known) {
  std::vector<verifier_key> out;
  for (const auto& by : what.signatures) {
    auto key = std::find_if(known.begin(), known.end(), [&](const auto& k) {
      return k.name == by.name && k.id == by.key_id;
    });
    if (key == known.end()
        || std::find(out.begin(), out.end(), *key) != out.end())
      continue;
    if (!verifies(*key, what, by))
      return failure{"the signature of " + by.name + " does not verify"};
    out.push_back(*key);
  }
  if (out.empty())
    return failure{"no signature of the note is by a known key"};
  return out;
}

outcome sign_note(note& what, const verifier_key& key,
                  const sign_function& sign) {
  if (key.type != signature_type::ed25519)
    return failure{"a cosignature needs its time: use cosign_note"};
  auto signature = sign(as_bytes(what.text));
  if (!signature)
    return failure{"the key " + key.name + " could not sign"};
  what.signatures.push_back(
      {key.name, key.id, {signature->begin(), signature->end()}});
  return ok();
}

} // namespace merkle
