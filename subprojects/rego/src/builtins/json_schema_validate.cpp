// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Validation of a document.

#include <algorithm>

#include "builtins/go_regex.hpp"
#include "builtins/json_schema_report.hpp"
#include "builtins/utf8.hpp"
#include "core/big_int.hpp"
#include "core/json_members.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::json_schema {

namespace {

// Where in the document: its text is made for a violation alone.
struct place {
  const place* up; // null at the root
  std::string_view name;
};

std::string field_of(const place& at) {
  if (!at.up || !at.up->up)
    return std::string(at.name);
  auto out = field_of(*at.up);
  out += '.';
  return out += at.name;
}

// Ends a validation, whatever was found: a schema that leads to itself without
// end has no answer.
struct too_deep {
  violation found; // all that is said
};

class validator {
public:
  validator(call_context& c, const value& root)
      : c_(c), root_(root), draft_(draft_of(root)), kept_(c) {}
  std::vector<violation> all(const value& document);

private:
  static constexpr int depth_max = 300;

  void add(report& r, const place& at, std::string type,
           std::string description) {
    r.add({field_of(at), std::move(type), std::move(description)});
  }
  report run(const value& schema, const value& node, const place& at,
             int depth);
  bool right_type(const value& schema, const value& node, report& r,
                  const place& at);
  void combinations(const value& schema, const value& node, report& r,
                    const place& at, int depth);
  void alternatives(const value& schema, const value& node, report& r,
                    const place& at, int depth, bool one);
  void dependencies(const value& schema, const value& node, report& r,
                    const place& at, int depth);
  void conditions(const value& schema, const value& node, report& r,
                  const place& at, int depth);
  void common(const value& schema, const value& node, report& r,
              const place& at);
  void array(const value& schema, const value& node, report& r, const place& at,
             int depth);
  void items(const value& schema, const value& node, report& r, const place& at,
             int depth);
  void one_of_items(const value& schema, std::span<const value> list, report& r,
                    const place& at, int depth);
  void object(const value& schema, const value& node, report& r,
              const place& at, int depth);
  void property(const value& schema, const value& key, const value& v,
                report& r, const place& at, int depth);
  void string(const value& schema, const value& node, report& r,
              const place& at);
  void number(const value& schema, const value& node, report& r,
              const place& at);
  // A keyword that drafts before this one do not know.
  value since(draft first, const value& schema, std::string_view name) const {
    return draft_ < first ? value() : member(schema, name);
  }

  call_context& c_;
  const value& root_;
  draft draft_;
  kept_bytes kept_;
};

std::string joined_types(const value& type) {
  if (type.is_string())
    return std::string(type.as_string());
  std::string out;
  for (auto& t : type.items())
    out += (out.empty() ? "" : ",") + std::string(t.as_string());
  return type.size() > 1 ? "[" + out + "]" : out;
}

bool whole_number(const value& v) {
  return v.is_number() && (v.is_integer() || to_big_int(v).has_value());
}

int64_t limit(const value& schema, std::string_view name, int64_t none) {
  auto n = member(schema, name);
  return n.is_number() ? to_int64(n).value_or(none) : none;
}

bool validator::right_type(const value& schema, const value& node, report& r,
                           const place& at) {
  auto type = member(schema, "type");
  if (!type.defined())
    return true;
  bool whole_value = whole_number(node);
  auto allows = [&](std::string_view name) {
    if (type.is_string())
      return type.as_string() == name;
    return std::any_of(type.items().begin(), type.items().end(),
                       [&](auto& t) { return t.as_string() == name; });
  };
  auto name = node.is_set() ? "array" : type_name(node);
  if (allows(name) || (whole_value && allows("integer")))
    return true;
  add(r, at, "invalid_type",
      "Invalid type. Expected: " + joined_types(type)
          + ", given: " + (whole_value ? "integer" : std::string(name)));
  return false;
}

void validator::alternatives(const value& schema, const value& node, report& r,
                             const place& at, int depth, bool one) {
  auto list = member(schema, one ? "oneOf" : "anyOf");
  if (!list.is_array() || list.size() == 0)
    return;
  size_t good = 0;
  report best(kept_);
  bool have = false;
  for (auto& s : list.items()) {
    auto sub = run(s, node, at, depth + 1);
    if (sub.good()) {
      ++good;
    } else if (!have || sub.score > best.score) {
      best = std::move(sub);
      have = true;
    }
    if (good && !one)
      return;
  }
  if (good == 1)
    return;
  add(r, at, one ? "number_one_of" : "number_any_of",
      one ? "Must validate one and only one schema (oneOf)"
          : "Must validate at least one schema (anyOf)");
  if (good == 0)
    r.merge(std::move(best));
}

void validator::dependencies(const value& schema, const value& node, report& r,
                             const place& at, int depth) {
  auto d = member(schema, "dependencies");
  if (!d.is_object() || !node.is_object())
    return;
  c_.tick(d.size());
  for (size_t i = 0; i < d.size(); ++i) {
    if (!member(node, json_name(d.keys()[i])).defined())
      continue;
    auto& on = d.values()[i];
    if (!on.is_array()) {
      r.merge(run(on, node, at, depth + 1));
      continue;
    }
    for (auto& name : on.items())
      if (name.is_string() && !member(node, name.as_string()).defined())
        add(r, at, "missing_dependency",
            "Has a dependency on " + std::string(name.as_string()));
  }
}

void validator::conditions(const value& schema, const value& node, report& r,
                           const place& at, int depth) {
  auto condition = since(draft::seven, schema, "if");
  if (!condition.defined())
    return;
  bool holds = run(condition, node, at, depth + 1).good();
  auto branch = member(schema, holds ? "then" : "else");
  if (!branch.defined())
    return;
  auto sub = run(branch, node, at, depth + 1);
  if (sub.good())
    return;
  add(r, at, holds ? "condition_then" : "condition_else",
      holds ? "Must validate \"then\" as \"if\" was valid"
            : "Must validate \"else\" as \"if\" was not valid");
  r.merge(std::move(sub));
}

void validator::combinations(const value& schema, const value& node, report& r,
                             const place& at, int depth) {
  alternatives(schema, node, r, at, depth, false);
  alternatives(schema, node, r, at, depth, true);
  auto all = member(schema, "allOf");
  size_t good = 0;
  report below(kept_);
  for (size_t i = 0; all.is_array() && i < all.size(); ++i) {
    auto sub = run(all.items()[i], node, at, depth + 1);
    good += sub.good();
    below.merge(std::move(sub));
  }
  if (all.is_array() && good != all.size()) {
    r.merge(std::move(below));
    add(r, at, "number_all_of", "Must validate all the schemas (allOf)");
  }
  auto no = member(schema, "not");
  if (no.defined() && run(no, node, at, depth + 1).good())
    add(r, at, "number_not", "Must not validate the schema (not)");
  dependencies(schema, node, r, at, depth);
  conditions(schema, node, r, at, depth);
  ++r.score;
}

void validator::common(const value& schema, const value& node, report& r,
                       const place& at) {
  auto constant = since(draft::six, schema, "const");
  if (constant.defined() && !equal(constant, node))
    add(r, at, "const", field_of(at) + " does not match: " + to_json(constant));
  auto options = member(schema, "enum");
  auto same = [&](const value& o) { return equal(o, node); };
  if (options.is_array() && std::ranges::none_of(options.items(), same)) {
    std::string allowed;
    for (auto& o : options.items())
      allowed += (allowed.empty() ? "" : ", ") + to_json(o);
    add(r, at, "enum",
        field_of(at) + " must be one of the following: " + allowed);
  }
  auto format = member(schema, "format");
  if (format.is_string() && node.is_string()
      && !has_format(c_, format.as_string(), node.as_string()))
    add(r, at, "format",
        "Does not match format '" + std::string(format.as_string()) + "'");
  ++r.score;
}

void validator::items(const value& schema, const value& node, report& r,
                      const place& at, int depth) {
  auto s = member(schema, "items");
  auto list = node.items();
  auto sub = [&](const value& by, size_t i) {
    auto index = std::to_string(i);
    r.merge(run(by, list[i], {&at, index}, depth + 1));
  };
  if (!s.is_array()) {
    for (size_t i = 0; s.defined() && i < list.size(); ++i)
      sub(s, i);
    return;
  }
  auto more = member(schema, "additionalItems");
  for (size_t i = 0; i < std::min<size_t>(list.size(), s.size()); ++i)
    sub(s.items()[i], i);
  if (list.size() <= s.size() || !more.defined())
    return;
  if (more.is_false())
    add(r, at, "array_no_additional_items",
        "No additional items allowed on array");
  for (size_t i = s.size(); more.is_object() && i < list.size(); ++i)
    sub(more, i);
}

void validator::one_of_items(const value& schema, std::span<const value> list,
                             report& r, const place& at, int depth) {
  report best(kept_);
  for (size_t i = 0; i < list.size(); ++i) {
    auto index = std::to_string(i);
    auto sub = run(schema, list[i], {&at, index}, depth + 1);
    if (sub.good())
      return;
    if (best.good() || sub.score > best.score)
      best = std::move(sub);
  }
  add(r, at, "contains", "At least one of the items must match");
  r.merge(std::move(best));
}

void validator::array(const value& schema, const value& node, report& r,
                      const place& at, int depth) {
  items(schema, node, r, at, depth);
  auto list = node.items();
  auto size = static_cast<int64_t>(list.size());
  auto least = limit(schema, "minItems", 0);
  auto most = limit(schema, "maxItems", INT64_MAX);
  if (size < least)
    add(r, at, "array_min_items",
        "Array must have at least " + std::to_string(least) + " items");
  if (size > most)
    add(r, at, "array_max_items",
        "Array must have at most " + std::to_string(most) + " items");
  if (member(schema, "uniqueItems").is_true()) {
    c_.tick(list.size());
    std::vector<std::pair<value, size_t>> sorted;
    for (size_t i = 0; i < list.size(); ++i)
      sorted.emplace_back(list[i], i);
    std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) {
      return compare(a.first, b.first) < 0;
    });
    for (size_t i = 1; i < sorted.size(); ++i)
      if (equal(sorted[i - 1].first, sorted[i].first))
        add(r, at, "unique",
            "array items[" + std::to_string(sorted[i - 1].second) + ","
                + std::to_string(sorted[i].second) + "] must be unique");
  }
  auto contains = since(draft::six, schema, "contains");
  if (contains.defined())
    one_of_items(contains, list, r, at, depth);
  ++r.score;
}

// A member against the patterns and what is said of additional ones.
void validator::property(const value& schema, const value& key, const value& v,
                         report& r, const place& at, int depth) {
  auto name = json_name(key);
  c_.tick(1 + name.size() / 32);
  place below{&at, name};
  auto patterns = member(schema, "patternProperties");
  bool matched = false;
  for (size_t i = 0; patterns.is_object() && i < patterns.size(); ++i) {
    auto re = compile_regex(c_, json_name(patterns.keys()[i]));
    if (!re->error.empty() || !regex_match(c_, *re, name))
      continue;
    matched = true;
    r.merge(run(patterns.values()[i], v, below, depth + 1));
  }
  auto names = since(draft::six, schema, "propertyNames");
  if (names.defined()) {
    auto sub = run(names, c_.string(name), at, depth + 1);
    if (!sub.good()) {
      add(r, at, "invalid_property_name",
          "Property name of \"" + name + "\" does not match");
      r.merge(std::move(sub));
    }
  }
  auto more = member(schema, "additionalProperties");
  if (matched || !more.defined()
      || member(member(schema, "properties"), name).defined())
    return;
  if (more.is_false())
    add(r, at, "additional_property_not_allowed",
        "Additional property " + name + " is not allowed");
  else if (more.is_object())
    r.merge(run(more, v, below, depth + 1));
}

void validator::object(const value& schema, const value& node, report& r,
                       const place& at, int depth) {
  auto size = static_cast<int64_t>(node.size());
  auto least = limit(schema, "minProperties", 0);
  auto most = limit(schema, "maxProperties", INT64_MAX);
  if (size < least)
    add(r, at, "array_min_properties",
        "Must have at least " + std::to_string(least) + " properties");
  if (size > most)
    add(r, at, "array_max_properties",
        "Must have at most " + std::to_string(most) + " properties");
  auto required = member(schema, "required");
  auto properties = member(schema, "properties");
  c_.tick(required.size() + properties.size());
  for (size_t i = 0; required.is_array() && i < required.size(); ++i) {
    auto name = required.items()[i].as_string();
    if (!member(node, name).defined())
      add(r, at, "required", std::string(name) + " is required");
    else
      ++r.score;
  }
  for (size_t i = 0; i < node.size(); ++i)
    property(schema, node.keys()[i], node.values()[i], r, at, depth);
  ++r.score;
  for (size_t i = 0; properties.is_object() && i < properties.size(); ++i) {
    auto name = json_name(properties.keys()[i]);
    auto v = member(node, name);
    if (v.defined())
      r.merge(run(properties.values()[i], v, {&at, name}, depth + 1));
  }
}

void validator::string(const value& schema, const value& node, report& r,
                       const place& at) {
  auto s = node.as_string();
  auto size = static_cast<int64_t>(count_runes(s));
  auto least = limit(schema, "minLength", 0);
  auto most = limit(schema, "maxLength", INT64_MAX);
  if (size < least)
    add(r, at, "string_gte",
        "String length must be greater than or equal to "
            + std::to_string(least));
  if (size > most)
    add(r, at, "string_lte",
        "String length must be less than or equal to " + std::to_string(most));
  auto pattern = member(schema, "pattern");
  if (pattern.is_string()) {
    auto re = compile_regex(c_, pattern.as_string());
    if (re->error.empty() && !regex_match(c_, *re, s))
      add(r, at, "pattern",
          "Does not match pattern '" + std::string(pattern.as_string()) + "'");
  }
  ++r.score;
}

void validator::number(const value& schema, const value& node, report& r,
                       const place& at) {
  auto by = member(schema, "multipleOf");
  if (by.is_number()) {
    if (is_zero(by) || !is_multiple(node, by))
      add(r, at, "multiple_of", "Must be a multiple of " + number_text(by));
  }
  struct bound {
    const char *name, *exclusive;
    bool lower;
  };
  for (auto& b : {bound{"minimum", "exclusiveMinimum", true},
                  bound{"maximum", "exclusiveMaximum", false}}) {
    auto n = member(schema, b.name), e = member(schema, b.exclusive);
    bool strict = e.is_true();
    auto check = [&](const value& to, bool is_strict) {
      auto order = compare(node, to) * (b.lower ? 1 : -1);
      if (is_strict ? order > 0 : order >= 0)
        return;
      auto word = std::string(b.lower ? "greater than " : "less than ");
      auto type = std::string(b.lower ? "number_g" : "number_l");
      add(r, at, type + (is_strict ? "t" : "te"),
          "Must be " + word + (is_strict ? "" : "or equal to ")
              + number_text(to));
    };
    if (n.is_number())
      check(n, strict);
    if (e.is_number())
      check(e, true);
  }
  ++r.score;
}

report validator::run(const value& schema, const value& node, const place& at,
                      int depth) {
  report r(kept_);
  c_.tick(1);
  if (depth > depth_max)
    throw too_deep{
        {field_of(at), "internal", "Internal Error nesting is too deep"}};
  if (schema.is_false())
    add(r, at, "false", "False always fails validation");
  if (!schema.is_object())
    return r;
  if (auto ref = member(schema, "$ref"); ref.is_string()) {
    c_.tick(ref.as_string().size() / 32);
    return run(resolve(root_, ref.as_string()), node, at, depth + 1);
  }
  if (!right_type(schema, node, r, at))
    return r;
  combinations(schema, node, r, at, depth);
  common(schema, node, r, at);
  if (node.is_array())
    array(schema, node, r, at, depth);
  else if (node.is_object())
    object(schema, node, r, at, depth);
  else if (node.is_string())
    string(schema, node, r, at);
  else if (node.is_number())
    number(schema, node, r, at);
  return r;
}

std::vector<violation> validator::all(const value& document) {
  try {
    return run(root_, document, {nullptr, "(Root)"}, 0).take_all();
  } catch (too_deep& reached) {
    return {std::move(reached.found)};
  }
}

} // namespace

std::vector<violation> validate(call_context& c, const value& schema,
                                const value& document) {
  return validator(c, schema).all(document);
}

} // namespace rego::json_schema
