// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/state.hpp"

#include "runtime/base/host_name.hpp"
#include "runtime/net/http/message.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

bool contains_nocase(const std::vector<std::string>& list,
                     std::string_view text) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& at) {
    return http::equal_nocase(at, text);
  });
}

} // namespace

present::present(const control::published& now,
                 const domain::constitution_aliases& aliases,
                 const present* previous)
    : control_{now.state}, faults_{now.faults},
      names_{control_->constitution_digest,
             control_->aliases.value_or(aliases)} {
  if (previous && previous->control_
      && previous->control_->data == control_->data) {
    documents_ = previous->documents_;
    return;
  }
  documents_ = auth::base_documents{control_->data};
}

const control::bundle_faults& present::faults() const {
  static const control::bundle_faults none;
  return faults_ ? *faults_ : none;
}

bool present::bundles_active() const {
  return control_ != nullptr;
}

void state::publish(std::shared_ptr<const present> next) {
  if (!now_->control()
      || next->control()->revision >= now_->control()->revision)
    now_ = std::move(next);
}

caf::error state::check_host(std::string_view host) const {
  if (is_own_host(host, access_.hosts))
    return {};
  return make_error(ec::invalid_argument,
                    (host.empty()
                         ? "the request names no host"
                         : "this node does not answer as '"
                               + std::string{host.substr(0, 253)} + "'")
                        + "; expected localhost, an IP address or a name of "
                          "http.hosts",
                    "Host");
}

bool state::shares_with(std::string_view origin) const {
  return contains_nocase(access_.cors_origins, origin);
}

caf::error state::check_origin(std::string_view origin,
                               std::string_view host) const {
  if (shares_with(origin))
    return {};
  for (std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme)
        && http::equal_nocase(origin.substr(scheme.size()), host))
      return {};
  return make_error(ec::forbidden,
                    "pages of the origin '" + std::string{origin.substr(0, 253)}
                        + "' may not call this node; http.cors_origins names "
                          "those that may",
                    "Origin");
}

caf::error state::check_fetch_site(std::string_view site) {
  if (site == "none" || site == "same-origin")
    return {};
  return make_error(ec::forbidden,
                    "pages of other sites may not call this node",
                    "Sec-Fetch-Site");
}

} // namespace acgs::http_gateway
