// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/told.hpp"

#include "runtime/store/log_view.hpp"
#include "runtime/wire/entry.hpp"

#include <algorithm>

namespace acgs::control {

namespace {

caf::error corrupt(std::uint64_t index, const caf::error& why) {
  return make_error(ec::store_corrupt,
                    "ledger/: entry " + std::to_string(index)
                        + " cannot be read: " + sentence_of(why));
}

} // namespace

result<store::told_history> hear_newest(store::environment& ledger,
                                        const std::string& origin) {
  auto log = store::log_view::open(ledger, origin);
  if (!log)
    return log.error();
  store::told_history out;
  caf::error wrong;
  const auto& archived = log->archived();
  out.hear_archived(archived.revision);
  auto size = log->head().size;
  auto first = std::max(size - std::min(size, told_entries_max), archived.size);
  auto failed = log->for_each_entry(
      first, told_entries_max, [&](std::uint64_t index, byte_view encoded) {
        auto entry = wire::entry::decode(encoded);
        auto bad = entry ? out.hear(**entry) : entry.error();
        if (bad)
          wrong = corrupt(index, bad);
        return !wrong;
      });
  if (failed)
    return failed;
  if (wrong)
    return wrong;
  return out;
}

} // namespace acgs::control
