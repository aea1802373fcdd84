// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/annotation_block.hpp"

#include <sstream>

#include "builtins/go_url.hpp"
#include "builtins/support.hpp"
#include "compiler/annotation_fields.hpp"
#include "parser/parse.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr std::string_view blank_characters = " \t\n\v\f\r";

std::string without_blanks(std::string_view s) {
  auto from = s.find_first_not_of(blank_characters);
  if (from == s.npos)
    return {};
  return std::string(
      s.substr(from, s.find_last_not_of(blank_characters) + 1 - from));
}

// What an object has under a key where that is a text, without blank_characters
// around.
std::string text_at(const value& object, std::string_view key) {
  auto keys = object.keys();
  for (size_t i = 0; i < keys.size(); ++i)
    if (keys[i].as_string() == key && object.values()[i].is_string())
      return without_blanks(object.values()[i].as_string());
  return {};
}

// A value as Go's fmt prints it by %s.
std::string go_printed(const value& v) {
  if (v.is_string())
    return std::string(v.as_string());
  if (!v.is_array() && !v.is_object())
    return v.is_null() ? "%!s(<nil>)"
           : v.is_boolean()
               ? "%!s(bool=" + to_json(v) + ")"
               : (to_json(v).find('.') == std::string::npos ? "%!s(int="
                                                            : "%!s(float64=")
                     + to_json(v) + ")";
  std::string out;
  auto parts = v.is_array() ? v.items() : v.values();
  for (size_t i = 0; i < parts.size(); ++i)
    out += (i ? " " : "")
           + (v.is_object() ? go_printed(v.keys()[i]) + ":" : std::string())
           + go_printed(parts[i]);
  return v.is_array() ? "[" + out + "]" : "map[" + out + "]";
}

struct block_refusal {
  std::string why;
};

// Maps in metadata have texts for keys. `path` leads to `v`.
void check_names(const value& v, const std::string& path = {}) {
  auto below = [&](const std::string& step) {
    return path.empty() ? step : path + "/" + step;
  };
  if (v.is_array())
    for (size_t i = 0; i < v.size(); ++i)
      check_names(v.items()[i], below(std::to_string(i)));
  if (v.is_object())
    for (size_t i = 0; i < v.size(); ++i) {
      if (!v.keys()[i].is_string())
        throw block_refusal{"invalid map key type(s): " + path};
      check_names(v.values()[i], below(std::string(v.keys()[i].as_string())));
    }
}

// "Name <mail>": the mail is the last word.
author_note split_author(std::string_view s) {
  std::vector<std::string> words;
  std::istringstream in{std::string(s)};
  for (std::string word; in >> word;)
    words.push_back(word);
  if (words.empty())
    throw block_refusal{"author is an empty string"};
  author_note a;
  auto& last = words.back();
  if (last.size() >= 2 && last.starts_with('<') && last.ends_with('>')) {
    a.email = last.substr(1, last.size() - 2);
    words.pop_back();
  }
  for (auto& w : words)
    a.name += (a.name.empty() ? "" : " ") + w;
  return a;
}

author_note make_author(const value& v) {
  check_names(v);
  if (v.is_string())
    return split_author(v.as_string());
  if (!v.is_object())
    throw block_refusal{"invalid value type, must be string or map"};
  author_note a{text_at(v, "name"), text_at(v, "email")};
  if (a.name.empty() && a.email.empty())
    throw block_refusal{"'name' and/or 'email' values required in object"};
  return a;
}

std::string checked_url(const std::string& s) {
  go_url u;
  std::string error;
  if (!parse_url(s, u, error))
    throw block_refusal{error};
  return u.text();
}

resource_note make_resource(const value& v) {
  check_names(v);
  if (v.is_string()) {
    if (v.as_string().empty())
      throw block_refusal{"ref URL may not be empty string"};
    return {checked_url(std::string(v.as_string())), {}};
  }
  if (!v.is_object())
    throw block_refusal{"invalid value type, must be string or map"};
  auto ref = text_at(v, "ref");
  if (ref.empty())
    throw block_refusal{"'ref' value required in object"};
  return {checked_url(ref), text_at(v, "description")};
}

std::string joined_literals(const std::vector<expr>& literals) {
  std::string out;
  for (auto& e : literals)
    out += (out.empty() ? "" : "; ") + e.text;
  return out;
}

// An operator and its operands as Go prints a list.
std::string operands_text(const expr& e) {
  std::string out;
  for (auto& t : e.terms[0].args)
    out += (out.empty() ? "" : " ") + term_text(t);
  return "[" + out + "]";
}

// The term that a text is; its parts where it is a reference, for which a root
// document's name alone passes.
quoted_term make_term(const std::string& source, bool& is_ref) {
  auto q = parse_query(source, {});
  if (!q)
    throw block_refusal{"failed to parse term: " + to_string(q.error_list())};
  auto& e = q->literals;
  if (e.size() != 1)
    throw block_refusal{"expected exactly one term but got: "
                        + joined_literals(e)};
  if (e[0].kind != expr_kind::term)
    throw block_refusal{"expected term but got " + e[0].text};
  if (e[0].terms[0].is(term_kind::call))
    throw block_refusal{"expected term but got " + operands_text(e[0])};
  auto& t = e[0].terms[0];
  is_ref = t.is(term_kind::ref) || is_root(t);
  if (t.is(term_kind::ref))
    return {source, t.args};
  return {source, {t}};
}

quoted_term make_reference(const std::string& source) {
  bool is_ref = false;
  auto t = [&] {
    try {
      return make_term(source, is_ref);
    } catch (block_refusal& r) {
      throw block_refusal{"failed to parse ref: " + r.why};
    }
  }();
  if (!is_ref)
    throw block_refusal{"expected ref but got " + term_text(t.parts[0])};
  return t;
}

schema_note make_schema(const value& pair) {
  schema_note s;
  bool given = pair.defined() && pair.size() > 0;
  std::string path = given ? std::string(pair.keys()[0].as_string()) : "";
  try {
    s.path = make_reference(path);
  } catch (const block_refusal&) {
    throw block_refusal{"invalid document reference"};
  }
  auto& v = pair.values()[0];
  if (v.is_object()) {
    try {
      check_names(v);
    } catch (const block_refusal& r) {
      throw block_refusal{"invalid schema definition: " + r.why};
    }
    s.definition = v;
    return s;
  }
  if (!v.is_string())
    throw block_refusal{"invalid schema declaration for path "
                        + go_quote(path)};
  bool is_ref = false;
  try {
    s.schema = make_term(std::string(v.as_string()), is_ref);
  } catch (const block_refusal&) {
  }
  auto& parts = s.schema.parts;
  if (parts.empty() || !parts[0].is(term_kind::var)
      || parts[0].text != "schema")
    throw block_refusal{"invalid schema reference"};
  return s;
}

compile_note make_compile(const value& given) {
  compile_note c;
  for (size_t i = 0; i < given.size(); ++i) {
    auto name = given.keys()[i].as_string();
    auto& v = given.values()[i];
    if (name == "unknowns" && v.is_array())
      for (auto& u : v.items()) {
        auto& to = c.unknowns.emplace_back();
        std::string source(u.is_string() ? u.as_string() : "");
        try {
          if (u.is_string())
            to = make_reference(source);
        } catch (const block_refusal& r) {
          throw block_refusal{"invalid unknowns element " + go_quote(source)
                              + ": " + r.why};
        }
      }
    if (name != "mask_rule" || !v.is_string())
      continue;
    std::string source(v.as_string());
    bool is_ref = false;
    try {
      c.mask_rule = make_term(source, is_ref);
    } catch (const block_refusal& r) {
      throw block_refusal{"invalid mask_rule annotation " + go_quote(source)
                          + ": " + r.why};
    }
    auto& first = c.mask_rule.parts[0];
    if (!is_ref && !first.is(term_kind::var) && !first.is(term_kind::string))
      throw block_refusal{"invalid mask_rule annotation type "
                          + go_quote(source) + ": string"};
  }
  return c;
}

// Each of a list; the error names what is refused.
template <typename T>
void make_each(const value& list, const char* what, T (*make)(const value&),
               std::vector<T>& to) {
  if (!list.defined())
    return;
  for (auto& v : list.items()) {
    try {
      to.push_back(make(v));
    } catch (const block_refusal& r) {
      throw block_refusal{std::string("invalid ") + what + " definition "
                          + go_printed(v) + ": " + r.why};
    }
  }
}

} // namespace

bool read_annotation(arena& memory, const std::string& yaml,
                     yaml_bounds& bounds, annotation& to, std::string& error) {
  if (yaml.find_first_not_of(blank_characters) == yaml.npos) {
    error = "expected METADATA block, found whitespace";
    return false;
  }
  yaml_document document;
  std::istringstream in(yaml);
  if (!read_yaml(in, yaml, document, error))
    return false;
  if (!document.root)
    return true;
  annotation_fields fields(memory, bounds);
  if (!fields.read(*document.root, to)) {
    error = fields.complaint();
    return false;
  }
  try {
    make_each(fields.resources, "related-resource", make_resource,
              to.related_resources);
    if (fields.compile.defined())
      to.compile = make_compile(fields.compile);
    for (auto& s : fields.schemas)
      to.schemas.push_back(make_schema(s));
    make_each(fields.authors, "author", make_author, to.authors);
    for (auto& given : {to.custom, to.labels})
      if (given.defined())
        for (auto& v : given.values())
          check_names(v);
  } catch (const block_refusal& r) {
    error = r.why;
    return false;
  }
  return true;
}

} // namespace rego
