// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which actors there are, where each one is now, and how it does. An actor
// that crashes comes back as a new one with a new handle, so nobody keeps
// handles: whoever talks to SIGNER is given an `actor_ref<signer_actor>` when
// it is made, and asks it for the current handle on each send.
//
//   self->request(config.signer.get(), timeout, sign_atom::value, ...)
//
// `get` is never null. While the actor is dead, restarting or not yet started,
// it leads to one that answers every request with `ec::unavailable`.
// Supervisors write, any thread reads. The directory and all references must
// be gone before the actor system is.

#include "runtime/base/clock.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace acgs {

/// The name of an actor together with the type of its handle. Each protocol
/// header declares one: `inline constexpr actor_key<signer_actor>
/// key{"signer"}`.
template <class Handle>
struct actor_key {
  std::string_view name;
};

/// What a supervised actor is doing.
enum class actor_state : std::uint8_t {
  running,
  restarting, ///< dead; its supervisor will start it again
  stopping,   ///< told to end, and not ended yet
  stopped,    ///< ended, and will not be started again
};

inline constexpr std::array<std::string_view, 4> actor_state_names{
    "running", "restarting", "stopping", "stopped"};
static_assert(actor_state_names.size()
              == static_cast<std::size_t>(actor_state::stopped) + 1);

constexpr std::string_view to_string_view(actor_state state) {
  return actor_state_names[static_cast<std::size_t>(state)];
}

/// What a supervisor knows about one of its children.
struct actor_status {
  std::string parent{}; ///< the supervisor's own name, empty for the root
  actor_state state = actor_state::stopped;
  unsigned restarts = 0;    ///< since the node started
  steady_time since{};      ///< when it came into this state
  std::string last_error{}; ///< why it ended last; empty if it never did
};

class work_queue;

/// One line of `acgs actors`.
struct actor_row {
  std::string name;
  actor_status status;
  bool bounded = false;           ///< whether the next three are known
  std::size_t mailbox_length = 0; ///< messages that wait now
  std::size_t mailbox_bound = 0;  ///< beyond it, requests are refused
  std::uint64_t refused = 0;      ///< requests refused since its last start
  /// Work that waits, beside all mailboxes, for whichever of this supervisor's
  /// children comes free first.
  std::size_t queue_length = 0;
  std::size_t queue_bound = 0; ///< beyond it work is refused; 0: no queue
};

/// One name's place: the current handle, replaced under a lock.
class actor_slot {
public:
  explicit actor_slot(caf::strong_actor_ptr current);

  caf::strong_actor_ptr get() const;

  /// Returns the one before, to be let go where no lock is held.
  [[nodiscard]] caf::strong_actor_ptr replace(caf::strong_actor_ptr by);

private:
  mutable std::mutex mutex_;
  caf::strong_actor_ptr current_;
};

/// A lasting reference to an actor that may be replaced. Copies are cheap and
/// stay connected; any thread may use one.
template <class Handle>
class actor_ref {
public:
  /// Refers to no one; only to be assigned to.
  actor_ref() = default;

  /// Made by `directory::find`.
  explicit actor_ref(std::shared_ptr<const actor_slot> slot)
      : slot_{std::move(slot)} {
    // Shared with the directory.
  }

  /// Refers to one given actor for ever: for tests, and for actors that live
  /// and die with the one that uses them.
  static actor_ref fixed(const Handle& handle) {
    return actor_ref{std::make_shared<actor_slot>(
        caf::actor_cast<caf::strong_actor_ptr>(handle))};
  }

  /// The actor as it is now. Not to be kept beyond one send.
  Handle get() const { return caf::actor_cast<Handle>(slot_->get()); }

  explicit operator bool() const { return slot_ != nullptr; }

private:
  std::shared_ptr<const actor_slot> slot_;
};

class directory {
public:
  explicit directory(caf::actor_system& system);
  ~directory();

  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  /// A reference to the actor of that name, started or not.
  template <class Handle>
  actor_ref<Handle> find(actor_key<Handle> key) {
    return actor_ref<Handle>{slot_of(key.name)};
  }

  /// Puts an actor in its place and notes how it does: for supervisors.
  void put(std::string_view name, caf::strong_actor_ptr current,
           actor_status status);

  /// Notes how an actor does that is not (or no longer) to be talked to:
  /// requests to it are refused at once.
  void put_absent(std::string_view name, actor_status status);

  /// Notes how an actor does, whose handle stays: it is stopping.
  void put_status(std::string_view name, actor_status status);

  /// Shows with that supervisor the queue from which its children take work,
  /// as long as somebody else keeps it.
  void put_queue(std::string_view name,
                 const std::shared_ptr<const work_queue>& queue);

  /// All actors that a supervisor ever put in, in the order of their first
  /// start, each supervisor before its children.
  std::vector<actor_row> rows() const;

private:
  struct record;

  std::shared_ptr<const actor_slot> slot_of(std::string_view name);
  record& record_of(std::string_view name);

  caf::actor_system& system_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<record>, std::less<>> records_;
  std::size_t puts_ = 0;
};

} // namespace acgs
