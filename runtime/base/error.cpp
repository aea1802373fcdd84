// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/error.hpp"

#include "runtime/base/code_named.hpp"

#include <caf/atom.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace acgs {

namespace {

constexpr auto category = caf::atom("acgs");

ec code_of_sec(caf::sec code) {
  switch (code) {
  case caf::sec::request_timeout:
    return ec::timed_out;
  case caf::sec::request_receiver_down:
  case caf::sec::unavailable_or_would_block:
    return ec::unavailable;
  default:
    return ec::internal;
  }
}

std::string foreign_sentence(const caf::error& error) {
  if (error == caf::sec::request_receiver_down)
    return "the part of the node that should answer ended, and is started "
           "again; ask again";
  if (error.category() == caf::atom("system"))
    return "the actor system reports "
           + caf::to_string(static_cast<caf::sec>(error.code()));
  if (error.category() == caf::atom("exit"))
    return "the actor that should answer ended: "
           + caf::to_string(static_cast<caf::exit_reason>(error.code()));
  return "error " + std::to_string(error.code()) + " of category "
         + caf::to_string(error.category());
}

} // namespace

caf::error make_error(ec code) {
  return {static_cast<std::uint8_t>(code), category};
}

caf::error make_error(ec code, std::string sentence) {
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(std::move(sentence))};
}

caf::error make_error(ec code, std::string sentence, std::string field) {
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(std::move(sentence), std::move(field))};
}

caf::error make_error(ec code, std::string sentence, std::string field,
                      std::string details) {
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(std::move(sentence), std::move(field),
                            std::move(details))};
}

caf::error make_error(ec code, std::string sentence,
                      std::chrono::nanoseconds retry_after) {
  std::int64_t nanos = retry_after.count();
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(std::move(sentence), nanos)};
}

std::optional<std::chrono::nanoseconds>
retry_after_of(const caf::error& error) {
  if (!error || error.category() != category
      || !error.context().match_elements<std::string, std::int64_t>())
    return std::nullopt;
  return std::chrono::nanoseconds{error.context().get_as<std::int64_t>(1)};
}

ec code_of(const caf::error& error) {
  if (!error)
    return ec::none;
  if (error.category() == category && error.code() < ec_names.size())
    return static_cast<ec>(error.code());
  if (error.category() == caf::atom("system"))
    return code_of_sec(static_cast<caf::sec>(error.code()));
  if (error.category() == caf::atom("exit"))
    return ec::unavailable;
  return ec::internal;
}

std::string sentence_of(const caf::error& error) {
  if (!error)
    return "no error";
  if (error.category() != category)
    return foreign_sentence(error);
  auto& context = error.context();
  if (context.match_elements<std::string>()
      || context.match_elements<std::string, std::string>()
      || context.match_elements<std::string, std::string, std::string>()
      || context.match_elements<std::string, std::int64_t>())
    return context.get_as<std::string>(0);
  return std::string{to_string_view(code_of(error))};
}

std::string field_of(const caf::error& error) {
  if (!error || error.category() != category)
    return {};
  auto& context = error.context();
  if (context.match_elements<std::string, std::string>()
      || context.match_elements<std::string, std::string, std::string>())
    return context.get_as<std::string>(1);
  return {};
}

std::string details_of(const caf::error& error) {
  if (error && error.category() == category
      && error.context()
             .match_elements<std::string, std::string, std::string>())
    return error.context().get_as<std::string>(2);
  return {};
}

ec code_named(std::string_view name) {
  for (std::size_t i = 1; i < ec_names.size(); ++i)
    if (ec_names[i] == name)
      return static_cast<ec>(i);
  return ec::internal;
}

} // namespace acgs
