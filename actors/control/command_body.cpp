// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/command_body.hpp"

#include "runtime/base/json_text.hpp"

#include <algorithm>

namespace acgs::control {

namespace {

constexpr std::size_t body_bytes_max = 16384;

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

bool is_identifier_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@'
         || c == ':' || c == '-';
}

caf::error bad_name(std::string_view what, std::string_view name,
                    const std::string& expected) {
  return make_error(ec::invalid_argument, std::string{what} + " " + shown(name)
                                              + ": expected " + expected);
}

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (auto name : names)
    (out += out.empty() ? "" : ", ") += name;
  return out;
}

} // namespace

std::string shown(std::string_view text) {
  std::string out;
  append_json_string(out, text.substr(0, 100));
  return text.size() > 100 ? out + "..." : out;
}

caf::error check_name(std::string_view what, std::string_view name,
                      std::size_t max) {
  if (name.empty() || name.size() > max)
    return bad_name(what, name, "1 to " + std::to_string(max) + " bytes");
  if (has_control_characters(name) || !is_utf8(name))
    return bad_name(what, name, "UTF-8 without control characters");
  return {};
}

caf::error check_identifier(std::string_view what, std::string_view name,
                            std::size_t max) {
  if (auto wrong = check_name(what, name, max))
    return wrong;
  if (!std::all_of(name.begin(), name.end(), is_identifier_character))
    return bad_name(what, name, "letters, digits and . _ @ : -");
  return {};
}

command_body::command_body(std::string_view text,
                           std::initializer_list<std::string_view> known) {
  auto read = json::parse(text, {.bytes = body_bytes_max, .depth = 2});
  if (!read) {
    wrong_ = make_error(code_of(read.error()),
                        "the command's body: " + sentence_of(read.error()));
    return;
  }
  members_ = std::move(*read);
  auto members = members_.if_object();
  if (!members) {
    wrong_ = make_error(ec::invalid_argument,
                        "the command's body must be an object, not "
                            + std::string{members_.kind_name()});
    return;
  }
  std::span<const std::string_view> names{known.begin(), known.size()};
  for (const auto& [name, member] : *members)
    if (std::find(names.begin(), names.end(), name) == names.end())
      refuse(name, "no such member; known are " + joined(names));
}

bool command_body::has(std::string_view name) const {
  auto found = members_.find(name);
  return found && !found->is_null();
}

void command_body::refuse(std::string_view name, const std::string& expected) {
  if (!wrong_)
    wrong_ =
        make_error(ec::invalid_argument, "the command's body, " + shown(name)
                                             + ": expected " + expected);
}

std::string command_body::text(std::string_view name, std::size_t max) {
  auto out = optional_text(name, max);
  if (out.empty())
    refuse(name, "a text of 1 to " + std::to_string(max) + " bytes");
  return out;
}

std::string command_body::optional_text(std::string_view name,
                                        std::size_t max) {
  return text_without(name, max, has_control_characters);
}

std::string command_body::optional_lines(std::string_view name,
                                         std::size_t max) {
  return text_without(name, max, [](std::string_view text) {
    std::string flat{text};
    std::erase(flat, '\n');
    return has_control_characters(flat);
  });
}

std::string command_body::text_without(std::string_view name, std::size_t max,
                                       bool (*unfit)(std::string_view)) {
  if (!has(name))
    return {};
  auto found = members_.find(name)->if_string();
  if (!found || found->size() > max || unfit(*found)) {
    refuse(name, "a text of at most " + std::to_string(max)
                     + " bytes without control characters");
    return {};
  }
  return *found;
}

std::int64_t command_body::whole(std::string_view name) {
  auto found = members_.find(name);
  auto out = found ? found->as_int() : std::nullopt;
  if (!out || *out < 0)
    refuse(name, "a whole number, not negative");
  return out.value_or(0);
}

double command_body::number(std::string_view name, double max) {
  auto found = members_.find(name);
  auto out = found ? found->as_double() : std::nullopt;
  if (!out || !(*out >= 0) || *out > max) {
    refuse(name, "a number from 0 to " + std::to_string(max));
    return 0;
  }
  return *out;
}

std::size_t command_body::place_of(std::string_view name,
                                   std::span<const std::string_view> names) {
  auto chosen = optional_text(name, 64);
  auto at = std::find(names.begin(), names.end(), chosen);
  if (at == names.end()) {
    refuse(name, "one of " + joined(names));
    return 0;
  }
  return static_cast<std::size_t>(at - names.begin());
}

} // namespace acgs::control
