// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/families.hpp"

namespace rego {

void register_all(builtin_table& t) {
  register_aggregates(t);
  register_aws(t);
  register_bits(t);
  register_casts(t);
  register_cidr(t);
  register_digests(t);
  register_encodings(t);
  register_glob(t);
  register_globs_match(t);
  register_graph(t);
  register_graphql(t);
  register_http_send(t);
  register_ids(t);
  register_json_patch(t);
  register_json_paths(t);
  register_json_schema(t);
  register_json_text(t);
  register_jwt(t);
  register_jwt_claims(t);
  register_numbers(t);
  register_objects(t);
  register_parse_module(t);
  register_regex(t);
  register_runtime(t);
  register_sets(t);
  register_sprintf(t);
  register_strings(t);
  register_strings_edit(t);
  register_template(t);
  register_time(t);
  register_units(t);
  register_uri(t);
  register_urlquery(t);
  register_walk(t);
  register_x509(t);
  register_yaml(t);
  register_yaml_write(t);
}

} // namespace rego
