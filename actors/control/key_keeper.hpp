// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CONTROL has to do with signing keys: it asks LEDGER for the log's head
// and SIGNER for the change, and puts what SIGNER then lists on record by
// commands like anybody else's. SIGNER's folder says which keys sign; a record
// that a crash swallowed is made at the next start. Belongs to CONTROL's
// thread.

#include "actors/control/control.hpp"
#include "actors/control/key_events.hpp"
#include "runtime/actor/promise.hpp"

#include <functional>

namespace acgs::control {

class key_keeper {
public:
  /// `head` gives the newest state that is durable.
  key_keeper(self_actor::pointer self, const config& cfg,
             std::function<domain::control_state_ptr()> head)
      : self_{self}, cfg_{cfg}, head_{std::move(head)} {
    // Asks when asked.
  }

  /// Puts on record what SIGNER has that control state does not know.
  void learn();

  caf::result<key_changed> change(rotate_key what);
  caf::result<key_changed> change(revoke_key what);

private:
  /// In whose name something is recorded, and who waits for it.
  struct order {
    domain::identity caller;
    std::string request_id;
    std::string reason;
  };

  template <class Request, class Make>
  caf::result<key_changed> begin(const Request& what, Make make);
  void record(const signer::key_list& listed, const order& by,
              std::function<void(const caf::error&, const applied&)> done);
  caf::error check_room() const;

  self_actor::pointer self_;
  const config& cfg_;
  std::function<domain::control_state_ptr()> head_;
  bool changing_ = false;
};

} // namespace acgs::control
