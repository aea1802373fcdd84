// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/asked.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/json_text.hpp"

namespace acgs::evaluator {

std::string_view path_in_entry(const domain::decide_request& request) {
  return request.asks == domain::question::document
             ? request.path.substr(0, path_bytes_max)
             : std::string_view{};
}

std::string detail_of(const domain::decide_request& request) {
  if (request.asks != domain::question::compile)
    return std::string{path_in_entry(request) == request.path
                           ? std::string_view{}
                           : request.path};
  std::string out = "{\"query\":";
  append_json_string(out, request.path);
  out.append(",\"options\":").append(request.partial) += '}';
  return out;
}

result<asked> parse_asked(domain::question asks, std::string_view path,
                          std::string_view detail) {
  if (asks != domain::question::compile)
    return asked{std::string{detail.empty() ? path : detail}, {}};
  auto wrong = [](const std::string& what) {
    return make_error(ec::invalid_argument,
                      "what partial evaluation was asked: " + what);
  };
  auto read = json::parse(detail);
  if (!read)
    return wrong(sentence_of(read.error()));
  const auto* query = read->find("query");
  const auto* options = read->find("options");
  if (!query || !query->if_string() || !options)
    return wrong("expected {\"query\": ..., \"options\": ...}");
  return asked{*query->if_string(), json::to_text(*options)};
}

} // namespace acgs::evaluator
