// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/schema_type.hpp"

#include <algorithm>
#include <map>

#include "builtins/json_schema.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

using json_schema::member;

/// What the check of a schema needs of an evaluation: its steps are those of
/// the compilation.
class schema_context : public call_context {
public:
  using call_context::call_context;

  int64_t now_ns() override { return 0; }
  void random(void*, size_t) override {}
  const std::string& runtime_json() override { return none_; }
  void tick(uint64_t work) override { spend(100 * work); }
  // Asked of patterns that may take more than 1 ms to compile: each pays for
  // as long as it may take.
  int64_t time_left_ns() override {
    spend(10'000'000);
    return 100'000'000;
  }

private:
  std::string none_ = "{}";
};

/// A schema's keywords. The lists may have been joined with others'.
struct keywords {
  value at; // those that stay as they are
  std::vector<std::string> types;
  std::vector<std::pair<std::string_view, value>> properties;
  std::vector<value> items;
  bool same_items = false; // one schema for all of them
  bool any_of_read = false;

  bool is(std::string_view name) const {
    return std::find(types.begin(), types.end(), name) != types.end();
  }
};

std::vector<std::string> types_of(const value& schema) {
  std::vector<std::string> out;
  auto type = member(schema, "type");
  if (member(schema, "$ref").defined())
    return out;
  if (type.is_string())
    out.emplace_back(type.as_string());
  if (type.is_array())
    for (auto& t : type.items())
      out.emplace_back(t.as_string());
  return out;
}

keywords keywords_of(const value& schema) {
  keywords k;
  k.at = schema;
  if (member(schema, "$ref").defined())
    return k;
  k.types = types_of(schema);
  if (auto list = member(schema, "properties"); list.is_object())
    for (size_t i = 0; i < list.size(); ++i)
      if (list.keys()[i].is_string())
        k.properties.emplace_back(list.keys()[i].as_string(), list.values()[i]);
  auto items = member(schema, "items");
  if (items.is_array())
    k.items.assign(items.items().begin(), items.items().end());
  k.same_items = items.is_object() || items.is_boolean();
  if (k.same_items)
    k.items.push_back(items);
  spend(1 + k.properties.size() + k.items.size());
  return k;
}

/// A type that its keywords tell of is one of its types.
void add_type_meant(keywords& k) {
  if (!k.properties.empty() && !k.is("object"))
    k.types.emplace_back("object");
  else if (k.properties.empty() && !k.items.empty() && !k.is("array"))
    k.types.emplace_back("array");
}

bool has_known_type(const keywords& k) {
  return std::any_of(k.types.begin(), k.types.end(),
                     [](auto& t) { return t != "null"; });
}

std::string types_text(const std::vector<std::string>& types) {
  if (types.size() == 1)
    return types[0];
  std::string out;
  for (auto& t : types)
    out += (out.empty() ? "" : ",") + t;
  return types.empty() ? "undefined" : "[" + out + "]";
}

/// The schemas of anyOf or allOf; none where there is no list.
std::span<const value> list_in(const keywords& k, std::string_view name) {
  auto list = member(k.at, name);
  return list.is_array() ? list.items() : std::span<const value>();
}

class schema_reader {
public:
  explicit schema_reader(const value& root) : root_(root) {}
  std::string error;

  /// As deep as it may be and still have room.
  type read_all() {
    auto whole = read_to(levels_max);
    if (!too_large_ || !error.empty())
      return whole;
    int fits = 1;
    for (int step = levels_max / 2; step > 0; step /= 2) {
      auto t = read_to(fits + step);
      if (!too_large_)
        fits += step;
    }
    return read_to(fits);
  }

private:
  static constexpr int levels_max = 60; // below the depth of types

  struct referred {
    type found;
    bool too_large;
  };

  type read_to(int levels) {
    too_large_ = false;
    auto t = read(root_, levels);
    return error.empty() ? t : nullptr;
  }

  type read(const value& schema, int levels) {
    return read(keywords_of(schema), levels);
  }

  // Null with the error set.
  type read(keywords k, int levels) {
    spend(8);
    if (!error.empty())
      return nullptr;
    if (levels == 0)
      return any();
    if (auto ref = member(k.at, "$ref"); ref.is_string())
      return read_reference(std::string(ref.as_string()), levels - 1);
    if (!k.any_of_read && !list_in(k, "anyOf").empty())
      return read_any_of(std::move(k), levels - 1);
    if (!list_in(k, "allOf").empty())
      return read_all_of(std::move(k), levels - 1);
    if (!has_known_type(k))
      add_type_meant(k);
    if (k.is("boolean"))
      return scalar(type_kind::boolean);
    if (k.is("string"))
      return scalar(type_kind::string);
    if (k.is("integer") || k.is("number"))
      return scalar(type_kind::number);
    if (k.is("object"))
      return read_object(k, levels - 1);
    return k.is("array") ? read_array(k, levels - 1) : any();
  }

  type read_reference(const std::string& text, int levels) {
    auto known = referred_.find({text, levels});
    if (known == referred_.end()) {
      auto [target, is_new] = targets_.try_emplace(text);
      if (is_new)
        target->second = json_schema::resolve(root_, text);
      auto before = std::exchange(too_large_, false);
      auto t = read(target->second, levels);
      auto large = std::exchange(too_large_, before);
      known =
          referred_.emplace(std::pair(text, levels), referred{t, large}).first;
    }
    too_large_ |= known->second.too_large;
    return known->second.found;
  }

  // What the other keywords say counts where it is an object of which all
  // properties are known.
  type read_any_of(keywords k, int levels) {
    type whole;
    auto list = list_in(k, "anyOf");
    if (!k.types.empty()) {
      k.any_of_read = true;
      auto core = read(std::move(k), levels);
      if (!core)
        return nullptr;
      if (is(core, type_kind::object) && !core->rest)
        whole = core;
    }
    for (size_t i = 0; i < list.size(); ++i) {
      auto t = read(list[i], levels);
      if (!t)
        return fail_at("anyOf/" + std::to_string(i));
      whole = joined(t, whole);
    }
    return whole;
  }

  // The lists of the first one with those of the others.
  type read_all_of(const keywords& k, int levels) {
    keywords whole;
    auto list = list_in(k, "allOf");
    for (size_t i = 0; i < list.size(); ++i) {
      auto part = keywords_of(list[i]);
      add_type_meant(part);
      if (i == 0)
        whole = std::move(part);
      else if (!merge(whole, part))
        return nullptr;
    }
    auto both = [&](auto name) { return k.is(name) && whole.is(name); };
    if (both("object") || both("array")) {
      auto own = k;
      add_type_meant(own);
      if (!merge(whole, own))
        return nullptr;
    } else if (!k.types.empty() && k.types != whole.types) {
      return fail("unable to merge these schemas");
    }
    return read(std::move(whole), levels);
  }

  bool merge(keywords& to, const keywords& from) {
    if (to.types != from.types) {
      fail("unable to merge these schemas: type mismatch: "
           + types_text(to.types) + " and " + types_text(from.types));
      return false;
    }
    if (to.is("object") && !to.properties.empty() && !from.properties.empty()) {
      to.properties.insert(to.properties.end(), from.properties.begin(),
                           from.properties.end());
      return true;
    }
    if (!to.is("array") || to.items.empty())
      return true;
    for (size_t i = 0; i < from.items.size(); ++i) {
      if (i == to.items.size())
        to.items.push_back(from.items[i]);
      spend(8);
      if (types_of(to.items[i]) != types_of(from.items[i])) {
        fail("unable to merge these schemas");
        return false;
      }
    }
    return true;
  }

  type read_object(const keywords& k, int levels) {
    if (k.properties.empty())
      return object_of({}, any(), any());
    std::vector<property> list;
    for (auto& [name, schema] : k.properties) {
      auto t = read(schema, levels);
      if (!t)
        return fail_at("properties/" + std::string(name));
      list.push_back({{type_kind::string, std::string(name)}, t});
    }
    return whole_of(object_of(std::move(list), nullptr, nullptr));
  }

  type read_array(const keywords& k, int levels) {
    std::vector<type> list;
    for (size_t i = 0; i < k.items.size(); ++i) {
      list.push_back(read(k.items[i], levels));
      if (!list.back())
        return fail_at("items/" + std::to_string(i));
    }
    if (k.items.empty())
      return array_of({}, any());
    return whole_of(k.same_items ? array_of({}, list[0])
                                 : array_of(std::move(list), nullptr));
  }

  type whole_of(type t) {
    too_large_ |= is_anything(t);
    return t;
  }

  // A union of very many is anything, however little is known of each.
  type joined(const type& a, const type& b) {
    constexpr size_t few = 64;
    auto members = [](auto& t) {
      return is(t, type_kind::any) ? t->items.size() : 1;
    };
    auto t = either(a, b);
    bool was = is_anything(a) || is_anything(b);
    if (is_anything(t) && !was)
      too_large_ |= members(a) + members(b) <= few;
    return t;
  }

  type fail(std::string what) {
    error = std::move(what);
    return nullptr;
  }

  type fail_at(const std::string& place) {
    return fail("unexpected schema type at " + place + ": " + error);
  }

  const value& root_;
  bool too_large_ = false;
  std::map<std::string, value> targets_; // of references
  std::map<std::pair<std::string, int>, referred> referred_;
};

} // namespace

schema_type read_schema(arena& memory, const value& written) {
  std::string error;
  value schema;
  try {
    schema_context c(memory);
    schema = json_schema::with_local_references(c, written);
    error = json_schema::check(c, schema, json_schema::patterns::unread);
  } catch (const bound_reached&) {
    error = "a pattern of patternProperties takes too long to compile";
  }
  if (!error.empty())
    return {nullptr, "unable to compile the schema: " + error};
  schema_reader reader(schema);
  auto t = reader.read_all();
  if (!reader.error.empty())
    return {nullptr, "type checking: " + reader.error};
  return {t, ""};
}

} // namespace rego::types
