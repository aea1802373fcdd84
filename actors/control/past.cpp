// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/past.hpp"

#include "actors/control/apply.hpp"
#include "runtime/store/tables.hpp"

#include <algorithm>

namespace acgs::control {

namespace {

/// Commands in one read transaction.
constexpr std::uint64_t read_step = 256;

caf::error about(std::uint64_t revision, ec code, const std::string& what) {
  return make_error(code, "the command of revision " + std::to_string(revision)
                              + ' ' + what);
}

} // namespace

past::past(std::shared_ptr<store::environment> in,
           std::shared_ptr<store::environment> ledger)
    : in_{std::move(in)}, archives_{in_, std::move(ledger)},
      reached_{initial_state()} {
  // Reads when asked.
}

result<std::vector<wire::command>> past::read(std::uint64_t first,
                                              std::uint64_t last) const {
  auto table = in_->find_table(store::state::commands_name);
  if (!table)
    return table.error();
  if (!*table)
    return about(first, ec::not_found, "is not there: there is no history");
  auto reading = in_->read();
  if (!reading)
    return reading.error();
  std::vector<wire::command> out;
  for (auto revision = first; revision <= last; ++revision) {
    auto stored = (*reading)->get(**table, store::to_key(revision));
    if (!stored)
      return stored.error();
    if (!*stored)
      return about(revision, ec::not_found, "is not in the history");
    auto command = wire::command::decode(**stored);
    if (!command)
      return about(revision, ec::store_corrupt,
                   "cannot be read: " + sentence_of(command.error()));
    out.push_back(std::move(*command));
  }
  return out;
}

result<bundle_ptr> past::open(std::string_view digest) {
  if (opened_ && digest == opened_digest_)
    return opened_;
  opened_ = nullptr; // before there is another
  auto found = archives_.open(digest);
  if (!found)
    return found;
  opened_ = *found;
  opened_digest_ = digest;
  return found;
}

caf::error past::advance(std::uint64_t to) {
  auto first = reached_->revision + 1;
  auto commands = read(first, std::min(to, first + read_step - 1));
  if (!commands)
    return commands.error();
  for (const auto& each : *commands) {
    auto next = apply(*reached_, *each,
                      [this](std::string_view digest) { return open(digest); });
    if (!next) {
      // What was applied once can be applied again, unless an archive is gone.
      auto gone = code_of(next.error()) == ec::not_found;
      return about(reached_->revision + 1,
                   gone ? ec::not_found : ec::store_corrupt,
                   "cannot be applied: " + sentence_of(next.error()));
    }
    reached_ = std::move(*next);
  }
  return {};
}

result<domain::control_state_ptr> past::at(std::uint64_t revision) {
  if (revision < reached_->revision)
    reached_ = initial_state();
  while (reached_->revision < revision)
    if (auto bad = advance(revision))
      return bad;
  return reached_;
}

} // namespace acgs::control
