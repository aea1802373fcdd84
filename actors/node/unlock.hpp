// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where what opens the key files comes from: the environment variable
// ACGS_KEYS_PASSPHRASE, the file of `keys.passphrase_file` or `keys.key_file`,
// systemd's credential `acgs-keys-passphrase`, or a person at the terminal.

#include "runtime/config/settings.hpp"
#include "runtime/crypto/key_lock.hpp"

#include <memory>
#include <optional>

namespace acgs::node {

/// Takes ACGS_KEYS_PASSPHRASE out of the environment and wipes it there, so
/// that neither a child nor /proc shows it. Nothing where it is not set. Call
/// it before there are other threads.
std::optional<crypto::secret> take_passphrase();

/// The lock of this node's keys. Takes systemd's credential where nothing else
/// is given; asks for a passphrase where there is none either, files are locked
/// with one and standard input is a terminal. Fails with `invalid_argument`
/// where more than one way is given or a secret is unfit, or as
/// `crypto::read_private_file` does.
result<std::shared_ptr<const crypto::key_lock>>
make_lock(const config::keys_settings& from,
          std::optional<crypto::secret> passphrase);

} // namespace acgs::node
