// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/verifier_key.hpp"

#include "merkle/base64.hpp"
#include "merkle/hasher.hpp"

#include "text.hpp"

#include <algorithm>

namespace merkle {

namespace {

using typed_key = std::array<std::byte, 1 + sizeof(ed25519_public_key)>;

typed_key with_type(signature_type type, const ed25519_public_key& key) {
  typed_key out;
  out[0] = static_cast<std::byte>(type);
  std::copy(key.begin(), key.end(), out.begin() + 1);
  return out;
}

std::string hex_id(std::uint32_t id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out(8, '0');
  for (auto& digit : out) {
    digit = digits[id >> 28];
    id <<= 4;
  }
  return out;
}

} // namespace

std::uint32_t key_id(std::string_view name, signature_type type,
                     const ed25519_public_key& key) {
  auto text = as_bytes(name);
  bytes message{text.begin(), text.end()};
  message.push_back(std::byte{'\n'});
  auto typed = with_type(type, key);
  message.insert(message.end(), typed.begin(), typed.end());
  auto digest = hasher{}.plain(message);
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i)
    id = id << 8 | std::to_integer<std::uint32_t>(digest[i]);
  return id;
}

result<verifier_key> make_verifier_key(std::string name, signature_type type,
                                       const ed25519_public_key& key) {
  if (!detail::is_key_name(name))
    return failure{
        "a key name must be UTF-8, not empty, without spaces or '+'"};
  auto id = key_id(name, type, key);
  return verifier_key{std::move(name), id, type, key};
}

std::string format_verifier_key(const verifier_key& key) {
  return key.name + '+' + hex_id(key.id) + '+'
         + base64_encode(with_type(key.type, key.key));
}

result<verifier_key> parse_verifier_key(std::string_view text) {
  failure bad{"not a verifier key: expected <name>+<key id>+<base64 key>"};
  auto first = text.find('+');
  if (first == text.npos)
    return bad;
  auto second = text.find('+', first + 1);
  if (second == text.npos)
    return bad;
  auto decoded = base64_decode(text.substr(second + 1));
  if (!decoded || decoded->size() != sizeof(typed_key))
    return bad;
  auto type = static_cast<signature_type>(decoded->front());
  if (type != signature_type::ed25519 && type != signature_type::cosignature)
    return failure{"a verifier key of type "
                   + std::to_string(std::to_integer<int>(decoded->front()))
                   + ": expected 1 or 4"};
  ed25519_public_key key;
  std::copy(decoded->begin() + 1, decoded->end(), key.begin());
  auto out = make_verifier_key(std::string{text.substr(0, first)}, type, key);
  if (out && hex_id(out->id) != text.substr(first + 1, second - first - 1))
    return failure{"a verifier key whose id is not that of its key"};
  return out;
}

} // namespace merkle
