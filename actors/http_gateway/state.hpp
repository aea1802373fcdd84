// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP_GATEWAY's core: what it decides itself before it asks anybody, from
// the configuration and the control state of the moment. One thread at a
// time; no messaging and no I/O.

#include "actors/control/protocol.hpp"
#include "actors/http_gateway/config.hpp"
#include "runtime/auth/document_access.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/constitution_names.hpp"
#include "runtime/domain/control_state.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::http_gateway {

/// Control state and what the gateway reads out of it. Immutable: the actor
/// makes it on its own thread, since reading large data takes its time, and
/// hands it to the loop.
class present {
public:
  present() = default;

  /// `previous` may be null; what is the same is taken from there.
  present(const control::published& now,
          const domain::constitution_aliases& aliases, const present* previous);

  /// Null before the first state is known.
  const domain::control_state_ptr& control() const { return control_; }

  /// Why bundles could not be activated when that was last tried, by name.
  const control::bundle_faults& faults() const;

  /// Whether the node's bundles are in force: those of control state always
  /// are. What was refused, of a new bundle too, is not among them and stands
  /// in `faults`, as in OPA, where a bundle that was activated once stays
  /// ready. False before the first state is known.
  bool bundles_active() const;

  bool lockdown() const { return control_ && control_->lockdown.on; }
  bool strict() const { return control_ && control_->strict.on; }

  /// The active constitution as clients know it: its alias, or the first 16
  /// hexadecimal digits of its digest. Empty before the first state is known.
  const std::string& constitution() const { return names_.shown; }

  /// Its digest in hexadecimal, whatever its alias.
  const std::string& constitution_digest() const { return names_.digest; }

  /// Whether the name means the active constitution.
  bool is_constitution(std::string_view name) const {
    return names_.contains(name);
  }

  /// All of its names.
  const domain::constitution_names& names() const { return names_; }

  /// Where base documents stand.
  const auth::base_documents& documents() const { return documents_; }

private:
  domain::control_state_ptr control_;
  std::shared_ptr<const control::bundle_faults> faults_;
  auth::base_documents documents_;
  domain::constitution_names names_;
};

class state {
public:
  explicit state(access_rules access) : access_{std::move(access)} {}

  /// Goes by this from now on; an older revision is passed over.
  void publish(std::shared_ptr<const present> next);

  const present& now() const { return *now_; }

  /// Fails with `invalid_argument` where the Host field names something that
  /// this node does not answer as. A web page can make a name of its own lead
  /// to loopback (DNS rebinding), but not an address.
  caf::error check_host(std::string_view host) const;

  /// Fails with `forbidden` on an Origin that is neither configured nor the
  /// request's own host.
  caf::error check_origin(std::string_view origin, std::string_view host) const;

  /// The same of a browser's request without an Origin, such as that for a
  /// picture, by its Sec-Fetch-Site (W3C Fetch Metadata): fails unless a person
  /// or a page of this node made it.
  static caf::error check_fetch_site(std::string_view site);

  /// Whether pages of that origin may read our answers.
  bool shares_with(std::string_view origin) const;

  bool anonymous_loopback() const { return access_.anonymous_loopback; }

  /// Whether the caller may have the document at the path evaluated.
  caf::error check_document(const domain::identity_view& who,
                            const auth::path_steps& path) const {
    return auth::authorise_document(who, path, now_->documents(),
                                    access_.anonymous_paths);
  }

private:
  access_rules access_;
  std::shared_ptr<const present> now_ = std::make_shared<present>();
};

} // namespace acgs::http_gateway
