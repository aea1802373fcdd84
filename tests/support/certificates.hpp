// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS files for tests of who proves itself: right ones, and wrong ones.

#include "runtime/crypto/tls_files.hpp"
#include "tests/support/must.hpp"

#include <filesystem>
#include <string>

namespace acgs::test {

/// Makes in `folder` tls/, a node's own files; other/, those of another
/// authority; and expired.pem, for the key tls/admin.key, which has run out.
/// Returns the node's own. OpenSSL goes by the time of day, and so do they.
inline crypto::tls_files
make_certificates(const std::filesystem::path& folder) {
  auto ensure = [&](const std::string& name, wall_time at) {
    return must(crypto::ensure_tls_files(folder / name, "n1",
                                         {"localhost", "127.0.0.1"}, at));
  };
  // The client's certificate as it was a year ago has run out since.
  auto now = system_clock().now();
  ensure("tls", now - std::chrono::days{400});
  std::filesystem::copy_file(folder / "tls/admin.pem", folder / "expired.pem");
  ensure("other", now);
  return ensure("tls", now);
}

} // namespace acgs::test
