// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/unlock.hpp"

#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/process/no_echo.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

namespace acgs::node {

namespace {

constexpr const char* credential = "acgs-keys-passphrase";

using lock_ptr = std::shared_ptr<const crypto::key_lock>;

/// Without the newline that an editor leaves at the end.
crypto::secret without_newline(const crypto::secret& from) {
  return from.read([](byte_view text) {
    auto size = text.size();
    while (size > 0
           && (text[size - 1] == std::byte{'\n'}
               || text[size - 1] == std::byte{'\r'}))
      --size;
    return crypto::secret::copy_of(text.first(size));
  });
}

void say(std::string_view text) {
  // Where the terminal is gone, there is nobody to be told.
  [[maybe_unused]] auto written =
      ::write(STDERR_FILENO, text.data(), text.size());
}

crypto::secret ask_passphrase() {
  process::no_echo silent; // before the prompt: it forgets what was typed
  say("acgsd: passphrase of the signing keys: ");
  crypto::secret line{crypto::password_size_max};
  auto size = line.write([](std::span<std::byte> to) {
    std::size_t at = 0;
    while (at < to.size() && ::read(STDIN_FILENO, &to[at], 1) == 1
           && to[at] != std::byte{'\n'})
      ++at;
    return at;
  });
  say("\n");
  return line.read([&](byte_view text) {
    return crypto::secret::copy_of(text.first(size));
  });
}

/// Whether any key file in the folder is locked with a passphrase.
bool needs_passphrase(const std::filesystem::path& folder) {
  std::error_code ignored; // what cannot be listed is refused when opened
  for (const auto& each : std::filesystem::directory_iterator{folder, ignored})
    if (each.path().extension() == ".key") {
      auto locked = crypto::lock_of(each.path());
      if (locked && *locked == crypto::lock_kind::passphrase)
        return true;
    }
  return false;
}

result<crypto::secret> read_secret(const char* key,
                                   const std::filesystem::path& file) {
  auto found = crypto::read_private_file(file);
  if (found)
    return found;
  return make_error(code_of(found.error()),
                    std::string{key} + ": " + sentence_of(found.error()), key);
}

/// systemd's credential, where the service has it (LoadCredential=).
result<std::optional<crypto::secret>> read_credential() {
  const auto* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder)
    return std::nullopt;
  auto found =
      crypto::read_credential_file(std::filesystem::path{folder} / credential);
  if (found)
    return std::optional{without_newline(*found)};
  if (code_of(found.error()) == ec::not_found)
    return std::nullopt;
  return found.error();
}

result<lock_ptr> shared(result<crypto::key_lock> made, const char* key) {
  if (made)
    return std::make_shared<const crypto::key_lock>(std::move(*made));
  return make_error(code_of(made.error()),
                    std::string{key} + ": " + sentence_of(made.error()), key);
}

} // namespace

result<lock_ptr> make_lock(const config::keys_settings& from) {
  if (!from.passphrase_file.empty() && !from.key_file.empty())
    return make_error(ec::invalid_argument,
                      "keys are locked in one way: expected one of "
                      "keys.passphrase_file and keys.key_file");
  if (!from.key_file.empty()) {
    auto content = read_secret("keys.key_file", from.key_file);
    return content ? shared(crypto::key_lock::with_file(std::move(*content)),
                            "keys.key_file")
                   : result<lock_ptr>{content.error()};
  }
  if (!from.passphrase_file.empty()) {
    auto content = read_secret("keys.passphrase_file", from.passphrase_file);
    return content ? shared(
               crypto::key_lock::with_passphrase(without_newline(*content)),
               "keys.passphrase_file")
                   : result<lock_ptr>{content.error()};
  }
  auto given = read_credential();
  if (!given)
    return given.error();
  if (*given)
    return shared(crypto::key_lock::with_passphrase(std::move(**given)),
                  credential);
  if (::isatty(STDIN_FILENO) && needs_passphrase(from.dir))
    return shared(crypto::key_lock::with_passphrase(ask_passphrase()),
                  "passphrase");
  return std::make_shared<const crypto::key_lock>();
}

} // namespace acgs::node
