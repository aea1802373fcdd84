// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every route, one file a family. This is the list of what the node answers
// over HTTP; what is not in it is a 404.

#include "actors/http_gateway/router.hpp"

#include <vector>

namespace acgs::http_gateway {

std::vector<route> all_routes();

void add_decision_routes(std::vector<route>& to);
void add_bare_decision_routes(std::vector<route>& to);
void add_opa_node_routes(std::vector<route>& to);
void add_data_routes(std::vector<route>& to);
void add_policy_routes(std::vector<route>& to);
void add_batch_routes(std::vector<route>& to);
void add_compile_routes(std::vector<route>& to);
void add_query_routes(std::vector<route>& to);
void add_health_routes(std::vector<route>& to);
void add_info_routes(std::vector<route>& to);
void add_metrics_routes(std::vector<route>& to);
void add_cache_routes(std::vector<route>& to);
void add_mode_routes(std::vector<route>& to);
void add_audit_routes(std::vector<route>& to);
void add_auth_routes(std::vector<route>& to);
void add_ledger_routes(std::vector<route>& to);

} // namespace acgs::http_gateway
