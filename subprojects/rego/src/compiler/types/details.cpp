// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/details.hpp"

#include "builtins/ast_json.hpp"
#include "compiler/code_writer.hpp"
#include "core/work.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::types {

namespace {

// Types in the form of OPA's JSON.
class type_writer {
public:
  explicit type_writer(arena& a) : a_(a) {}

  value one(const type& t) { return t ? named(t, "") : value::null(); }

  value named(const type& t, const std::string& name) {
    spend();
    object_builder o(a_);
    o.add("type", make_string(a_, kind_of(t->kind)));
    if (!name.empty())
      o.add("name", make_string(a_, name));
    add_parts(o, *t);
    return o.finish();
  }

  value list(const std::vector<type>& types) {
    array_builder b(a_);
    for (auto& t : types)
      b.push(one(t));
    return b.array();
  }

  value key(const constant_key& k) {
    switch (k.kind) {
    case type_kind::null:
      return value::null();
    case type_kind::boolean:
      return value::boolean(k.text == "true");
    case type_kind::number:
      return make_number(a_, k.text);
    default:
      return make_string(a_, k.text);
    }
  }

private:
  static std::string_view kind_of(type_kind k) {
    constexpr std::string_view names[] = {"null",   "boolean", "number",
                                          "string", "array",   "object",
                                          "set",    "any",     "function"};
    return names[static_cast<size_t>(k)];
  }

  void add(object_builder& o, std::string_view as, const std::vector<type>& l) {
    if (!l.empty())
      o.add(as, list(l));
  }
  void add(object_builder& o, std::string_view as, const type& t) {
    if (t)
      o.add(as, one(t));
  }

  void add_parts(object_builder& o, const type_node& n) {
    switch (n.kind) {
    case type_kind::array:
      add(o, "static", n.items);
      return add(o, "dynamic", n.rest);
    case type_kind::object:
      return add_properties(o, n);
    case type_kind::set:
      return add(o, "of", n.rest);
    case type_kind::any:
      return add(o, "of", n.items);
    case type_kind::function:
      add(o, "args", n.items);
      return add(o, "result", n.rest);
    default:
      return;
    }
  }

  void add_properties(object_builder& o, const type_node& n) {
    array_builder all(a_);
    for (auto& p : n.properties)
      all.push(pair(key(p.key), one(p.value)));
    if (!n.properties.empty())
      o.add("static", all.array());
    if (n.key || n.rest)
      o.add("dynamic", pair(one(n.key), one(n.rest)));
  }

  value pair(const value& k, const value& v) {
    object_builder o(a_);
    o.add("key", k);
    o.add("value", v);
    return o.finish();
  }

  arena& a_;
};

std::string signature_text(const named_types& all) {
  std::string out;
  for (size_t i = 0; i < all.types.size(); ++i) {
    out += i ? ", " : "";
    if (i < all.names.size() && !all.names[i].empty())
      out += all.names[i] + ": ";
    out += text(all.types[i]);
  }
  return "(" + out + ")";
}

std::string keys_text(const std::vector<constant_key>& list) {
  std::string out;
  for (auto& k : list)
    out += (out.empty() ? "" : " ")
           + (k.kind == type_kind::string ? json_string(k.text) : k.text);
  return "[" + out + "]";
}

// The members that all errors of references have.
void add_step(object_builder& o, arena& a, const ref_step& at) {
  quoted_term whole;
  for (auto* t : at.ref)
    whole.parts.push_back(*t);
  o.add("ref", tree_of(a, whole, {}));
  o.add("pos", value::integer(static_cast<int64_t>(at.position)));
}

// OPA writes a null that is a key as the empty object.
value keys_json(arena& a, const std::vector<constant_key>& list) {
  if (list.empty())
    return value::null();
  array_builder b(a);
  for (auto& k : list)
    b.push(k.kind == type_kind::null ? object_builder(a).finish()
                                     : type_writer(a).key(k));
  return b.array();
}

} // namespace

std::string path_text(const ref_path& ref, size_t n) {
  term t;
  t.kind = term_kind::ref;
  for (size_t i = 0; i < n; ++i)
    t.args.push_back(*ref[i]);
  return ref_text(t);
}

value json_of(arena& a, const type& t) {
  return type_writer(a).one(t);
}

error_details tell_operands(const std::vector<type>& have,
                            const named_types& want) {
  arena a;
  type_writer types(a);
  array_builder wanted(a);
  for (size_t i = 0; i < want.types.size(); ++i)
    wanted.push(want.types[i] && i < want.names.size()
                    ? types.named(want.types[i], want.names[i])
                    : types.one(want.types[i]));
  object_builder o(a), operands(a);
  if (!want.types.empty())
    operands.add("args", wanted.array());
  o.add("have", types.list(have));
  o.add("want", operands.finish());
  return {{"have: " + list_text(have), "want: " + signature_text(want)},
          to_json(o.finish())};
}

error_details tell_sides(const type& left, const type& right) {
  arena a;
  object_builder o(a);
  o.add("a", type_writer(a).one(left));
  o.add("b", type_writer(a).one(right));
  return {{"left  : " + text(left), "right : " + text(right)},
          to_json(o.finish())};
}

error_details tell_value(const ref_step& at) {
  arena a;
  object_builder o(a);
  o.add("have", type_writer(a).one(at.have));
  add_step(o, a, at);
  auto carets = path_text(at.ref, at.position + 1).size();
  return {{path_text(at.ref, at.ref.size()), std::string(carets, '^'),
           "have: " + text(at.have)},
          to_json(o.finish())};
}

error_details tell_key(const ref_step& at, const type& want,
                       const std::vector<constant_key>& one_of) {
  arena a;
  object_builder o(a);
  if (at.have)
    o.add("have", type_writer(a).one(at.have));
  o.add("want", type_writer(a).one(want));
  o.add("oneOf", keys_json(a, one_of));
  add_step(o, a, at);
  auto pad = std::string(path_text(at.ref, at.position).size() + 1, ' ');
  return {{path_text(at.ref, at.ref.size()), pad + "^",
           pad
               + (at.have ? "have (type): " + text(at.have)
                          : "have: " + term_text(*at.ref[at.position])),
           pad
               + (one_of.empty() ? "want (type): " + text(want)
                                 : "want (one of): " + keys_text(one_of))},
          to_json(o.finish())};
}

} // namespace rego::types
