// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/state.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace acgs::rpc_gateway {

namespace {

/// Of all places, this part at most may be strangers' for whom others made
/// room: else whoever connects again and again would shut out those who may
/// come back at any moment.
constexpr std::size_t strangers_share = 4;

} // namespace

std::optional<std::uint64_t> state::handshake_begins(const std::string& address,
                                                     steady_time now) {
  if (draining_ || handshakes_.size() >= within_.handshakes_max)
    return std::nullopt;
  auto found = handshakes_of_.find(address);
  if (found != handshakes_of_.end()
      && found->second >= within_.handshakes_of_address_max)
    return std::nullopt;
  ++handshakes_of_[address];
  auto id = next_++;
  handshakes_.emplace(id, handshake{address, now});
  return id;
}

void state::handshake_ends(std::uint64_t id) {
  auto found = handshakes_.find(id);
  if (found == handshakes_.end())
    return;
  auto of = handshakes_of_.find(found->second.address);
  if (--of->second == 0)
    handshakes_of_.erase(of);
  handshakes_.erase(found);
}

std::vector<std::uint64_t> state::handshakes_due(steady_time now) const {
  std::vector<std::uint64_t> out;
  for (auto& [id, each] : handshakes_)
    if (now - each.since >= within_.handshake_timeout)
      out.push_back(id);
  return out;
}

std::optional<std::uint64_t> state::dispensable(steady_time now) const {
  std::optional<std::uint64_t> out;
  if (draining_ || connections_.size() < within_.connections_max)
    return out;
  auto strangers =
      std::ranges::count(connections_, standing::stranger,
                         [](const auto& one) { return one.second.stands; });
  bool many = static_cast<std::size_t>(strangers) * strangers_share
              >= within_.connections_max;
  auto silent_since = now - within_.silent_at_least;
  std::pair least{many ? standing::stranger : standing::admin, silent_since};
  for (auto& [id, each] : connections_) {
    std::pair found{each.stands, each.since};
    if (each.calls > 0 || each.since > silent_since || found > least)
      continue;
    least = found;
    out = id;
  }
  return out;
}

std::optional<std::uint64_t> state::connected(steady_time now) {
  if (draining_ || connections_.size() >= within_.connections_max)
    return std::nullopt;
  auto id = next_++;
  connections_[id].since = now;
  return id;
}

void state::gone(std::uint64_t id) {
  auto found = connections_.find(id);
  if (found == connections_.end())
    return;
  calls_ -= found->second.calls;
  connections_.erase(found);
}

void state::authenticated(std::uint64_t id, domain::role as, steady_time now) {
  auto found = connections_.find(id);
  if (found == connections_.end())
    return;
  // The highest of those that it has shown.
  auto shown = as == domain::role::admin ? standing::admin : standing::known;
  found->second.stands = std::max(found->second.stands, shown);
  found->second.since = now;
}

void state::refused(std::uint64_t id) {
  auto found = connections_.find(id);
  if (found != connections_.end())
    ++found->second.refusals;
}

caf::error state::call_begins(std::uint64_t id, steady_time now) {
  if (draining_)
    return make_error(ec::unavailable, "the node is stopping");
  auto found = connections_.find(id);
  if (found == connections_.end() || found->second.stalled)
    return make_error(ec::unavailable, "the connection is being closed");
  if (found->second.calls >= within_.calls_max)
    return make_error(ec::overloaded,
                      std::to_string(found->second.calls)
                          + " calls of this connection wait already, as many "
                            "as may; nothing was done");
  ++found->second.calls;
  ++calls_;
  found->second.since = now;
  return {};
}

void state::call_ends(std::uint64_t id, steady_time now) {
  auto found = connections_.find(id);
  if (found == connections_.end() || found->second.calls == 0)
    return; // counted off when the connection went
  --found->second.calls;
  --calls_;
  found->second.since = now;
}

void state::stalled(std::uint64_t id) {
  auto found = connections_.find(id);
  if (found != connections_.end())
    found->second.stalled = true;
}

caf::error state::upload_begins() {
  if (uploads_ >= within_.uploads_max)
    return make_error(ec::overloaded, std::to_string(uploads_)
                                          + " uploads are under way already");
  ++uploads_;
  return {};
}

std::vector<std::uint64_t> state::due(steady_time now) const {
  std::vector<std::uint64_t> out;
  for (auto& [id, each] : connections_) {
    auto patience = each.stands == standing::stranger
                        ? within_.handshake_timeout
                        : within_.idle_timeout;
    auto silent = each.calls == 0 && now - each.since >= patience;
    if (silent || each.stalled || each.refusals >= within_.refusals_max)
      out.push_back(id);
  }
  return out;
}

} // namespace acgs::rpc_gateway
