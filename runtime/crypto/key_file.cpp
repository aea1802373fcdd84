// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/key_file.hpp"

#include "runtime/base/number_text.hpp"
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/crypto/words.hpp"

#include <algorithm>

namespace acgs::crypto {

namespace {

constexpr std::string_view pem_begin = "-----BEGIN PRIVATE KEY-----\n";
constexpr std::string_view pem_end = "\n-----END PRIVATE KEY-----\n";
constexpr std::string_view sealed_magic = "acgs-sealed-key-v2 ";
constexpr std::size_t seed_size = 32;
constexpr std::size_t lock_salt_size = 16;

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

/// What a sealed file says before its seed.
struct sealed_head {
  lock_kind kind = lock_kind::none;
  password_cost cost;
  bytes salt;
};

std::string text_of(const sealed_head& head) {
  std::string out{sealed_magic};
  if (head.kind == lock_kind::passphrase)
    out += "argon2id " + std::to_string(head.cost.passes) + ' '
           + std::to_string(head.cost.memory_bytes >> 10) + ' ';
  else
    out += "file ";
  return out + to_base64(head.salt) + ' ';
}

/// Takes the head off the text, leaving the seed; nothing where it is none.
std::optional<sealed_head> take_head(std::string_view& text) {
  auto whole = text;
  text.remove_prefix(sealed_magic.size());
  sealed_head out;
  auto kind = take_word(text);
  if (kind == "argon2id") {
    out.kind = lock_kind::passphrase;
    auto passes = parse_number<unsigned>(take_word(text));
    auto kibibytes = parse_number<std::size_t>(take_word(text));
    // Beyond these bounds nothing is multiplied.
    if (!passes || *passes > lock_passes_max || !kibibytes
        || *kibibytes > lock_memory_max >> 10)
      return std::nullopt;
    out.cost = {*passes, *kibibytes << 10};
  } else if (kind == "file") {
    out.kind = lock_kind::file;
  } else {
    return std::nullopt;
  }
  auto salt = from_base64(take_word(text));
  if (!salt || salt->size() != lock_salt_size || !text.ends_with('\n'))
    return std::nullopt;
  out.salt = std::move(*salt);
  text.remove_suffix(1);
  if (!whole.starts_with(text_of(out)))
    return std::nullopt;
  return out;
}

result<std::string> sealed_of(const secret& seed, const key_lock& lock) {
  sealed_head head{lock.kind(), lock.cost(), random_bytes(lock_salt_size)};
  auto key = lock.key_for(head.salt, head.cost);
  if (!key)
    return key.error();
  auto text = text_of(head);
  auto sealed = key->read([&](byte_view with) {
    return seed.read(
        [&](byte_view from) { return seal(with, from, as_byte_view(text)); });
  });
  if (!sealed)
    return sealed.error();
  return text + to_base64(*sealed) + '\n';
}

caf::error other_lock(const std::filesystem::path& path, lock_kind needed,
                      lock_kind given) {
  auto name = [](lock_kind kind) {
    return kind == lock_kind::file ? "a key file (keys.key_file)"
                                   : "a passphrase (keys.passphrase_file)";
  };
  return make_error(ec::forbidden,
                    path.string() + " is locked with " + name(needed)
                        + (given == lock_kind::none
                               ? std::string{", and none was given"}
                               : std::string{", not with "} + name(given)));
}

result<secret> open_sealed(std::string_view text, const key_lock& lock,
                           const std::filesystem::path& path) {
  auto whole = text;
  auto head = take_head(text);
  auto sealed = head ? from_base64(text) : std::nullopt;
  if (!sealed)
    return make_error(ec::invalid_argument,
                      path.string()
                          + " is not an encrypted Ed25519 key, or it asks for "
                            "more than 16 passes or 1 GiB of memory");
  if (head->kind != lock.kind())
    return other_lock(path, head->kind, lock.kind());
  auto key = lock.key_for(head->salt, head->cost);
  if (!key)
    return make_error(code_of(key.error()),
                      path.string() + ": " + sentence_of(key.error()));
  auto context = whole.substr(0, whole.size() - text.size() - 1);
  auto seed = key->read([&](byte_view with) {
    return unseal(with, *sealed, as_byte_view(context));
  });
  if (!seed)
    return make_error(
        ec::forbidden,
        std::string{"the "}
            + (lock.kind() == lock_kind::file ? "key file" : "passphrase")
            + " for " + path.string() + " is wrong, or it was changed");
  wiped<bytes> guard{std::move(*seed)};
  if (guard.value.size() != seed_size)
    return not_a_key(path);
  return secret::copy_of(guard.value);
}

/// The text of the file to be, to be wiped.
result<std::string> text_for(const signing_key& key, const key_lock& lock) {
  if (lock.kind() == lock_kind::none)
    return pem_of(key.seed());
  return sealed_of(key.seed(), lock);
}

bool is_sealed(std::string_view text) {
  return text.starts_with(sealed_magic);
}

} // namespace

caf::error save_key(const std::filesystem::path& path, const signing_key& key,
                    const key_lock& lock) {
  auto text = text_for(key, lock);
  if (!text)
    return text.error();
  wiped<std::string> guard{std::move(*text)};
  return write_private_file(path, as_byte_view(guard.value));
}

result<signing_key> load_key(const std::filesystem::path& path,
                             const key_lock& lock) {
  auto file = read_private_file(path);
  if (!file)
    return file.error();
  return file->read([&](byte_view content) -> result<signing_key> {
    auto text = as_text(content);
    if (is_sealed(text)) {
      auto seed = open_sealed(text, lock, path);
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

result<lock_kind> lock_of(const std::filesystem::path& path) {
  auto file = read_private_file(path);
  if (!file)
    return file.error();
  return file->read([&](byte_view content) -> result<lock_kind> {
    auto text = as_text(content);
    if (!is_sealed(text))
      return lock_kind::none;
    auto head = take_head(text);
    if (!head)
      return not_a_key(path);
    return head->kind;
  });
}

caf::error protect_key(const std::filesystem::path& path,
                       const key_lock& lock) {
  auto locked = lock_of(path);
  if (!locked)
    return locked.error();
  if (*locked != lock_kind::none)
    return {};
  auto key = load_key(path);
  if (!key)
    return key.error();
  auto text = sealed_of(key->seed(), lock);
  if (!text)
    return text.error();
  return replace_private_file(path, as_byte_view(*text));
}

} // namespace acgs::crypto
