// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json_patch.hpp"

#include "runtime/base/number_text.hpp"

#include <utility>

namespace acgs::json {

namespace {

using steps = std::span<const std::string>;

constexpr std::size_t steps_max = 64;

enum class change { add, replace, remove };

std::string shown(std::string_view text) {
  return to_text(value{std::string{text.substr(0, 100)}});
}

/// An index of an array: digits without a leading zero.
std::optional<std::size_t> parse_index(std::string_view text) {
  if (text.size() > 1 && text.front() == '0')
    return std::nullopt;
  return parse_number<std::size_t>(text);
}

caf::error no_member(std::string_view key) {
  return make_error(ec::not_found, "there is no member " + shown(key));
}

caf::error no_item(std::string_view index, std::size_t size) {
  return make_error(ec::not_found, "there is no item " + shown(index)
                                       + " in an array of "
                                       + std::to_string(size));
}

caf::error leads_through(const value& at, std::string_view key, ec code) {
  return make_error(code, shown(key) + " leads through "
                              + std::string{at.kind_name()}
                              + ", which has no members");
}

/// Can something be inserted there?
bool is_place(std::string_view index, std::size_t size) {
  auto at = parse_index(index);
  return index == "-" || (at && *at <= size);
}

caf::error no_place(std::string_view index, std::size_t size) {
  return make_error(ec::conflict, "there is no place " + shown(index)
                                      + " in an array of "
                                      + std::to_string(size));
}

result<path> split(std::string_view text) {
  path out;
  for (std::size_t start = 0; start <= text.size();) {
    auto end = std::min(text.find('/', start), text.size());
    std::string step;
    for (auto i = start; i < end; ++i) {
      if (text[i] != '~') {
        step += text[i];
        continue;
      }
      ++i;
      if (i >= end || (text[i] != '0' && text[i] != '1'))
        return make_error(ec::invalid_argument,
                          "path " + shown(text)
                              + ": '~' must be followed by 0 or 1");
      step += text[i] == '0' ? '~' : '/';
    }
    out.push_back(std::move(step));
    if (out.size() > steps_max)
      return make_error(ec::too_large, "path " + shown(text) + ": more than "
                                           + std::to_string(steps_max)
                                           + " steps");
    start = end + 1;
  }
  return out;
}

result<void> change_object(value& at, const std::string& key, change how,
                           value& what) {
  if (how != change::add && !at.find(key))
    return no_member(key);
  if (how == change::remove)
    what = editor::take(at, key);
  else
    editor::set(at, key, std::move(what));
  return caf::unit;
}

result<void> change_array(value& at, const std::string& key, change how,
                          value& what) {
  auto size = at.if_array()->size();
  auto index = key == "-" ? size : parse_index(key);
  if (!index || *index > size)
    return no_item(key, size);
  if (how != change::add && *index == size)
    return make_error(ec::invalid_argument,
                      shown(key) + " is behind the last item of an array of "
                          + std::to_string(size)
                          + "; there one can only be added");
  if (how == change::remove)
    what = editor::take(at, *index);
  else if (how == change::add)
    editor::insert(at, *index, std::move(what));
  else
    editor::replace(at, *index, std::move(what));
  return caf::unit;
}

/// Changes what is at `way` below `at`. `what` is the new value, or receives
/// the one that was taken out. Where something is wrong, `at` is left in
/// pieces: the caller works on a copy.
result<void> change_at(value& at, steps way, change how, value& what) {
  if (way.empty()) {
    if (how == change::remove)
      what = std::exchange(at, value{});
    else
      at = std::move(what);
    return caf::unit;
  }
  const auto& key = way.front();
  auto rest = way.subspan(1);
  if (at.if_object()) {
    if (rest.empty())
      return change_object(at, key, how, what);
    if (!at.find(key))
      return no_member(key);
    // Taken out on the way down, so that it is not shared with its parent.
    auto child = editor::take(at, key);
    auto done = change_at(child, rest, how, what);
    editor::set(at, key, std::move(child));
    return done;
  }
  if (auto items = at.if_array()) {
    if (rest.empty())
      return change_array(at, key, how, what);
    auto index = parse_index(key);
    if (!index || *index >= items->size())
      return no_item(key, items->size());
    auto child = (*items)[*index];
    editor::replace(at, *index, value{});
    auto done = change_at(child, rest, how, what);
    editor::replace(at, *index, std::move(child));
    return done;
  }
  return leads_through(at, key, ec::not_found);
}

result<void> within_limits(const value& whole, const limits& within) {
  if (whole.bytes() > within.bytes)
    return make_error(ec::too_large,
                      "the document would have " + std::to_string(whole.bytes())
                          + " bytes; at most " + std::to_string(within.bytes)
                          + " are kept");
  if (whole.depth() > within.depth)
    return make_error(ec::too_large, "the document would have more than "
                                         + std::to_string(within.depth)
                                         + " levels");
  return caf::unit;
}

/// One operation, its members checked.
struct operation {
  std::string_view name;
  path at;
  path from;
  const value* what = nullptr;
};

result<std::string_view> text_member(const value& of, std::string_view key) {
  auto member = of.find(key);
  if (!member || !member->if_string())
    return make_error(
        ec::invalid_argument,
        "\"" + std::string{key} + "\" must be a string, not "
            + std::string{member ? member->kind_name() : "missing"});
  return std::string_view{*member->if_string()};
}

result<path> path_member(const value& of, std::string_view key,
                         const path& below) {
  auto text = text_member(of, key);
  if (!text)
    return text.error();
  auto way = parse_pointer(*text);
  if (!way)
    return way.error();
  way->insert(way->begin(), below.begin(), below.end());
  return way;
}

bool starts_with(const path& whole, const path& first) {
  return first.size() <= whole.size()
         && std::equal(first.begin(), first.end(), whole.begin());
}

result<operation> read_operation(const value& from, const path& below) {
  if (!from.if_object())
    return make_error(ec::invalid_argument,
                      "must be an object, not "
                          + std::string{from.kind_name()});
  operation out;
  auto name = text_member(from, "op");
  if (!name)
    return name.error();
  out.name = *name;
  auto at = path_member(from, "path", below);
  if (!at)
    return at.error();
  out.at = std::move(*at);
  if (out.name == "add" || out.name == "replace" || out.name == "test") {
    out.what = from.find("value");
    if (!out.what)
      return make_error(ec::invalid_argument, "\"value\" is missing");
  } else if (out.name == "move" || out.name == "copy") {
    auto source = path_member(from, "from", below);
    if (!source)
      return source.error();
    out.from = std::move(*source);
    // RFC 6902, 4.4: nothing can be moved into itself.
    if (out.name == "move" && out.at != out.from
        && starts_with(out.at, out.from))
      return make_error(ec::invalid_argument,
                        "a value cannot be moved into itself");
  } else if (out.name != "remove") {
    return make_error(ec::invalid_argument,
                      "\"op\" is " + shown(out.name)
                          + "; expected add, remove, replace, move, copy or "
                            "test");
  }
  return out;
}

result<void> carry_out(value& in, const operation& step) {
  value what = step.what ? *step.what : value{};
  if (step.name == "remove")
    return change_at(in, step.at, change::remove, what);
  if (step.name == "replace")
    return change_at(in, step.at, change::replace, what);
  if (step.name == "add")
    return change_at(in, step.at, change::add, what);
  if (step.name == "move") {
    if (step.from == step.at) {
      auto there = find(in, step.from);
      return there ? result<void>{caf::unit} : there.error();
    }
    auto done = change_at(in, step.from, change::remove, what);
    return done ? change_at(in, step.at, change::add, what) : done;
  }
  auto found = find(in, step.name == "copy" ? step.from : step.at);
  if (!found)
    return found.error();
  if (step.name == "test") {
    if (**found == *step.what)
      return caf::unit;
    return make_error(ec::conflict, "the value there is another one");
  }
  what = **found;
  return change_at(in, step.at, change::add, what);
}

/// How many items the array has that an operation changes at this path.
std::size_t items_beside(const value& in, const path& at) {
  if (at.empty())
    return 0;
  auto around = find(in, {at.begin(), at.end() - 1});
  auto items = around ? (*around)->if_array() : nullptr;
  return items ? items->size() : 0;
}

/// Counts what the operation moves; fails where it is too much.
result<void> count_moved(const value& in, const operation& step,
                         std::size_t& moved) {
  if (step.name != "test" && step.name != "replace")
    moved += items_beside(in, step.at);
  if (step.name == "move")
    moved += items_beside(in, step.from);
  if (moved <= patch_items_max)
    return caf::unit;
  return make_error(ec::too_large,
                    "with it the patch moves more than "
                        + std::to_string(patch_items_max)
                        + " items of arrays; put the array as a whole");
}

caf::error at_operation(std::size_t index, const caf::error& inner) {
  return make_error(code_of(inner),
                    "operation " + std::to_string(index)
                        + " of the patch: " + sentence_of(inner));
}

} // namespace

result<path> parse_pointer(std::string_view text) {
  if (text.empty())
    return path{};
  if (text.front() != '/')
    return make_error(ec::invalid_argument,
                      "JSON pointer " + shown(text) + " must begin with '/'");
  return split(text.substr(1));
}

result<path> parse_data_path(std::string_view text) {
  if (text.empty())
    return path{};
  auto out = split(text);
  if (out)
    for (const auto& step : *out)
      if (step.empty())
        return make_error(ec::invalid_argument,
                          "data path " + shown(text) + " has an empty step");
  return out;
}

std::string to_data_path(std::span<const std::string> steps) {
  std::string out;
  for (const auto& step : steps) {
    out += out.empty() ? "" : "/";
    for (char c : step)
      if (c == '~')
        out += "~0";
      else if (c == '/')
        out += "~1";
      else
        out += c;
  }
  return out;
}

result<const value*> find(const value& in, const path& at) {
  const value* here = &in;
  for (const auto& key : at) {
    if (auto items = here->if_array()) {
      auto index = parse_index(key);
      if (!index || *index >= items->size())
        return no_item(key, items->size());
      here = &(*items)[*index];
    } else if (auto next = here->find(key)) {
      here = next;
    } else {
      return no_member(key);
    }
  }
  return here;
}

namespace {

/// Can the value there get a member or an item of that name? New objects are
/// made in an object only.
caf::error check_put(const value& in, std::string_view key, bool is_last) {
  if (auto items = in.if_array())
    return is_last && is_place(key, items->size())
               ? caf::error{}
               : no_place(key, items->size());
  return in.if_object() ? caf::error{} : leads_through(in, key, ec::conflict);
}

} // namespace

result<value> put(value in, const path& at, value what, const limits& within) {
  if (at.empty() && !what.if_object())
    return make_error(ec::invalid_argument,
                      "the root of data must be an object, not "
                          + std::string{what.kind_name()});
  // The deepest object that exists already; below it everything is new.
  std::size_t depth = 0;
  const value* here = &in;
  while (depth + 1 < at.size()) {
    auto next = find(*here, {at[depth]});
    if (!next)
      break;
    here = *next;
    ++depth;
  }
  if (!at.empty())
    if (auto wrong = check_put(*here, at[depth], depth + 1 == at.size()))
      return wrong;
  for (auto i = at.size(); i > depth + 1; --i)
    what = value{object{{at[i - 1], std::move(what)}}};
  auto shortened = steps{at}.first(std::min(at.size(), depth + 1));
  auto done = change_at(in, shortened, change::add, what);
  if (!done)
    return done.error();
  if (auto fits = within_limits(in, within); !fits)
    return fits.error();
  return in;
}

result<value> remove(value in, const path& at) {
  if (at.empty())
    return make_error(ec::invalid_argument,
                      "the root of data cannot be deleted");
  if (auto there = find(in, at); !there)
    return there.error();
  value out;
  auto done = change_at(in, at, change::remove, out);
  if (!done)
    return done.error();
  return in;
}

result<value> patch(value in, const path& below, const value& operations,
                    const limits& within) {
  auto list = operations.if_array();
  if (!list)
    return make_error(ec::invalid_argument,
                      "a JSON Patch must be an array of operations, not "
                          + std::string{operations.kind_name()});
  if (list->size() > patch_operations_max)
    return make_error(
        ec::too_large,
        "a patch of " + std::to_string(list->size()) + " operations; at most "
            + std::to_string(patch_operations_max) + " are taken");
  std::size_t moved = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto step = read_operation((*list)[i], below);
    if (!step)
      return at_operation(i, step.error());
    auto done = count_moved(in, *step, moved);
    if (done)
      done = carry_out(in, *step);
    if (done)
      done = within_limits(in, within);
    if (!done)
      return at_operation(i, done.error());
  }
  return in;
}

} // namespace acgs::json
