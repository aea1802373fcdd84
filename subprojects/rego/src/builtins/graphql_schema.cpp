// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/graphql_schema.hpp"

#include <algorithm>

namespace rego::graphql {

value member(const value& o, std::string_view name) {
  if (!o.is_object())
    return {};
  for (size_t i = 0; i < o.size(); ++i)
    if (o.keys()[i].is_string() && o.keys()[i].as_string() == name)
      return o.values()[i];
  return {};
}

std::string_view text(const value& o, std::string_view name) {
  auto v = member(o, name);
  return v.is_string() ? v.as_string() : std::string_view();
}

std::span<const value> list(const value& o, std::string_view name) {
  auto v = member(o, name);
  return v.is_array() ? v.items() : std::span<const value>();
}

bool flag(const value& o, std::string_view name) {
  return member(o, name).is_true();
}

std::string type_text(const value& t, int depth) {
  auto elem = member(t, "Elem");
  auto inner = elem.is_object() && depth < 250
                   ? "[" + type_text(elem, depth + 1) + "]"
                   : std::string(text(t, "NamedType"));
  return flag(t, "NonNull") ? inner + "!" : inner;
}

std::string_view named_type(const value& t) {
  auto at = t;
  for (int depth = 0; depth < 250; ++depth) {
    auto elem = member(at, "Elem");
    if (!elem.is_object())
      break;
    at = elem;
  }
  return text(at, "NamedType");
}

const value* definition::field(std::string_view n) const {
  for (auto& f : fields)
    if (text(f, "Name") == n)
      return &f;
  return nullptr;
}

const definition* schema::type(std::string_view name) const {
  auto at = types_.find(name);
  return at == types_.end() ? nullptr : &at->second;
}

const value* schema::directive(std::string_view name) const {
  auto at = directives_.find(name);
  return at == directives_.end() ? nullptr : &at->second;
}

const definition* schema::root(std::string_view operation) const {
  auto at = roots_.find(operation);
  return at == roots_.end() ? nullptr : type(at->second);
}

std::set<std::string> schema::possible(const definition& d) const {
  if (d.is("UNION"))
    return {d.types.begin(), d.types.end()};
  if (!d.is("INTERFACE"))
    return {d.name};
  std::set<std::string> out;
  for (auto& [name, t] : types_)
    if (t.is("OBJECT")
        && std::find(t.interfaces.begin(), t.interfaces.end(), d.name)
               != t.interfaces.end())
      out.insert(name);
  return out;
}

bool schema::fail(const value& node, const std::string& message) {
  position p;
  if (where_ && node.is_object())
    if (auto at = where_->find(node.as_pointer()); at != where_->end())
      p = at->second;
  error = "input:" + std::to_string(p.row) + ":" + std::to_string(p.col) + ": "
          + message;
  return false;
}

namespace {

template <class To>
void append(To& to, std::span<const value> from) {
  for (auto& v : from) {
    if constexpr (std::is_same_v<typename To::value_type, value>)
      to.push_back(v);
    else if (v.is_string())
      to.emplace_back(v.as_string());
  }
}

void append_parts(definition& d, const value& v) {
  append(d.directives, list(v, "Directives"));
  append(d.interfaces, list(v, "Interfaces"));
  append(d.fields, list(v, "Fields"));
  append(d.types, list(v, "Types"));
  append(d.enum_values, list(v, "EnumValues"));
}

} // namespace

bool schema::extend(const value& e) {
  std::string name(text(e, "Name"));
  auto& d = types_[name];
  if (d.name.empty()) {
    d.name = name;
    d.kind = text(e, "Kind");
    d.node = e;
  }
  if (d.kind != text(e, "Kind"))
    return fail(e, "Cannot extend type " + name + " because the base type is a "
                       + d.kind + ", not " + std::string(text(e, "Kind"))
                       + ".");
  append_parts(d, e);
  return true;
}

bool schema::add_types(const value& document) {
  for (auto& v : list(document, "Definitions")) {
    std::string name(text(v, "Name"));
    auto& d = types_[name];
    if (!d.name.empty())
      return fail(v, "Cannot redeclare type " + name + ".");
    d.name = name;
    d.kind = text(v, "Kind");
    d.node = v;
    append_parts(d, v);
  }
  for (auto& v : list(document, "Extensions"))
    if (!extend(v))
      return false;
  return true;
}

bool schema::add_directives(const value& document) {
  for (auto& v : list(document, "Directives")) {
    std::string name(text(v, "Name"));
    // A schema may repeat the directives that every schema has.
    bool repeats = name == "include" || name == "skip" || name == "deprecated"
                   || name == "specifiedBy" || name == "defer"
                   || name == "oneOf";
    if (!directives_.emplace(name, v).second && !repeats)
      return fail(v, "Cannot redeclare directive " + name + ".");
  }
  return true;
}

bool schema::add_roots(const value& document, std::string_view member_name) {
  for (auto& s : list(document, member_name)) {
    for (auto& o : list(s, "OperationTypes")) {
      std::string operation(text(o, "Operation")), name(text(o, "Type"));
      if (!type(name))
        return fail(o, "Schema root " + operation + " refers to a type " + name
                           + " that does not exist.");
      roots_[operation] = name;
    }
  }
  return true;
}

bool schema::check_name(const value& node) {
  auto name = text(node, "Name");
  if (!name.starts_with("__"))
    return true;
  return fail(node, "Name \"" + std::string(name)
                        + "\" must not begin with \"__\", which is reserved by "
                          "GraphQL introspection.");
}

bool schema::check_reference(const value& t, const value& node) {
  auto name = named_type(t);
  return type(name) || fail(node, "Undefined type " + std::string(name) + ".");
}

bool schema::check_directives(const std::vector<value>& dirs,
                              std::string_view location) {
  for (auto& d : dirs) {
    std::string name(text(d, "Name"));
    auto* def = directive(name);
    if (!def)
      return fail(d, "Undefined directive " + name + ".");
    bool allowed = false;
    for (auto& l : list(*def, "Locations"))
      allowed = allowed || (l.is_string() && l.as_string() == location);
    if (!allowed)
      return fail(d, "Directive " + name + " is not applicable on "
                         + std::string(location) + ".");
    for (auto& a : list(d, "Arguments")) {
      bool known = false;
      for (auto& x : list(*def, "Arguments"))
        known = known || text(x, "Name") == text(a, "Name");
      if (!known)
        return fail(a, "Undefined argument " + std::string(text(a, "Name"))
                           + " for directive " + name + ".");
    }
  }
  return true;
}

bool schema::check_arguments(const value& owner) {
  for (auto& a : list(owner, "Arguments")) {
    auto t = member(a, "Type");
    if (!check_name(a) || !check_reference(t, a))
      return false;
    auto* d = type(named_type(t));
    if (!d->input())
      return fail(a, "cannot use " + type_text(t) + " as argument "
                         + std::string(text(a, "Name")) + " because " + d->kind
                         + " is not a valid input type");
    auto dirs = list(a, "Directives");
    if (!check_directives({dirs.begin(), dirs.end()}, "ARGUMENT_DEFINITION"))
      return false;
  }
  return true;
}

bool schema::check_fields(const definition& d) {
  bool input = d.is("INPUT_OBJECT");
  if (d.fields.empty())
    return fail(d.node, d.kind + " " + d.name + ": must define one or more "
                            + (input ? "input fields." : "fields."));
  std::set<std::string_view> seen;
  for (auto& f : d.fields) {
    auto t = member(f, "Type");
    if (!check_name(f) || !check_reference(t, f) || !check_arguments(f))
      return false;
    auto* of = type(named_type(t));
    if (input ? !of->input() : of->is("INPUT_OBJECT"))
      return fail(f, d.kind + " " + d.name + ": field must be one of "
                         + (input ? "SCALAR, ENUM, INPUT_OBJECT."
                                  : "SCALAR, OBJECT, INTERFACE, UNION, "
                                    "ENUM."));
    if (!seen.insert(text(f, "Name")).second)
      return fail(f, "Field " + d.name + "." + std::string(text(f, "Name"))
                         + " can only be defined once.");
    auto dirs = list(f, "Directives");
    if (!check_directives({dirs.begin(), dirs.end()},
                          input ? "INPUT_FIELD_DEFINITION"
                                : "FIELD_DEFINITION"))
      return false;
  }
  return true;
}

bool schema::check_interfaces(const definition& d) {
  auto implements = [&](const std::string& n) {
    return std::find(d.interfaces.begin(), d.interfaces.end(), n)
           != d.interfaces.end();
  };
  for (auto& name : d.interfaces) {
    auto* i = type(name);
    if (!i)
      return fail(d.node, "Undefined type \"" + name + "\".");
    if (!i->is("INTERFACE"))
      return fail(d.node,
                  "\"" + name + "\" is a non interface type " + i->kind + ".");
    for (auto& f : i->fields)
      if (!d.field(text(f, "Name")))
        return fail(d.node, "For " + d.name + " to implement " + name
                                + " it must have a field called "
                                + std::string(text(f, "Name")) + ".");
    for (auto& above : i->interfaces)
      if (above != d.name && !implements(above))
        return fail(d.node, "Type " + d.name + " must implement " + above
                                + " because it is implemented by " + name
                                + ".");
  }
  return true;
}

bool schema::check_type(const definition& d) {
  if (!check_name(d.node) || !check_directives(d.directives, d.kind))
    return false;
  if (d.is("SCALAR"))
    return true;
  if (d.is("UNION")) {
    for (auto& name : d.types) {
      auto* t = type(name);
      if (!t)
        return fail(d.node, "Undefined type \"" + name + "\".");
      if (!t->is("OBJECT"))
        return fail(d.node, "UNION type \"" + name + "\" must be OBJECT.");
    }
    return true;
  }
  if (!d.is("ENUM"))
    return check_fields(d) && check_interfaces(d);
  if (d.enum_values.empty())
    return fail(d.node, "ENUM " + d.name
                            + ": must define one or more unique enum "
                              "values.");
  for (auto& v : d.enum_values) {
    auto name = text(v, "Name");
    if (name == "true" || name == "false" || name == "null")
      return fail(v, "ENUM " + d.name + ": must not define value "
                         + std::string(name) + ".");
    auto dirs = list(v, "Directives");
    if (!check_directives({dirs.begin(), dirs.end()}, "ENUM_VALUE"))
      return false;
  }
  return true;
}

bool schema::build(call_context& c, const value& document,
                   const positions& where) {
  positions ignored;
  auto base = parser(c, prelude(), ignored).schema();
  if (!add_types(base) || !add_directives(base))
    return false;
  for (auto& [name, d] : types_)
    d.built_in = true;
  where_ = &where;
  if (!add_types(document) || !add_directives(document))
    return false;
  if (list(document, "Schema").size() > 1)
    return fail(list(document, "Schema")[1],
                "Cannot have multiple schema entry points, consider schema "
                "extensions instead.");
  if (!add_roots(document, "Schema") || !add_roots(document, "SchemaExtension"))
    return false;
  if (list(document, "Schema").empty())
    for (auto [operation, name] :
         {std::pair("query", "Query"), std::pair("mutation", "Mutation"),
          std::pair("subscription", "Subscription")})
      if (!roots_.contains(operation) && type(name))
        roots_[operation] = name;
  for (auto& [name, d] : types_) {
    c.tick(1 + d.fields.size());
    if (!d.built_in && !check_type(d))
      return false;
  }
  for (auto& [name, v] : directives_)
    if (!check_name(v) || !check_arguments(v))
      return false;
  return true;
}

std::string_view prelude() {
  return R"(
scalar Int scalar Float scalar String scalar Boolean scalar ID
directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported") on
  FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
directive @defer(if: Boolean = true, label: String) on
  FRAGMENT_SPREAD | INLINE_FRAGMENT
type __Schema {
  description: String
  types: [__Type!]!
  queryType: __Type!
  mutationType: __Type
  subscriptionType: __Type
  directives: [__Directive!]!
}
type __Type {
  kind: __TypeKind!
  name: String
  description: String
  fields(includeDeprecated: Boolean = false): [__Field!]
  interfaces: [__Type!]
  possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
  ofType: __Type
  specifiedByURL: String
}
enum __TypeKind {
  SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL
}
type __Field {
  name: String!
  description: String
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  type: __Type!
  isDeprecated: Boolean!
  deprecationReason: String
}
type __InputValue {
  name: String!
  description: String
  type: __Type!
  defaultValue: String
  isDeprecated: Boolean!
  deprecationReason: String
}
type __EnumValue {
  name: String!
  description: String
  isDeprecated: Boolean!
  deprecationReason: String
}
type __Directive {
  name: String!
  description: String
  locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  isRepeatable: Boolean!
}
enum __DirectiveLocation {
  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD
  INLINE_FRAGMENT VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION
  ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
  INPUT_FIELD_DEFINITION
}
)";
}

} // namespace rego::graphql
