// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON and YAML of a bundle. YAML and globs go through the engine's own
// built-ins, so that a file means what it means to a policy, within bounds.

#include "builtins/utf8.hpp"
#include "builtins/yaml_text.hpp"
#include "bundle/support.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::bundle {

namespace {

constexpr const char* yaml_query = "x := yaml.unmarshal(input)";
constexpr const char* glob_query =
    "x := glob.match(input.pattern, null, input.text)";

bool is_yaml(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

} // namespace

document_reader::document_reader(size_t memory_max) : memory_max_(memory_max) {
  if (auto p = compile({}))
    none_ = *p;
  empty_ = *load_data("{}");
}

result<value> document_reader::ask(const char* query, const value& input) {
  auto q = prepare(none_, query);
  if (!q)
    return q.error_list();
  query_ = *q;
  evaluate_options o;
  o.limits.memory_bytes = memory_max_;
  o.strict_builtin_errors = true;
  auto a = machine_.evaluate(*query_, *empty_, input, o);
  if (!a.errors.empty())
    return a.errors;
  if (a.result.size() != 1)
    return refusal("", "no value");
  auto bindings =
      lookup(a.result.items()[0], make_string(scratch_, "bindings"));
  return lookup(bindings, make_string(scratch_, "x"));
}

result<value> document_reader::read(arena& to, const file& f) {
  if (!is_valid_utf8(f.bytes))
    return refusal(f.path, "not UTF-8");
  scratch_.reset();
  auto v = is_yaml(f.path) ? ask(yaml_query, make_string(scratch_, f.bytes))
                           : parse_json(to, f.bytes, {.unique_keys = true});
  if (!v)
    return refusal(f.path, v.error_list()[0].message);
  return is_yaml(f.path) ? deep_copy(to, *v) : *v;
}

bool document_reader::matches(std::string_view pattern, std::string_view text) {
  scratch_.reset();
  object_builder input(scratch_);
  input.add("pattern", make_string(scratch_, pattern));
  input.add("text", make_string(scratch_, text));
  auto v = ask(glob_query, input.finish());
  return v && v->is_true();
}

result<std::string> json_of_yaml(std::string_view yaml, size_t memory_max,
                                 size_t bytes_max) {
  auto beyond = [] { return refusal("", "the document comes to too much"); };
  try {
    if (!is_valid_utf8(yaml))
      return refusal("", "not UTF-8");
    arena memory(memory_max);
    value v;
    std::string wrong;
    if (!value_of_yaml(memory, yaml, {.unique_keys = true}, v, wrong))
      return refusal("", wrong);
    std::string out;
    if (!append_json_within(out, v, bytes_max))
      return beyond();
    return out;
  } catch (const bound_reached&) {
    return beyond();
  }
}

} // namespace rego::bundle
