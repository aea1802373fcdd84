// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON text: marshal, marshal_with_options, unmarshal, is_valid.

#include "builtins/families.hpp"
#include "builtins/go_json.hpp"
#include "builtins/support.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

// Go refuses keys that, once written as text, would stand for one another, no
// matter: the last one stays.
value marshal_json(call_context& c, args a) {
  check_json_size(c, a[0]);
  auto text = to_json(a[0], {.escape_html = true});
  c.tick(text.size() / 64);
  return c.string(text);
}

struct options {
  std::string indent = "\t", prefix;
  bool pretty = false;
};

// False after an error.
bool read_options(call_context& c, const value& v, options& out) {
  bool asked = false, implied = false;
  for (size_t i = 0; i < v.size(); ++i) {
    auto &k = v.keys()[i], &x = v.values()[i];
    auto key = k.is_string() ? k.as_string() : std::string_view();
    auto shown = to_rego(k);
    if (!k.is_string()) {
      operand_failure(c, 2,
                      "failed to stringify key " + shown + " at index "
                          + std::to_string(i) + ": operand " + std::to_string(i)
                          + " must be string but got "
                          + std::string(type_name(k)));
      return false;
    }
    if (key == "pretty") {
      if (!x.is_boolean()) {
        operand_failure(c, 2, "key " + shown + " failed cast to bool");
        return false;
      }
      asked = true;
      out.pretty = x.as_boolean();
    } else if (key == "indent" || key == "prefix") {
      if (!x.is_string()) {
        operand_failure(c, 2,
                        "key " + shown + " failed cast to string: operand "
                            + std::to_string(i) + " must be string but got "
                            + std::string(type_name(x)));
        return false;
      }
      (key == "indent" ? out.indent : out.prefix) = x.as_string();
      implied = true;
    } else {
      operand_failure(c, 2, "object contained unknown key " + shown);
      return false;
    }
  }
  if (!asked)
    out.pretty = implied;
  return true;
}

// Layout apart from the text, so that indents are counted against the limit
// before they are written.
void lay_out(text_sink& out, std::string_view compact, const options& o) {
  size_t depth = 0;
  bool in_string = false;
  auto line = [&] {
    out.put('\n');
    out.put(o.prefix);
    for (size_t i = 0; i < depth; ++i)
      out.put(o.indent);
  };
  for (size_t i = 0; i < compact.size(); ++i) {
    char ch = compact[i];
    if (in_string) {
      out.put(ch);
      if (ch == '\\' && i + 1 < compact.size())
        out.put(compact[++i]);
      in_string = ch != '"';
      continue;
    }
    bool opens = ch == '{' || ch == '[', closes = ch == '}' || ch == ']';
    if (opens && compact[i + 1] == ch + 2) {
      out.put(compact.substr(i++, 2));
      continue;
    }
    if (closes) {
      --depth;
      line();
    }
    out.put(ch);
    in_string = ch == '"';
    if (opens)
      ++depth;
    if (opens || ch == ',')
      line();
    if (ch == ':')
      out.put(' ');
  }
}

value marshal_with_options(call_context& c, args a) {
  if (!a[1].is_object())
    return c.operand_error(2, a[1], "object");
  options o;
  if (!read_options(c, a[1], o))
    return {};
  check_json_size(c, a[0]);
  auto text = to_json(a[0], {.escape_html = true});
  if (!o.pretty)
    return c.string(text);
  text_sink out(c);
  out.put(o.prefix);
  lay_out(out, text, o);
  return out.finish();
}

value unmarshal_json(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  auto r = parse_as_go(c.memory(), a[0].as_string());
  return r ? *r : c.fail(r.error_list()[0].message);
}

value is_json(call_context& c, args a) {
  if (!a[0].is_string())
    return truth(false);
  c.tick(a[0].as_string().size() / 64);
  return truth(static_cast<bool>(parse_as_go(c.memory(), a[0].as_string())));
}

} // namespace

void register_json_text(builtin_table& t) {
  t.add("json.is_valid", is_json);
  t.add("json.marshal", marshal_json);
  t.add("json.marshal_with_options", marshal_with_options);
  t.add("json.unmarshal", unmarshal_json);
}

} // namespace rego
