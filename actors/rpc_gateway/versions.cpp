// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/versions.hpp"

#include "runtime/base/json.hpp"

namespace acgs::rpc_gateway {

namespace {

using domain::command_kind;

/// The last revision, whichever that is.
constexpr auto last_revision = ~std::uint64_t{0};

caf::error not_reached(std::uint64_t wanted, std::uint64_t last) {
  return make_error(ec::invalid_argument,
                    "there is no revision " + std::to_string(wanted)
                        + " yet; the last one is " + std::to_string(last),
                    "revision");
}

std::vector<std::string> digests_in(std::string_view body) {
  std::vector<std::string> out;
  auto read = json::parse(body);
  auto list = read ? read->find("digests") : nullptr;
  if (list && list->if_array())
    for (const auto& each : *list->if_array())
      if (each.if_string())
        out.push_back(*each.if_string());
  return out;
}

} // namespace

kj::Promise<caf::error> check_reached(session& who, std::uint64_t revision) {
  auto known = who.with().now.state();
  if (revision == last_revision || (known && revision <= known->revision))
    return caf::error{};
  return ask<control::published>(
      who, who.with().others().control.get(), control::get_published{},
      [revision](const control::published& now) -> caf::error {
        auto last = now.state ? now.state->revision : 0;
        return revision <= last ? caf::error{} : not_reached(revision, last);
      });
}

control::get_history history_up_to(std::string name, std::uint64_t revision) {
  control::get_history out;
  out.name = std::move(name);
  out.before = revision == last_revision ? 0 : revision + 1;
  out.limit = 1000;
  return out;
}

const control::history_item* policy_in(const control::history& from) {
  for (const auto& each : from.items) {
    if (each.command->kind == command_kind::put_policy)
      return &each;
    if (each.command->kind == command_kind::delete_policy)
      return nullptr;
  }
  return nullptr;
}

result<std::vector<std::string>> bundle_in(const control::history& from,
                                           const domain::control_state& now) {
  std::vector<std::string> out;
  for (const auto& each : from.items) {
    if (each.command->kind != command_kind::activate_bundle)
      continue;
    auto digests = digests_in(each.command->body);
    if (digests.empty())
      return out;
    std::string name{each.command->name};
    for (const auto& digest : digests)
      if (!now.archives.contains({digest, name}))
        return make_error(ec::not_found,
                          "archive " + digest.substr(0, 64)
                              + " was active then, but is kept no more");
    out.insert(out.begin(), digests.begin(), digests.end());
    if (!now.archives.at({digests.front(), name}).is_delta)
      return out;
  }
  return out;
}

} // namespace acgs::rpc_gateway
