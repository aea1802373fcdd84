// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the file and the environment to one validated value. The environment
// outranks the file, the file the defaults: ACGS_<SECTION>_<KEY>, and
// LOG_LEVEL, LOG_FILE, LOG_MAX_BYTES, LOG_BACKUP_COUNT. A variable ACGS_...
// that is no key is refused, but for those that acgs, the scripts and the
// tests read. Every problem is reported, not only the first: one line each that
// names the place, the key, the value and what was expected.

#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"

#include <map>
#include <string>
#include <string_view>

namespace acgs::config {

using environment = std::map<std::string, std::string>;

/// The environment of this process. To be called before threads are started.
environment process_environment();

/// The settings of an empty file.
settings defaults();

/// Fails with `invalid_argument`, the problems one a line.
result<settings> load(const std::filesystem::path& file,
                      const environment& variables);

/// The same for a text; `source` stands for the file's name in messages.
result<settings> load_text(std::string_view yaml, const std::string& source,
                           const environment& variables);

/// Whether what the settings name can be used: folders that can be made or
/// written, files that exist. Fails like `load`.
caf::error check_files(const settings& values);

/// "key=value" lines of every key, or the value alone of the one named. Fails
/// with `not_found`, naming the nearest key. There is no secret among them:
/// keys of providers and passwords never stand in the configuration.
result<std::string> print(const settings& values, std::string_view name = {});

/// The shipped file: every key with its meaning, type, bounds and default.
std::string annotated();

} // namespace acgs::config
