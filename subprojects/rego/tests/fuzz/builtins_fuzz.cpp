// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins that read a language of their own, a program for each family, which
// REGO_FUZZ_FAMILY names. The input is up to three texts, with lines "--"
// between them; each query of the family gets them as its arguments. An
// evaluation ends within its bounds, in an answer or an error; asked again it
// says the same.

#include <map>
#include <vector>

#include "fuzz/target.hpp"
#include "rego/build.hpp"
#include "rego/engine.hpp"

namespace {

// a, b and c stand for the texts.
const std::map<std::string_view, std::vector<std::string>> families = {
    {"cidr",
     {"net.cidr_contains(a, b)", "net.cidr_intersects(a, b)",
      "net.cidr_is_valid(a)", "net.cidr_merge([a, b])",
      "net.cidr_contains_matches([a, b], c)", "count(net.cidr_expand(a))"}},
    {"glob",
     {"glob.match(a, [], b)", "glob.match(a, null, b)",
      "glob.match(a, [\".\", \"/\"], b)", "glob.quote_meta(a)",
      "regex.globs_match(a, b)"}},
    {"graphql",
     {"graphql.parse_query(a)", "graphql.parse_schema(a)",
      "graphql.schema_is_valid(a)", "graphql.parse(a, b)",
      "graphql.is_valid(a, b)", "graphql.parse_and_verify(a, b)"}},
    {"jwt",
     {"io.jwt.decode(a)", "io.jwt.verify_hs256(a, b)",
      "io.jwt.verify_rs256(a, b)", "io.jwt.verify_es256(a, b)",
      "io.jwt.decode_verify(a, {\"secret\": b})",
      "io.jwt.decode_verify(a, {\"cert\": b, \"time\": 1})",
      "io.jwt.encode_sign_raw(a, b, c)"}},
    {"regex",
     {"regex.match(a, b)", "regex.is_valid(a)", "regex.split(a, b)",
      "regex.find_n(a, b, -1)", "regex.find_all_string_submatch_n(a, b, -1)",
      "regex.replace(b, a, c)", "regex.template_match(a, b, \"{\", \"}\")"}},
    {"semver", {"semver.compare(a, b)", "semver.is_valid(a)"}},
    {"template",
     {"strings.render_template(a, {\"x\": b, \"l\": [1, 2]})",
      "sprintf(a, [b, 1, 1.5, true])"}},
    {"time",
     {"time.parse_ns(a, b)", "time.parse_rfc3339_ns(a)",
      "time.parse_duration_ns(a)", "time.format([1700000000000000000, a, b])",
      "time.date([1700000000000000000, a])"}},
    {"units", {"units.parse(a)", "units.parse_bytes(a)", "to_number(a)"}},
    {"uri",
     {"urlquery.decode(a)", "urlquery.decode_object(a)", "urlquery.encode(a)",
      "json.match_schema({\"u\": a}, {\"properties\": {\"u\": "
      "{\"type\": \"string\", \"format\": \"uri\"}}})"}},
    {"x509",
     {"crypto.x509.parse_certificates(a)",
      "crypto.x509.parse_certificate_request(a)",
      "crypto.x509.parse_rsa_private_key(a)",
      "crypto.x509.parse_and_verify_certificates(a)",
      "crypto.x509.parse_keypair(a, b)", "crypto.parse_private_keys(a)"}},
    {"yaml", {"yaml.unmarshal(a)", "yaml.is_valid(a)", "json.unmarshal(a)"}}};

std::vector<rego::prepared_ptr> prepared_queries() {
  std::vector<rego::prepared_ptr> out;
  auto p = rego::compile({});
  for (auto& call : families.at(REGO_FUZZ_FAMILY)) {
    auto q = rego::prepare(*p, "[a, b, c] = input; x = " + call);
    if (!q)
      rego::fuzz::contradiction(call + ": " + q.error_list()[0].message);
    out.push_back(*q);
  }
  return out;
}

std::vector<std::string_view> texts_of(std::string_view input) {
  std::vector<std::string_view> out;
  while (out.size() < 2) {
    auto at = input.find("\n--\n");
    out.push_back(input.substr(0, at));
    input = at == input.npos ? std::string_view() : input.substr(at + 4);
  }
  out.push_back(input);
  return out;
}

std::string said(rego::evaluator& e, const rego::prepared& q,
                 const rego::snapshot& data, const rego::value& input) {
  rego::evaluate_options o;
  o.limits.instructions = 1000000;
  o.limits.memory_bytes = size_t{64} << 20;
  auto a = e.evaluate(q, data, input, o);
  if (!a.errors.empty())
    return a.errors[0].code;
  return a.defined() ? rego::to_json(a.result) : "undefined";
}

} // namespace

void rego::fuzz::try_input(std::string_view text) {
  static const auto queries = prepared_queries();
  static const auto data = rego::load_data("{}");
  static rego::evaluator first, second;
  rego::arena memory;
  // Strings are UTF-8 in Rego: what is none cannot reach a built-in.
  auto json = rego::to_json(rego::make_string(memory, text));
  auto clean = rego::parse_json(memory, json);
  if (!clean || !clean->is_string())
    return;
  rego::array_builder list(memory);
  for (auto t : texts_of(clean->as_string()))
    list.push(rego::make_string(memory, t));
  auto input = list.array();
  for (auto& q : queries)
    if (said(first, *q, **data, input) != said(second, *q, **data, input))
      contradiction("two answers to one question");
}
