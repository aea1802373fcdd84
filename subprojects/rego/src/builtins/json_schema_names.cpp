// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Names within a schema (JSON Schema Core, draft 7, 8.2): what a reference
// means hangs on the `$id` around it. Read as the library reads them that OPA
// uses, where keywords are not known from their values but by their names.

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "builtins/go_url.hpp"
#include "builtins/json_schema.hpp"
#include "rego/build.hpp"

namespace rego::json_schema {

namespace {

constexpr int levels_max = 512;

bool is_literal(std::string_view keyword) {
  return keyword == "const" || keyword == "enum";
}

// Their keys are no keywords.
bool holds_schemas(std::string_view keyword) {
  return keyword == "properties" || keyword == "dependencies"
         || keyword == "patternProperties";
}

// As a fragment, of which each byte that could mean anything is escaped.
std::string fragment_of(std::string_view pointer) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789/_.~-";
  constexpr auto hex = "0123456789ABCDEF";
  std::string out = "#";
  for (auto c : pointer) {
    auto u = static_cast<unsigned char>(c);
    if (std::string_view(plain).find(c) != std::string_view::npos)
      out += c;
    else
      out.append("%").append(1, hex[u >> 4]).append(1, hex[u & 15]);
  }
  return out;
}

void append_step(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (auto c : key)
    if (c == '~' || c == '/')
      pointer += c == '~' ? "~0" : "~1";
    else
      pointer += c;
}

class names {
public:
  names(call_context& c, const value& root) : c_(c) {
    name("");
    collect(root, {});
  }

  /// Whether a "$ref" may mean more than its pointer.
  bool needed() const { return places_.size() > 1 || others_; }
  value rewritten(const value& v, const go_url& around);

private:
  void collect(const value& v, const go_url& around);
  void collect_below(std::string_view keyword, const value& v,
                     const go_url& around);
  value rewritten_below(std::string_view keyword, const value& v,
                        const go_url& around);
  // Looks with the pointer one step further.
  template <class Look>
  void step(std::string_view key, Look&& look) {
    auto size = pointer_.size();
    append_step(pointer_, key);
    look();
    pointer_.resize(size);
  }
  template <class Each>
  value changed(const value& v, Each&& each);
  std::string reference(std::string_view text, const go_url& around);

  void enter() {
    c_.tick(1);
    if (++depth_ > levels_max)
      throw bound_reached{bound::depth};
  }

  // The URL that names what is in the object, if it is not that around.
  std::optional<go_url> named(const value& v, const go_url& around) {
    auto id = member(v, member(v, "id").defined() ? "id" : "$id");
    return id.is_string() ? resolved(id.as_string(), around) : std::nullopt;
  }

  std::optional<go_url> resolved(std::string_view text, const go_url& around) {
    c_.tick(1 + (text.size() + around.path.size() + around.host.size()) / 16);
    go_url url;
    std::string error;
    if (!parse_url(text, url, error))
      return std::nullopt;
    return resolve_url(around, url);
  }

  // Names and pointers stand outside of the arena, and may be long.
  void name(std::string url) {
    auto bytes = url.size() + pointer_.size() + sizeof(std::string) * 4;
    c_.tick(1 + bytes / 64);
    auto room = c_.memory().room();
    if (bytes > room - std::min(room, kept_))
      throw memory_exceeded{};
    kept_ += bytes;
    places_.try_emplace(std::move(url), pointer_);
  }

  call_context& c_;
  std::map<std::string, std::string> places_; // pointers, by URL
  std::string pointer_;                       // of where `collect` is
  size_t kept_ = 0;                           // bytes in both
  bool others_ = false;
  int depth_ = 0;
};

void names::collect(const value& v, const go_url& around) {
  enter();
  if (v.is_array()) {
    for (size_t i = 0; i < v.size(); ++i)
      step(std::to_string(i), [&] { collect(v.items()[i], around); });
  } else if (v.is_object()) {
    auto own = named(v, around);
    if (own)
      name(own->text());
    auto& here = own ? *own : around;
    auto ref = member(v, "$ref");
    others_ |= ref.is_string() && !ref.as_string().starts_with('#');
    for (size_t i = 0; i < v.size(); ++i) {
      auto key = v.keys()[i].as_string();
      step(key, [&] { collect_below(key, v.values()[i], here); });
    }
  }
  --depth_;
}

void names::collect_below(std::string_view keyword, const value& v,
                          const go_url& around) {
  if (is_literal(keyword))
    return;
  if (!holds_schemas(keyword) || !v.is_object())
    return collect(v, around);
  for (size_t i = 0; i < v.size(); ++i)
    step(v.keys()[i].as_string(), [&] { collect(v.values()[i], around); });
}

std::string names::reference(std::string_view text, const go_url& around) {
  auto url = resolved(text, around);
  if (!url)
    return std::string(text);
  auto whole = url->text();
  if (auto at = places_.find(whole); at != places_.end())
    return fragment_of(at->second);
  auto fragment = std::exchange(url->fragment, "");
  auto at = places_.find(url->text());
  if (at == places_.end())
    return whole;
  // What is no pointer means all of it.
  return fragment_of(at->second + (fragment.starts_with('/') ? fragment : ""));
}

template <class Each>
value names::changed(const value& v, Each&& each) {
  object_builder out(c_.memory(), v.size());
  for (size_t i = 0; i < v.size(); ++i)
    out.add(v.keys()[i], each(v.keys()[i].as_string(), v.values()[i]));
  return out.finish();
}

value names::rewritten(const value& v, const go_url& around) {
  if (!v.is_array() && !v.is_object())
    return v;
  enter();
  value out;
  if (v.is_array()) {
    array_builder list(c_.memory(), v.size());
    for (auto& x : v.items())
      list.push(rewritten(x, around));
    out = list.array();
  } else {
    auto own = named(v, around);
    auto& here = own ? *own : around;
    out = changed(v, [&](std::string_view key, const value& x) {
      return key == "$ref" && x.is_string()
                 ? c_.string(reference(x.as_string(), here))
                 : rewritten_below(key, x, here);
    });
  }
  --depth_;
  return out;
}

value names::rewritten_below(std::string_view keyword, const value& v,
                             const go_url& around) {
  if (is_literal(keyword))
    return v;
  if (!holds_schemas(keyword) || !v.is_object())
    return rewritten(v, around);
  return changed(v, [&](std::string_view, const value& x) {
    return rewritten(x, around);
  });
}

} // namespace

value with_local_references(call_context& c, const value& schema) {
  names n(c, schema);
  return n.needed() ? n.rewritten(schema, {}) : schema;
}

} // namespace rego::json_schema
