// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/yaml_reader.hpp"

#include "runtime/actor/bounded.hpp"
#include "runtime/base/error.hpp"

#include <rego/bundle.hpp>

#include <caf/typed_event_based_actor.hpp>

namespace acgs::http_gateway {

namespace {

constexpr std::size_t bodies_max = 64; ///< that wait

/// Aliases multiply: of what a body comes to, and while it is read.
constexpr std::size_t json_bytes_max = 8 * yaml_bytes_max;
constexpr std::size_t memory_max = 64 * yaml_bytes_max;

caf::result<json_body> read(const read_yaml& what) {
  if (what.text.size() > yaml_bytes_max)
    return make_error(ec::too_large,
                      "the body has " + std::to_string(what.text.size())
                          + " bytes; at most " + std::to_string(yaml_bytes_max)
                          + " are taken of YAML, more of JSON");
  auto json = rego::bundle::json_of_yaml(what.text, memory_max, json_bytes_max);
  if (!json)
    return make_error(ec::invalid_argument,
                      "body contains malformed input document: "
                          + json.error_list().front().message);
  return json_body{std::move(*json)};
}

yaml_reader_actor::behavior_type yaml_reader(yaml_reader_actor::pointer) {
  return {[](const read_yaml& what) { return read(what); }};
}

} // namespace

yaml_reader_actor spawn_yaml_reader(caf::actor_system& system) {
  return spawn_bounded<caf::detached>(system, bodies_max, yaml_reader);
}

} // namespace acgs::http_gateway
