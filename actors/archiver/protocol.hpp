// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ARCHIVER's messages: a node's stores for a backup, block by block. It keeps
// nothing between two messages, so whoever takes a backup says where it is;
// what the blocks hold was fixed when it began (runtime/backup/source.hpp).

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/backup/plan.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <string>

namespace acgs::archiver {

struct begin_backup {
  backup::base from;
  using local_message = void;
};

/// A backup has begun.
struct begun {
  std::shared_ptr<const backup::plan> of;
  using local_message = void;
};

/// The block at a place of it.
struct read_block {
  std::shared_ptr<const backup::plan> of;
  backup::place at;
  using local_message = void;
};

struct block {
  backup::piece what;
  using local_message = void;
};

/// The text of a manifest, to be signed. Fails with `conflict` where the log's
/// keys are not those of the backup any more.
struct sign_manifest {
  std::string text;
  std::string ring; ///< what the backup holds of the keys
  using local_message = void;
};

/// The signed note.
struct signed_manifest {
  std::string note;
  using local_message = void;
};

} // namespace acgs::archiver

namespace acgs {

using archiver_actor = caf::typed_actor<
    /// Has the log's head signed and plans a backup up to it. Fails with
    /// `conflict` where the base is none of this node's.
    caf::replies_to<archiver::begin_backup>::with<archiver::begun>,
    caf::replies_to<archiver::read_block>::with<archiver::block>,
    caf::replies_to<archiver::sign_manifest>::with<archiver::signed_manifest>,
    caf::replies_to<probe>::with<probe_result>>;

namespace archiver {

/// Where ARCHIVER is found.
inline constexpr actor_key<archiver_actor> key{"archiver"};

} // namespace archiver

} // namespace acgs
