// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/schemas.hpp"

#include "rego/json.hpp"

namespace rego::types {

namespace {

constexpr const char* root = "schema";

std::string reference_text(std::vector<term> parts) {
  term t;
  t.kind = term_kind::ref;
  t.args = std::move(parts);
  return ref_text(t);
}

std::string name_of(const schema_source& s) {
  std::vector<term> parts(1 + s.path.size());
  parts[0].kind = term_kind::var;
  parts[0].text = root;
  for (size_t i = 0; i < s.path.size(); ++i) {
    parts[i + 1].kind = term_kind::string;
    parts[i + 1].text = s.path[i];
  }
  return reference_text(std::move(parts));
}

} // namespace

void schemas::read(errors& out) {
  if (!options_.schemas)
    return;
  for (auto& s : *options_.schemas) {
    auto name = name_of(s);
    auto v = parse_json(memory_, s.text);
    if (v && !v->is_null())
      given_[name] = *v;
    for (auto e : v ? errors() : v.error_list()) {
      e.file = name;
      out.push_back(std::move(e));
    }
  }
  auto global = given_.find(root);
  if (global == given_.end())
    return;
  auto read = read_schema(memory_, global->second);
  if (read.error.empty())
    base_ = base_types(input_ = read.found);
  else
    out.push_back({"rego_type_error", read.error, "", 0, 0});
}

schema_type schemas::type_named(const std::string& name) {
  auto at = given_.find(name);
  if (at == given_.end())
    return {nullptr, "undefined schema: " + name};
  return read_schema(memory_, at->second);
}

// Neither type nor error where nothing is known of schemas by name.
const schema_type& schemas::type_of(const schema_note& note) {
  static const schema_type nothing;
  if (note.definition.defined()) {
    auto [at, is_new] = in_place_.try_emplace(&note);
    if (is_new)
      at->second = read_schema(memory_, note.definition);
    return at->second;
  }
  if (!options_.schemas)
    return nothing;
  auto name = reference_text(note.schema.parts);
  auto [at, is_new] = named_.try_emplace(name);
  if (is_new)
    at->second = type_named(name);
  return at->second;
}

std::string schemas::apply(const schema_note& note, const type& t) {
  auto& parts = note.path.parts;
  if (!is_root(parts[0]))
    return {};
  key_path path;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (!is_scalar(parts[i]))
      return std::string("error getting key from value: ")
             + (parts[i].is(term_kind::var) ? "var" : "term")
             + " requires evaluation";
    path.push_back(key_of(parts[i]));
  }
  if (parts[0].text == "input")
    base_.set_input(path, t);
  else
    base_.set_data(path, t);
  return {};
}

void schemas::apply(const note_list& notes) {
  applied_ = notes;
  base_ = base_types(input_);
  refusals_.clear();
  for (auto* note : notes) {
    auto& what = type_of(*note);
    auto refusal = what.found ? apply(*note, what.found) : what.error;
    if (!refusal.empty())
      refusals_.push_back(std::move(refusal));
  }
}

const base_types& schemas::of(const module& m, const rule& r, bool of_else,
                              errors& out) {
  if (!options_.schema_annotations)
    return base_;
  if (auto notes = notes_.schemas(m, r, of_else); notes != applied_)
    apply(notes);
  for (auto& why : refusals_)
    out.push_back({"rego_type_error", why, m.file, r.at.row, r.at.col});
  return base_;
}

} // namespace rego::types
