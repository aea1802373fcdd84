// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/routes/routes.hpp"

namespace acgs::http_gateway {

std::vector<route> all_routes() {
  std::vector<route> out;
  add_decision_routes(out);
  add_bare_decision_routes(out);
  add_opa_node_routes(out);
  add_data_routes(out);
  add_policy_routes(out);
  add_query_routes(out);
  add_compile_routes(out);
  add_batch_routes(out);
  add_health_routes(out);
  add_info_routes(out);
  add_metrics_routes(out);
  add_cache_routes(out);
  add_mode_routes(out);
  add_audit_routes(out);
  add_auth_routes(out);
  add_ledger_routes(out);
  return out;
}

} // namespace acgs::http_gateway
