// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's TLS files, made on its first start:
//   ca.pem ca.key      its own authority (10 years)
//   node.pem node.key  for its listeners and links (1 year)
//   admin.pem admin.key  for the operator's client (1 year)
// Keys have mode 0600. In its last month a certificate that this authority
// issued is replaced by one for the same key; what somebody else issued is left
// alone. The authority is not replaced, since its clients trust this one.
// Called before the gateways start, and again and again while they run.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <filesystem>
#include <vector>

namespace acgs::crypto {

/// A certificate is renewed when it lives no longer than this.
inline constexpr std::chrono::days renew_before{30};

/// Where a node's TLS files are.
struct tls_files {
  std::filesystem::path authority;   ///< ca.pem
  std::filesystem::path certificate; ///< node.pem
  std::filesystem::path key;         ///< node.key
  wall_time expires{}; ///< when node.pem or the authority runs out
};

/// Makes what is missing in `folder` (created with mode 0700) and renews what
/// runs out; `names` are the
/// host names and addresses that the node answers under. Fails as
/// `write_private_file` and `issue_certificate` do.
result<tls_files> ensure_tls_files(const std::filesystem::path& folder,
                                   const std::string& node_name,
                                   const std::vector<std::string>& names,
                                   wall_time now);

} // namespace acgs::crypto
