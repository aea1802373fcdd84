// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Delta bundles: operations on data with the meaning that OPA's store gives
// them, and the replacement of whole roots. A change copies the way to it.

#include <algorithm>
#include <charconv>

#include "bundle/support.hpp"
#include "rego/build.hpp"

namespace rego::bundle {

namespace {

constexpr size_t operations_max = 10000;
constexpr size_t steps_max = 64;

// "~1" is a slash and "~0" a tilde, in this order.
std::string unescaped(std::string_view step) {
  std::string out;
  for (size_t i = 0; i < step.size(); ++i) {
    bool escape = step[i] == '~' && i + 1 < step.size()
                  && (step[i + 1] == '0' || step[i + 1] == '1');
    out += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return out;
}

std::vector<std::string> read_path(std::string_view text) {
  while (text.starts_with('/'))
    text.remove_prefix(1);
  while (text.ends_with('/'))
    text.remove_suffix(1);
  auto out = steps_of(text);
  for (auto& step : out)
    step = unescaped(step);
  return out;
}

std::optional<std::string> wrong_in(const operation& o) {
  if (o.op != "upsert" && o.op != "replace" && o.op != "remove")
    return "op: expected upsert, replace or remove";
  if (o.op != "remove" && !o.operand.defined())
    return "value: expected one, as " + o.op + " needs it";
  if (o.path.size() > steps_max)
    return "path: more than " + std::to_string(steps_max) + " steps";
  if (o.path.empty() && (o.op != "replace" || !o.operand.is_object()))
    return "path: the root can only be replaced, by an object";
  return std::nullopt;
}

using steps = std::span<const std::string>;

/// Where an index of an array leads; its size for "-", past it for no index.
size_t index_in(const value& v, const std::string& step) {
  size_t n = 0;
  if (step == "-")
    return v.size();
  auto* end = step.data() + step.size();
  auto [stop, ec] = std::from_chars(step.data(), end, n);
  return ec == std::errc() && stop == end ? n : SIZE_MAX;
}

class changer {
public:
  changer(arena& a, const operation& o) : memory_(a), what_(o) {}

  /// The document after the change; undefined, with `wrong` set.
  value change(const value& v, steps left) {
    if (left.empty())
      return what_.operand;
    if (v.is_array())
      return in_array(v, left);
    if (!v.is_object())
      return fail("the path leads through a " + std::string(type_name(v)));
    return in_object(v, left);
  }

  std::string wrong;

private:
  bool upserts() const { return what_.op == "upsert"; }
  bool removes() const { return what_.op == "remove"; }

  value fail(std::string why) {
    wrong = std::move(why);
    return {};
  }

  value in_array(const value& v, steps left) {
    auto at = index_in(v, left[0]);
    bool last = left.size() == 1;
    bool inserts = last && upserts();
    if (at >= v.size() + (inserts ? size_t{1} : size_t{0}))
      return fail("there is no item " + shown(left[0]));
    value now;
    if (!last || !removes())
      now = last ? what_.operand : change(v.items()[at], left.subspan(1));
    if (!now.defined() && !(last && removes()))
      return {};
    array_builder out(memory_, v.size() + size_t{1});
    for (size_t i = 0; i <= v.size(); ++i) {
      if (i == at && now.defined())
        out.push(now);
      if (i < v.size() && (i != at || inserts))
        out.push(v.items()[i]);
    }
    return out.array();
  }

  value in_object(const value& v, steps left) {
    auto key = make_string(memory_, left[0]);
    auto old = lookup(v, key);
    bool last = left.size() == 1;
    if (!old.defined() && !upserts())
      return fail("there is no member " + shown(left[0]));
    if (!old.defined() && !last)
      old = object_builder(memory_).finish();
    value now;
    if (!last || !removes())
      now = last ? what_.operand : change(old, left.subspan(1));
    if (!now.defined() && !(last && removes()))
      return {};
    object_builder out(memory_, v.size() + size_t{1});
    for (size_t i = 0; i < v.size(); ++i)
      if (!equal(v.keys()[i], key))
        out.add(v.keys()[i], v.values()[i]);
    if (now.defined())
      out.add(key, now);
    return out.finish();
  }

  arena& memory_;
  const operation& what_;
};

value at_path(arena& a, const value& v, steps path) {
  auto here = v;
  for (auto& step : path) {
    if (!here.is_object())
      return {};
    here = lookup(here, make_string(a, step));
  }
  return here;
}

/// `v` without what is at the path, where there is something.
value without(arena& a, const value& v, const std::vector<std::string>& path) {
  if (!at_path(a, v, path).defined())
    return v;
  operation gone{"remove", path, {}};
  return changer(a, gone).change(v, path);
}

result<value> replaced(arena& to, const value& data,
                       const std::vector<std::string>& roots,
                       const value& from) {
  auto out = data;
  for (auto& root : roots) {
    auto path = steps_of(root);
    if (path.empty())
      return from;
    out = without(to, out, path);
    auto now = at_path(to, from, path);
    if (!now.defined())
      continue;
    operation put{"upsert", path, now};
    changer c(to, put);
    out = c.change(out, path);
    if (!out.defined())
      return refusal("", "root '" + shown(root) + "': " + c.wrong);
  }
  return out;
}

error too_much() {
  return refusal("", "data nests too deeply or takes too much memory");
}

} // namespace

result<std::vector<operation>> read_patch(const value& v) {
  arena names;
  auto list = v.is_object() ? lookup(v, make_string(names, "data")) : value();
  if (!list.is_array() || v.size() != 1 || list.size() == 0
      || list.size() > operations_max)
    return refusal(patch_name, "expected {\"data\": [...]} with 1 to "
                                   + std::to_string(operations_max)
                                   + " operations");
  std::vector<operation> out;
  for (auto& item : list.items()) {
    auto get = [&](std::string_view name) {
      return item.is_object() ? lookup(item, make_string(names, name))
                              : value();
    };
    auto where = "operation " + std::to_string(out.size()) + ": ";
    auto op = get("op"), path = get("path");
    if (!op.is_string() || !path.is_string())
      return refusal(patch_name, where + "expected texts as op and path");
    operation o{std::string(op.as_string()), read_path(path.as_string()),
                get("value")};
    if (auto wrong = wrong_in(o))
      return refusal(patch_name, where + *wrong);
    out.push_back(std::move(o));
  }
  return out;
}

result<value> apply(arena& to, const value& data,
                    const std::vector<operation>& patch) {
  try {
    auto out = data;
    for (size_t i = 0; i < patch.size(); ++i) {
      changer c(to, patch[i]);
      out = c.change(out, patch[i].path);
      if (!out.defined())
        return refusal(patch_name, "operation " + std::to_string(i) + ", "
                                       + patch[i].op + ": " + c.wrong);
    }
    return out;
  } catch (const bound_reached&) {
    return too_much();
  }
}

result<value> replace_roots(arena& to, const value& data,
                            const std::vector<std::string>& roots,
                            const value& from) {
  try {
    return replaced(to, data, roots, from);
  } catch (const bound_reached&) {
    return too_much();
  }
}

} // namespace rego::bundle
