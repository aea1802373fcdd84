// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/ring_file.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/key_document.hpp"
#include "runtime/crypto/private_file.hpp"

#include <vector>

namespace acgs::backup {

namespace {

namespace fs = std::filesystem;

/// The files of the private parts; empty where the text is no ring.
std::vector<std::string> files_of(const std::string& ring) {
  std::vector<std::string> out;
  auto read =
      json::parse(ring, {.bytes = crypto::key_document_bytes_max, .depth = 8});
  auto active = read ? read->find("active") : nullptr;
  if (!active || !active->if_array())
    return out;
  for (const auto& each : *active->if_array()) {
    auto file = each.find("file");
    if (!file || !file->if_string()
        || file->if_string()->find('/') != std::string::npos)
      return {};
    out.push_back(*file->if_string());
  }
  return out;
}

} // namespace

result<bool> put_back_ring(const fs::path& folder, const std::string& ring) {
  std::error_code failed;
  auto path = folder / "ring.json";
  if (fs::exists(path, failed))
    return false;
  auto files = files_of(ring);
  if (files.empty())
    return make_error(ec::store_corrupt,
                      "the backup's ring of keys cannot be read");
  for (const auto& file : files)
    if (!fs::exists(folder / file, failed))
      return make_error(ec::not_found,
                        (folder / file).string()
                            + " is missing, a private key of this log, which "
                              "no backup holds");
  if (auto bad = crypto::write_private_file(path, as_byte_view(ring)))
    return bad;
  return true;
}

} // namespace acgs::backup
