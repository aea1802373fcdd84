// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What IDENTITY's handlers share. Belongs to IDENTITY's thread.

#include "actors/identity/identity.hpp"
#include "actors/identity/lockouts.hpp"
#include "actors/identity/metrics.hpp"
#include "actors/identity/refusals.hpp"
#include "actors/identity/state.hpp"
#include "runtime/actor/promise.hpp"

#include <functional>

namespace acgs::identity {

class shell {
public:
  shell(self_actor::pointer self, config cfg);

  void update(const control::published& now) { state_ = now.state; }

  /// Each wipes the password that it was handed.
  caf::result<token_pair> log_in(login& what);
  caf::result<void> put(put_user& what);

  caf::result<token_pair> exchange(const refresh& what);
  caf::result<token_pair> give(const issue& what);
  caf::result<void> take_back(const revoke& what);
  void record(const refused& what, std::string_view event_type);

private:
  /// Who asks, for commands on behalf of somebody who has no identity yet.
  struct asker {
    domain::identity who;
    std::string request_id;
  };

  caf::error check_login(const login& what);
  caf::error refuse_login(const login& what, steady_time now);
  bool password_fits(const std::string& stored, const std::string& password);
  void sign(auth::claims what, promise<token_pair> later,
            std::function<void(std::string)> then);
  void issue_pair(const grant& what, const asker& by,
                  promise<token_pair> later);
  void handle_conflict(const std::string& family, const asker& by);
  template <class Answer, class Then>
  void command(domain::command_kind kind, std::string_view name,
               std::string_view body, const asker& by, promise<Answer> later,
               Then then);

  self_actor::pointer self_;
  config cfg_;
  metrics counts_;
  lockouts locks_;
  refusals refusals_;
  domain::control_state_ptr state_; ///< null before CONTROL has told it
  std::string decoy_; ///< a hash that no password fits, for unknown names
};

} // namespace acgs::identity
