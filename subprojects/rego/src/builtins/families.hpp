// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The families of built-ins: one registration function a file.

namespace rego {

class builtin_table;

void register_aggregates(builtin_table& t);
void register_aws(builtin_table& t);
void register_bits(builtin_table& t);
void register_casts(builtin_table& t);
void register_cidr(builtin_table& t);
void register_digests(builtin_table& t);
void register_encodings(builtin_table& t);
void register_glob(builtin_table& t);
void register_globs_match(builtin_table& t);
void register_graph(builtin_table& t);
void register_graphql(builtin_table& t);
void register_http_send(builtin_table& t);
void register_ids(builtin_table& t);
void register_json_patch(builtin_table& t);
void register_json_paths(builtin_table& t);
void register_json_schema(builtin_table& t);
void register_json_text(builtin_table& t);
void register_jwt(builtin_table& t);
void register_jwt_claims(builtin_table& t);
void register_numbers(builtin_table& t);
void register_objects(builtin_table& t);
void register_parse_module(builtin_table& t);
void register_regex(builtin_table& t);
void register_runtime(builtin_table& t);
void register_sets(builtin_table& t);
void register_sprintf(builtin_table& t);
void register_strings(builtin_table& t);
void register_strings_edit(builtin_table& t);
void register_template(builtin_table& t);
void register_time(builtin_table& t);
void register_units(builtin_table& t);
void register_uri(builtin_table& t);
void register_urlquery(builtin_table& t);
void register_walk(builtin_table& t);
void register_x509(builtin_table& t);
void register_yaml(builtin_table& t);
void register_yaml_write(builtin_table& t);

/// Calls all of the above.
void register_all(builtin_table& t);

} // namespace rego
