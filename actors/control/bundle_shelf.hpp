// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The archives of bundles at CONTROL's hand: those that the store keeps, and
// the one that is being put. Opens them by digest and checks signatures by the
// keys of the configuration. Belongs to CONTROL's thread.

#include "actors/control/bundle_source.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/wire/command.hpp"

#include <functional>
#include <string>

namespace acgs::control {

class bundle_shelf {
public:
  /// Gives an archive of the store by its digest in hexadecimal.
  using reader = std::function<result<domain::shared_text>(std::string_view)>;

  bundle_shelf(rego::bundle::verification by, reader kept);

  /// Takes an archive in hand, so that `open` knows it until the next one.
  /// Gives the command that puts it with what was found as its body: digest,
  /// size, and who signed. Fails with `policy_invalid` where it is no bundle,
  /// where it is signed and no key is known, or not signed rightly and keys
  /// are.
  result<wire::command> offer(const domain::shared_text& archive,
                              const domain::command& what);

  /// What is in the archive of a digest. Fails with `not_found`,
  /// `policy_invalid` or the store's errors.
  result<bundle_ptr> open(std::string_view digest);

  /// Whether an archive of the store is signed as it must be by today's keys.
  caf::error check(std::string_view digest);

private:
  result<domain::shared_text> find(std::string_view digest) const;
  result<std::string> signer_of(const rego::bundle::file_list& files) const;

  rego::bundle::verification by_;
  reader kept_;
  std::string offered_digest_;
  domain::shared_text offered_;
  std::string opened_digest_; ///< a put is often activated next
  bundle_ptr opened_;
};

} // namespace acgs::control
