// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/key_file.hpp"

#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/seal.hpp"

#include <algorithm>

namespace acgs::crypto {

namespace {

constexpr std::string_view pem_begin = "-----BEGIN PRIVATE KEY-----\n";
constexpr std::string_view pem_end = "\n-----END PRIVATE KEY-----\n";
constexpr std::string_view sealed_magic = "acgs-sealed-key-v1 ";
constexpr std::size_t seed_size = 32;

/// PKCS#8 before the seed: version 0, algorithm 1.3.101.112, two octet strings.
constexpr std::array<unsigned char, 16> der_prefix{
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
    0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

/// A buffer that is wiped at the end of its scope.
template <class Buffer>
struct wiped {
  Buffer value;
  ~wiped() { wipe(value); }
};

caf::error not_a_key(const std::filesystem::path& path) {
  return make_error(ec::invalid_argument,
                    path.string() + " is not an Ed25519 private key in PEM");
}

std::string pem_of(const secret& seed) {
  wiped<bytes> der{bytes(der_prefix.size() + seed_size)};
  auto head = std::as_bytes(std::span{der_prefix});
  auto to = std::copy(head.begin(), head.end(), der.value.begin());
  seed.read([&](byte_view from) { std::copy(from.begin(), from.end(), to); });
  wiped<std::string> text{to_base64(der.value)};
  std::string out;
  out.reserve(pem_begin.size() + text.value.size() + pem_end.size());
  return out.append(pem_begin).append(text.value).append(pem_end);
}

std::optional<secret> seed_of_pem(std::string_view text) {
  if (!text.starts_with(pem_begin) || !text.ends_with(pem_end))
    return std::nullopt;
  text.remove_prefix(pem_begin.size());
  text.remove_suffix(std::min(text.size(), pem_end.size()));
  auto decoded = from_base64(text);
  if (!decoded)
    return std::nullopt;
  wiped<bytes> der{std::move(*decoded)};
  auto head = std::as_bytes(std::span{der_prefix});
  if (der.value.size() != head.size() + seed_size
      || !std::equal(head.begin(), head.end(), der.value.begin()))
    return std::nullopt;
  return secret::copy_of(byte_view{der.value}.subspan(head.size()));
}

result<std::string> sealed_of(const secret& seed, std::string_view passphrase,
                              const password_cost& cost) {
  auto salt = random_bytes(16);
  auto key = derive_key(passphrase, salt, cost);
  if (!key)
    return key.error();
  auto sealed = key->read([&](byte_view with) {
    return seed.read([&](byte_view from) { return seal(with, from); });
  });
  if (!sealed)
    return sealed.error();
  return std::string{sealed_magic} + to_base64(salt) + ' ' + to_base64(*sealed)
         + '\n';
}

result<secret> open_sealed(std::string_view text, std::string_view passphrase,
                           const password_cost& cost,
                           const std::filesystem::path& path) {
  text.remove_prefix(sealed_magic.size());
  auto space = text.find(' ');
  if (space == text.npos || !text.ends_with('\n'))
    return not_a_key(path);
  auto salt = from_base64(text.substr(0, space));
  auto sealed = from_base64(text.substr(space + 1, text.size() - space - 2));
  if (!salt || !sealed || salt->size() != 16)
    return not_a_key(path);
  if (passphrase.empty())
    return make_error(ec::forbidden, path.string() + " needs a passphrase");
  auto key = derive_key(passphrase, *salt, cost);
  if (!key)
    return key.error();
  auto seed = key->read([&](byte_view with) { return unseal(with, *sealed); });
  if (!seed)
    return make_error(ec::forbidden, "the passphrase for " + path.string()
                                         + " is wrong, or it was changed");
  wiped<bytes> guard{std::move(*seed)};
  if (guard.value.size() != seed_size)
    return not_a_key(path);
  return secret::copy_of(guard.value);
}

} // namespace

caf::error save_key(const std::filesystem::path& path, const signing_key& key,
                    std::string_view passphrase, const password_cost& cost) {
  if (passphrase.empty()) {
    wiped<std::string> text{pem_of(key.seed())};
    return write_private_file(path, as_byte_view(text.value));
  }
  auto text = sealed_of(key.seed(), passphrase, cost);
  return text ? write_private_file(path, as_byte_view(*text)) : text.error();
}

result<signing_key> load_key(const std::filesystem::path& path,
                             std::string_view passphrase,
                             const password_cost& cost) {
  auto file = read_private_file(path);
  if (!file)
    return file.error();
  return file->read([&](byte_view view) -> result<signing_key> {
    auto text = as_text(view);
    if (text.starts_with(sealed_magic)) {
      auto seed = open_sealed(text, passphrase, cost, path);
      if (!seed)
        return seed.error();
      return signing_key::from_seed(*seed);
    }
    auto seed = seed_of_pem(text);
    if (!seed)
      return not_a_key(path);
    return signing_key::from_seed(*seed);
  });
}

} // namespace acgs::crypto
