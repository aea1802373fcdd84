// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows how long the node's certificates are still good for, so that somebody
// hears of it before clients do: acgs_certificate_expiry_seconds{certificate}.

#include "runtime/base/clock.hpp"
#include "runtime/config/settings.hpp"
#include "runtime/metrics/registry.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace acgs::node {

/// PEM files by what the label calls them.
using certificate_files = std::map<std::string, std::filesystem::path>;

/// What a node of these settings has: `node` for RPC's listener, `authority`
/// that issued it, `admin` for the operator's client, and `http` where the
/// configuration names a certificate for HTTP.
certificate_files certificate_files_of(const config::settings& from);

/// From now on every collection shows the seconds until each one's first
/// certificate runs out, below 0 after that. A file is read again when it has
/// changed; one that cannot be read, or holds none, shows 0, as nobody could
/// be answered with it, and a line in the log says why.
void show_certificates(acgs::metrics::registry& in, const time_source& time,
                       const certificate_files& files);

} // namespace acgs::node
