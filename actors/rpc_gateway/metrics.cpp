// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/metrics.hpp"

#include <span>

namespace acgs::rpc_gateway {

metrics::metrics(acgs::metrics::registry& in)
    : connections_{in.make_gauge("acgs_rpc_connections",
                                 "RPC connections that are open")},
      turned_away_{in.make_counter("acgs_rpc_connections_refused_total",
                                   "RPC connections that were turned away or "
                                   "ended for want of room")},
      unfinished_{in.make_counter("acgs_rpc_handshakes_unfinished_total",
                                  "TLS handshakes of RPC that ended without a "
                                  "proof: the peer left, was too late, or "
                                  "refused the node")},
      attempts_ok_{in.make_counter("acgs_auth_attempts_total",
                                   "Credentials that were shown",
                                   {{"result", "success"}})},
      attempts_refused_{in.make_counter("acgs_auth_attempts_total",
                                        "Credentials that were shown",
                                        {{"result", "failure"}})},
      failures_{in.make_counter("acgs_auth_failures_total",
                                "Credentials that were refused")},
      events_{in.make_counter("acgs_security_events_total",
                              "What a security team wants to hear of",
                              {{"type", "auth_failure"}})},
      failed_{in,
              "acgs_rpc_calls_failed_total",
              "RPC calls that ended in an error",
              {"verb", "code"},
              auth::verb_names.size() * ec_names.size()} {
  for (auto name : auth::verb_names)
    for (auto code : std::span{ec_names}.subspan(1)) // all but `none`
      failed_.declare({name, code});
  for (auto name : auth::verb_names)
    answered_.push_back(in.make_counter("acgs_rpc_calls_total",
                                        "RPC calls that were answered",
                                        {{"verb", std::string{name}}}));
}

void metrics::refused() {
  attempts_refused_.increment();
  failures_.increment();
  events_.increment();
}

void metrics::call(auth::verb what, ec how) {
  if (how == ec::none)
    answered_[static_cast<std::size_t>(what)].increment();
  else
    failed_.increment({to_string_view(what), to_string_view(how)});
}

} // namespace acgs::rpc_gateway
