// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was decided by at each revision, compiled: policies and data of the
// time, or with a candidate in the place of some policies. Compiles each set
// of policies once. Any thread may ask.

#include "actors/replayer/config.hpp"
#include "actors/replayer/protocol.hpp"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace acgs::replayer {

/// The path in a module's `package` line, "acgs.main", with `.x` for `["x"]`;
/// empty where it begins with none.
std::string package_of(std::string_view rego);

/// A history says what constitutions are called from the first time that the
/// configuration gave one a name; those of earlier versions never did.
enum class naming : std::uint8_t { as_configured, by_digest };

class timeline {
public:
  timeline(decltype(config::state_at) state_at, constitution_aliases aliases)
      : state_at_{std::move(state_at)}, aliases_{std::move(aliases)} {
    // Compiles when asked.
  }

  /// From now on with these modules in the place of those of their packages;
  /// none: as it was. Fails with `invalid_argument` where one has no package
  /// or there are too many.
  caf::error use(const std::vector<module>& candidate);

  bool has_candidate() const { return !candidate_.empty(); }

  /// The snapshot of a revision. Where the history does not say what
  /// constitutions were called then, they are called as `unsaid` says. Fails
  /// with `policy_invalid` where it does not compile, and as `state_at` does.
  result<snapshot_ptr> at(std::uint64_t revision,
                          naming unsaid = naming::as_configured);

private:
  struct stand_in {
    std::string name;
    std::string package;
    domain::shared_text text;
  };

  domain::control_state_ptr
  with_candidate(domain::control_state_ptr from) const;

  decltype(config::state_at) state_at_;
  constitution_aliases aliases_;
  std::vector<stand_in> candidate_;
  std::mutex mutex_; ///< guards what follows
  std::map<std::pair<std::uint64_t, naming>, result<snapshot_ptr>> known_;
  snapshot_ptr newest_; ///< built last, whose parts the next may share
};

} // namespace acgs::replayer
