// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/key_files.hpp"

#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"

namespace acgs::signer {

namespace {

namespace fs = std::filesystem;

std::string name_of(const config& with, purpose serves) {
  if (serves == purpose::checkpoint)
    return with.origin;
  return with.origin + '/'
         + std::string{purpose_names[static_cast<std::size_t>(serves)]};
}

/// When the file was last written: a key file never is again.
std::int64_t age_of(const fs::path& file) {
  std::error_code failed;
  auto written = fs::last_write_time(file, failed);
  if (failed)
    return 0;
  auto time = std::chrono::file_clock::to_sys(written);
  return std::chrono::nanoseconds{time.time_since_epoch()}.count();
}

result<held_key> open_key(const config& with, purpose serves) {
  auto name = purpose_names[static_cast<std::size_t>(serves)];
  auto file = with.folder / (std::string{name} + ".key");
  auto loaded = crypto::load_key(file, with.passphrase);
  if (loaded)
    return held_key{std::move(*loaded), name_of(with, serves), age_of(file),
                    false};
  if (code_of(loaded.error()) != ec::not_found)
    return loaded.error();
  auto made = crypto::signing_key::generate();
  if (auto bad = crypto::save_key(file, made, with.passphrase))
    return bad;
  return held_key{std::move(made), name_of(with, serves),
                  to_nanos(with.time->now()), true};
}

} // namespace

result<std::vector<held_key>> open_keys(const config& with) {
  if (auto bad = crypto::ensure_private_folder(with.folder))
    return bad;
  std::vector<held_key> out;
  for (auto serves : {purpose::checkpoint, purpose::token, purpose::bundle}) {
    auto key = open_key(with, serves);
    if (!key)
      return key.error();
    out.push_back(std::move(*key));
  }
  return out;
}

} // namespace acgs::signer
