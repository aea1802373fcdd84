// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where what opens the key files comes from: the file of `keys.passphrase_file`
// or `keys.key_file`, systemd's credential `acgs-keys-passphrase`, or a person
// at the terminal. Never the environment, which children inherit and others
// may read.

#include "runtime/config/settings.hpp"
#include "runtime/crypto/key_lock.hpp"

#include <memory>

namespace acgs::node {

/// The lock of this node's keys. Takes systemd's credential where nothing else
/// is given; asks for a passphrase where there is none either, files are locked
/// with one and standard input is a terminal. Fails with `invalid_argument`
/// where more than one way is given or a secret is unfit, or as
/// `crypto::read_private_file` does.
result<std::shared_ptr<const crypto::key_lock>>
make_lock(const config::keys_settings& from);

} // namespace acgs::node
